import Nadaraya
import Tables
import Wording

/// Sums of parts, whatever was asked: estimates at queries, or leave-one-out errors along a path.
struct SumCollection {
  private(set) var usedRows = 0
  private(set) var skippedRows = 0
  /// Whether a line about a part itself has been added.
  private(set) var hasSummary = false

  // One of the two; in an enum each line would copy all sums.
  private var estimates: PartialSums?
  private var errors: PartialLeaveOneOut?
  private let valueCount: Int
  /// The moments of each query, from a database, for degree 1.
  private var moments: [Int: QueryMoments] = [:]

  init(_ sums: PartialSums) {
    estimates = sums
    valueCount = sums.valueCount
  }

  init(_ sums: PartialLeaveOneOut) {
    errors = sums
    valueCount = sums.values.count
  }
}

extension SumCollection {
  /// The accuracy required of approximate engines, so that parts give the result of the whole.
  private static var accuracy: Double { 1e-12 }

  /// Adds rows of a part.
  mutating func add(_ rows: PartRows, _ compute: ComputeOptions) throws {
    let execution = try compute.execution()
    usedRows += rows.keys.count
    var computation = compute.computation(execution, queryCount: estimates?.queries.count)
    computation.accuracy = compute.accuracy ?? Self.accuracy
    let sample = try rows.sample
    try estimates?.add(sample, computation: computation)
    try errors?.add(sample, computation: computation)
  }

  /// The queries of estimates.
  var queries: Points { estimates?.queries ?? Points([]) }

  /// Counts rows that are left out.
  mutating func skip(_ count: Int) { skippedRows += count }

  /// Adds what a line says.
  mutating func add(_ line: SumLine) throws {
    if let fault = line.fault { throw Failure(.badData, fault) }
    guard let state = line.state else {
      throw Failure(.badData, "the line of query \(line.query) has no sums")
    }
    if line.query == SumLine.summary {
      hasSummary = true
      usedRows += line.used
      skippedRows += line.skipped
    }
    if state.hasPrefix(SumLine.plain) {
      return try addPlain(state.dropFirst(SumLine.plain.count), line)
    }
    switch line.query {
    case SumLine.summary:
      try estimates?.merge(
        summaryText: state, keyCount: line.used, skippedCount: line.skipped)
      try errors?.merge(summaryText: state, keyCount: line.used, skippedCount: line.skipped)
    case _ where state.hasPrefix("m "):
      try addMoments(state.dropFirst(2), line.query)
    default:
      try estimates?.merge(text: state, ofQuery: line.query)
      let count = errors?.keys.count ?? 1
      try errors?.merge(text: state, ofRow: line.query % count, similarity: line.query / count)
    }
  }

  /// Adds sums of a database, which makes no checks.
  private mutating func addPlain(_ text: Substring, _ line: SumLine) throws {
    guard estimates != nil else {
      throw Failure(.badData, "\"\(text.prefix(80))\" is not a list of leave-one-out errors")
    }
    if line.query == SumLine.summary {
      try estimates?.merge(plainSummaryText: text, keyCount: line.used)
    } else {
      try estimates?.merge(plainText: text, ofQuery: line.query)
    }
  }

  private mutating func addMoments(
    _ text: Substring, _ query: Int
  ) throws {
    let numbers = text.split(separator: " " as Character).map { Double($0) ?? .nan }
    guard let sums = estimates, sums.queries.indices.contains(query),
      let found = QueryMoments(
        [numbers.first ?? .nan] + numbers.dropFirst(2),
        inputs: sums.similarity.bandwidths.count, valueCount: valueCount)
    else { throw Failure(.badData, "\"\(text)\" does not hold the moments of query \(query)") }
    if moments[query]?.merge(found) == nil { moments[query] = found }
  }

  /// The lines that hold these sums.
  func lines() -> [SumLine] {
    var lines: [SumLine] = []
    func add(_ query: Int, _ state: String?) {
      guard let state else { return }
      let isSummary = query == SumLine.summary
      lines.append(
        SumLine(
          query: query, used: isSummary ? usedRows : 0, skipped: isSummary ? skippedRows : 0,
          state: state, fault: nil))
    }
    if let sums = estimates {
      add(SumLine.summary, sums.summaryText(skippedCount: skippedRows))
      for query in sums.queries.indices { add(query, sums.text(ofQuery: query)) }
    }
    if let sums = errors {
      add(SumLine.summary, sums.summaryText(skippedCount: skippedRows))
      for index in sums.similarities.indices {
        for row in sums.keys.indices {
          add(index * sums.keys.count + row, sums.text(ofRow: row, similarity: index))
        }
      }
    }
    return lines
  }

  /// The estimates, once all parts are in.
  func predictions(emptyWindow: EmptyWindowPolicy, gradients: Bool = false) throws -> Predictions {
    guard var sums = estimates else {
      preconditionFailure("leave-one-out errors are not estimates")
    }
    let unclear = moments.sorted { $0.key < $1.key }.filter {
      !sums.merge($0.value, ofQuery: $0.key)
    }
    if let first = unclear.first {
      let place = sums.queries[first.key].map { "\($0)" }.joined(separator: ", ")
      throw Failure(
        .badData,
        "plain moments do not determine a line to ten digits "
          + "at \(unclear.count) of \(counted(sums.queries.count, "query")), the first of them query \(first.key) at \(place)",
        hint: "use --engine native")
    }
    return try sums.predictions(emptyWindow: emptyWindow, gradients: gradients)
  }

  /// The leave-one-out error under each similarity, once all parts are in.
  func criteria() throws -> [Double] {
    guard let sums = errors else {
      preconditionFailure("estimates are not leave-one-out errors")
    }
    return try sums.criteria()
  }
}
