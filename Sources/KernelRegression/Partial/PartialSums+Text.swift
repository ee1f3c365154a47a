internal import SimilarityKernels

/// Sums as text: numbers separated by single blanks, which read back to the same bits, and a check.
///
/// ```
/// degree 0   high low factor  mean of each value
/// degree 1   the centre's inputs, then for each block  level least
///            and for each of its rows  high low factor  the entries after its own  mean of each value
/// ```
///
/// Each text ends with `#` and sixteen hexadecimal digits, a hash of the text and of its place: text that
/// was changed, or belongs to another query, is rejected.
extension PartialSums {
  /// The sums at a query; nil without support.
  package func text(ofQuery query: Int) -> String? {
    plainText(ofQuery: query).map { CheckedText.text($0, beside: [query]) }
  }

  /// The numbers alone.
  func plainText(ofQuery query: Int) -> String? {
    guard let fit = fits[query] else { return nil }
    guard degree > 0 else { return Self.text(fit.blocks[0].rows[0], column: 0) }
    let blocks = fit.blocks.map { block in
      "\(block.level) \(block.least) "
        + block.rows.enumerated().map { Self.text($1, column: $0) }.joined(separator: " ")
    }
    return (fit.centre.map { "\($0)" } + blocks).joined(separator: " ")
  }

  /// Adds the sums of other keys at a query.
  ///
  /// - Throws: ``KernelRegressionError`` if the text does not come from ``text(ofQuery:)`` for that
  ///   query, or comes from sums of another degree or another number of inputs or values.
  package mutating func merge(
    text: some StringProtocol, ofQuery query: Int
  ) throws(KernelRegressionError) {
    try merge(
      plainText: try CheckedText.content(text, beside: [query]), ofQuery: query)
  }

  /// Adds the sums of other keys at a query, from text without a check, as a database writes it.
  package mutating func merge(
    plainText text: some StringProtocol, ofQuery query: Int
  ) throws(KernelRegressionError) {
    guard queries.indices.contains(query) else {
      throw KernelRegressionError(
        .dimensionMismatch, "there is no query \(query) among \(queries.count)")
    }
    let numbers = String(text).split(separator: " " as Character).map { Double($0) ?? .nan }
    guard !numbers.isEmpty, numbers.allSatisfy(\.isFinite), let fit = fit(numbers) else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "\"\(text)\" does not hold sums with value count \(valueCount) and degree \(degree)")
    }
    merge(fit, atQuery: query)
  }

  /// The text of what belongs to the part as a whole: the question it answers, Σω and the means under ω.
  ///
  /// Only the process that made it knows a kernel made from a closure, so the text merges only with sums
  /// under a copy of that ``/SimilarityKernels/Kernel``.
  ///
  /// - Parameter skippedCount: how many rows the part left out; the check covers this and ``keyCount``,
  ///   which accompany the text.
  package func summaryText(skippedCount: Int = 0) -> String {
    CheckedText.text(
      "\(signature) \(Self.text(total, column: 0))", beside: [keyCount, skippedCount])
  }

  /// Adds what belongs to another part as a whole.
  ///
  /// - Parameters:
  ///   - summaryText: the text of the other part.
  ///   - keyCount: how many keys it has.
  ///   - skippedCount: how many rows it left out, as given to ``summaryText(skippedCount:)``.
  /// - Throws: ``KernelRegressionError`` if the part answers another question, or the text or a number was
  ///   changed.
  package mutating func merge(
    summaryText: some StringProtocol, keyCount: Int, skippedCount: Int = 0
  ) throws(KernelRegressionError) {
    try checkSignature(of: summaryText)
    try merge(
      plainSummaryText: try CheckedText.content(summaryText, beside: [keyCount, skippedCount]),
      keyCount: keyCount)
  }

  private func checkSignature(of text: some StringProtocol) throws(KernelRegressionError) {
    guard text.prefix(while: { $0 != " " }) == signature else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the sums were made with other queries or with another similarity, degree or number of values"
      )
    }
  }

  /// Adds what belongs to another part as a whole, from text without a check, as a database writes it.
  package mutating func merge(
    plainSummaryText summaryText: some StringProtocol, keyCount: Int
  ) throws(KernelRegressionError) {
    try checkSignature(of: summaryText)
    let fields = String(summaryText).split(separator: " " as Character)
    let numbers = fields.dropFirst().map { Double($0) ?? .nan }
    guard numbers.count == 3 + valueCount, numbers.allSatisfy(\.isFinite) else {
      throw KernelRegressionError(.dimensionMismatch, "\"\(summaryText)\" is not a summary of sums")
    }
    self.keyCount += keyCount
    var numberQueue = numbers[...]
    total = total.pooled(with: Self.row(&numberQueue, column: 0, of: 1, valueCount))
  }

  /// A hash of all that must agree for sums to merge.
  package var signature: String {
    var hash = Fingerprint()
    hash.add("nadaraya sums 2 \(degree) \(valueCount) \(similarity.kernel.signature)")
    hash.add(similarity.bandwidths.count > 1 ? similarity.combination.rawValue : "")
    for bandwidth in similarity.bandwidths { hash.add(bandwidth.bitPattern) }
    for label in similarity.labels {
      hash.add("\(label.kernel.rawValue) \(label.levelCount ?? 0)")
      hash.add(label.bandwidth.bitPattern)
    }
    for coordinate in queries.coordinates { hash.add(coordinate.bitPattern) }
    return hash.text
  }

  private static func text(_ row: GradedRow, column: Int) -> String {
    ([row.weight.high, row.weight.low, row.weight.factor] + row.entries[(column + 1)...] + row.means)
      .map { "\($0)" }.joined(separator: " ")
  }

  private func fit(_ numbers: [Double]) -> PartialFit? {
    let count = coefficientCount
    let inputs = count - 1
    let rowLengths = (0..<count).map { 3 + (count - 1 - $0) + valueCount }
    let blockLength = rowLengths.reduce(degree > 0 ? 2 : 0, +)
    let content = numbers.count - inputs
    guard content > 0, content.isMultiple(of: blockLength), degree > 0 || content == blockLength
    else { return nil }
    var rest = numbers[inputs...]
    var blocks: [GradedBlock] = []
    while !rest.isEmpty {
      let level = degree > 0 ? rest.removeFirst() : 0
      let least = degree > 0 ? rest.removeFirst() : 0
      let rows = (0..<count).map { Self.row(&rest, column: $0, of: count, valueCount) }
      guard rows[0].weight.factor > 0, level.magnitude <= 0x1p62 else { return nil }
      blocks.append(GradedBlock(level: Int(level), rows: rows, least: least))
    }
    return PartialFit(centre: Array(numbers[..<inputs]), blocks: blocks)
  }

  private static func row(
    _ numbers: inout ArraySlice<Double>, column: Int, of count: Int, _ valueCount: Int
  ) -> GradedRow {
    var row = GradedRow.none(column, of: count, valueCount: valueCount)
    row.weight = AnchoredWeight(
      high: numbers.removeFirst(), low: numbers.removeFirst(), factor: numbers.removeFirst())
    for later in column + 1..<max(count, column + 1) { row.entries[later] = numbers.removeFirst() }
    for value in 0..<valueCount { row.means[value] = numbers.removeFirst() }
    return row
  }
}

extension Kernel {
  /// A built-in kernel's name, or an identifier unique to a closure.
  fileprivate var signature: String {
    switch form {
    case .builtIn(let kernel): "\(kernel)"
    case .closure(let closure): "closure \(closure.identity)"
    }
  }
}
