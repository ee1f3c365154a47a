import Nadaraya
import Tables
import Wording

extension BandwidthSelection {
  /// One object: method, kernel, degree, the chosen bandwidth with its criterion, all local minima.
  func json(kernel: Kernel, degree: Int) -> String {
    "{\(Self.head(method, kernel, degree)),\(fields)}\n"
  }

  /// One object for several values: method, kernel, degree, and for each value its name, the chosen
  /// bandwidth with its criterion, all local minima.
  static func json(
    _ selections: [BandwidthSelection], of names: [String], kernel: Kernel, degree: Int
  ) -> String {
    let values = zip(names, selections).map { name, selection in
      "{\"value\":\(JSONText.quoted(name)),\(selection.fields)}"
    }
    return "{\(head(selections[0].method, kernel, degree)),"
      + "\"values\":[\(values.joined(separator: ","))]}\n"
  }

  private static func head(_ method: BandwidthMethod, _ kernel: Kernel, _ degree: Int) -> String {
    "\"method\":\"\(method.rawValue)\",\"kernel\":\"\(kernel.name)\",\"degree\":\(degree)"
  }

  /// The chosen bandwidth with its criterion, and all local minima.
  ///
  /// A minimum that is a stretch has its ends as well.
  private var fields: String {
    func number(_ value: Double?) -> String {
      value.map { $0.isFinite ? "\($0)" : "null" } ?? "null"
    }
    func list(_ values: [Double]) -> String {
      "[\(values.map { "\($0)" }.joined(separator: ","))]"
    }
    let minima = minima.map { minimum in
      let stretch = minimum.stretch.map {
        ",\"from\":\(number($0.lowerBound)),\"to\":\(number($0.upperBound))"
      }
      return "{\"bandwidth\":\(list(minimum.bandwidths)),"
        + "\"criterion\":\(number(minimum.criterion))\(stretch ?? "")}"
    }
    return "\"bandwidth\":\(list(bandwidths)),\"criterion\":\(number(criterion)),"
      + "\"minima\":[\(minima.joined(separator: ","))]"
  }

  /// One row for each local minimum; a single one for a formula.
  func columns(inputs: [String]) -> [(name: String, values: TableWriter.Values)] {
    let places = minima.isEmpty ? [bandwidths] : minima.map(\.bandwidths)
    var columns: [(name: String, values: TableWriter.Values)] = inputs.indices.map {
      input in
      let name = inputs.count == 1 ? "bandwidth" : "bandwidth_\(inputs[input])"
      return (name, .numbers(places.map { $0[input] }))
    }
    columns.append(
      ("criterion", .numbers(minima.isEmpty ? [.nan] : minima.map(\.criterion))))
    if inputs.count == 1 {
      let stretches = minima.map { $0.stretch ?? $0.bandwidths[0]...$0.bandwidths[0] }
      columns.append(
        ("from", .numbers(minima.isEmpty ? bandwidths : stretches.map(\.lowerBound))))
      columns.append(
        ("to", .numbers(minima.isEmpty ? bandwidths : stretches.map(\.upperBound))))
    }
    return columns
  }

  /// The rows of several values, each beginning with the value's name.
  static func columns(
    _ selections: [BandwidthSelection], of names: [String], inputs: [String]
  ) -> [(name: String, values: TableWriter.Values)] {
    let tables = selections.map { $0.columns(inputs: inputs) }
    let counts = selections.map { max($0.minima.count, 1) }
    let labels = zip(names, counts).flatMap { [String](repeating: $0, count: $1) }
    var columns: [(name: String, values: TableWriter.Values)] = [("value", .labels(labels))]
    for (place, column) in tables[0].enumerated() {
      let numbers = tables.flatMap { table -> [Double] in
        if case .numbers(let numbers) = table[place].values { numbers } else { [] }
      }
      columns.append((column.name, .numbers(numbers)))
    }
    return columns
  }

  /// How the bandwidths were chosen, to follow the numbers.
  var reason: String {
    guard let criterion else { return ", by \(method.rawValue)" }
    return ", least \(method.criterionName) found, \(short(criterion, digits: 10)), of "
      + "\(evaluations) tried"
      + (estimates > 0 ? ", after \(estimates) estimates from a sample of the rows" : "")
  }

  /// Reports on standard error what the search found.
  ///
  /// - Parameter name: the value, where there are several with bandwidths of their own.
  func describe(of name: String?) {
    func text(_ bandwidths: [Double]) -> String {
      bandwidths.map { short($0, digits: 8) }.joined(separator: ",")
    }
    let of = name.map { " of \($0)" } ?? ""
    StandardError.write("bandwidth\(of): \(text(bandwidths))\(reason)\n")
    if minimumCount > 0 {
      let kept = minimumCount > minima.count ? ", the \(minima.count) lowest listed" : ""
      StandardError.write("minima: \(minimumCount) found\(kept)\n")
    }
    if isStepSample {
      StandardError.write(
        "steps: the criterion changes with every pair of rows, and the search evaluated only the steps "
          + "on a grid\n")
    }
    if let worst = infeasible.map(\.unsupportedRows).max() {
      StandardError.write(
        "infeasible: \(counted(infeasible.count, "bandwidth")) of the grid, with up to "
          + "\(counted(worst, "row")) that no other supports\n")
    }
    if rowsWithoutEarlierKeys > 0 {
      StandardError.write(
        "first rows: \(counted(rowsWithoutEarlierKeys, "row")) that no other precedes, left out of "
          + "leave-one-out\n")
    }
    for start in starts {
      StandardError.write(
        "start: from \(text(start.from)) to \(text(start.bandwidths)), criterion "
          + "\(short(start.criterion, digits: 10))\n")
    }
  }

  /// Warns of a bandwidth at the end of the searched range.
  ///
  /// - Parameter name: the value, where there are several with bandwidths of their own.
  func warn(of name: String?, over inputs: [String]) {
    guard let chosen = minima.first(where: { $0.bandwidths == bandwidths }) else { return }
    let of = name.map { "for \"\($0)\" " } ?? ""
    if let flat = chosen.stretch, flat.upperBound > 10 * flat.lowerBound {
      StandardError.warn(
        "\(of)the criterion does not change between \(short(flat.lowerBound)) and "
          + "\(short(flat.upperBound)), so it prefers none of these bandwidths")
      return
    }
    for (input, end) in zip(inputs, chosen.ends) {
      switch end {
      case .upper:
        StandardError.warn(
          "\(of)the criterion falls up to the largest bandwidth tried, so \"\(input)\" has no visible effect on "
            + "the values")
      case .lower:
        StandardError.warn(
          "\(of)the narrowest bandwidth was chosen; smaller ones are not feasible or were not tried"
        )
      case nil: break
      }
    }
  }
}

extension BandwidthSelection {
  /// Warns that a choice from all rows uses later rows, under a causal estimator.
  ///
  /// - Parameter isOneInput: whether there is one input, where another method chooses as time goes on.
  func warnOfLaterRows(isOneInput: Bool) {
    StandardError.warn(
      "the bandwidth was chosen from all rows, including later ones, so past estimates may change "
        + "when rows are added",
      hint: isOneInput && method != .leaveOneOut
        ? "--bandwidth loo chooses anew as time goes on, --bandwidth H fixes one"
        : "--bandwidth H fixes one")
  }
}

extension SequentialBandwidths {
  /// What was chosen over time.
  var words: String {
    "chosen as time goes on, \(short(bandwidths[bandwidths.count - 1], digits: 7)) at the end after "
      + "\(counted(bandwidths.count - 1, "change")), by least squared error one step ahead, "
      + "\(short(criterion, digits: 10)) in the mean, of \(evaluations) tried"
  }
}

extension BandwidthMethod {
  /// All methods, for messages.
  static let names = ofFixedBandwidths.map(\.rawValue).joined(separator: ", ")
}
