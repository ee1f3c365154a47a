import Nadaraya
import Tables
import Wording

extension BandwidthSelection {
  /// One object: method, kernel, degree, the chosen bandwidth with its criterion, all local minima.
  ///
  /// A minimum that is a stretch has its ends as well.
  func json(kernel: Kernel, degree: Int) -> String {
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
    return "{\"method\":\"\(method.rawValue)\",\"kernel\":\"\(kernel.name)\",\"degree\":\(degree),"
      + "\"bandwidth\":\(list(bandwidths)),\"criterion\":\(number(criterion)),"
      + "\"minima\":[\(minima.joined(separator: ","))]}\n"
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

  /// How the bandwidths came about, after the numbers themselves.
  var reason: String {
    guard let criterion else { return ", by \(method.rawValue)" }
    return ", least \(method.criterionName) found, \(short(criterion, digits: 10)), of "
      + "\(evaluations) tried"
  }

  /// Tells on standard error what the search saw.
  func describe(_ data: DataTable) {
    func text(_ bandwidths: [Double]) -> String {
      bandwidths.map { short($0, digits: 8) }.joined(separator: ",")
    }
    StandardError.write("bandwidth: \(text(bandwidths))\(reason)\n")
    if minimumCount > 0 {
      let kept = minimumCount > minima.count ? ", the \(minima.count) lowest listed" : ""
      StandardError.write("minima: \(minimumCount) found\(kept)\n")
    }
    if isStepSample {
      StandardError.write(
        "steps: the criterion changes with every pair of rows, and only the steps that a grid meets "
          + "were looked at\n")
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

  /// A bandwidth at the end of what was searched is an answer of its own kind.
  func warnOfEnds(_ data: DataTable) {
    guard let chosen = minima.min(by: { $0.criterion < $1.criterion }) else { return }
    if let flat = chosen.stretch, flat.upperBound > 10 * flat.lowerBound {
      StandardError.warn(
        "the criterion does not change between \(short(flat.lowerBound)) and "
          + "\(short(flat.upperBound)): it has no reason to prefer a bandwidth")
      return
    }
    for (name, end) in zip(data.inputNames, chosen.ends) {
      switch end {
      case .upper:
        StandardError.warn(
          "the criterion falls as far as bandwidths were tried: \"\(name)\" has no bearing on the "
            + "values that it can see")
      case .lower:
        StandardError.warn(
          "the narrowest bandwidth wins; smaller ones are not feasible or were not tried")
      case nil: break
      }
    }
  }
}

extension BandwidthMethod {
  /// All methods, for messages.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
