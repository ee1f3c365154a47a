internal import Nadaraya
internal import Tables

extension Reproduction {
  /// Up to this many rows are written out; more are read from a table.
  private static let writtenRows = 200

  /// A Swift program that prints places and estimates.
  var code: String {
    let rows = resolved.sample.count <= Self.writtenRows ? writtenRows : readRows
    let parts = [["import Nadaraya"], rows, estimator, queries, predictions]
    return parts.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var columnCount: Int { view.inputs.count + 1 + (view.weights == nil ? 0 : 1) }

  private var inputList: String {
    view.inputs.indices.map { "columns[\($0)]" }.joined(separator: ", ")
  }

  /// Text for a comment, on one line.
  private func comment(_ text: String) -> String {
    "// " + String(text.map { $0.isNewline ? " " : $0 })
  }

  private var columnNames: String {
    (view.inputs + [view.value] + [view.weights].compactMap(\.self)).joined(separator: ", ")
  }

  private var writtenRows: [String] {
    let sample = resolved.sample
    let columns = sample.columns + [sample.values] + [sample.weights].compactMap(\.self)
    return [
      comment("The columns \(columnNames) of \(resolved.table.input.name)."),
      "let columns: [[Double]] = [",
    ]
      + columns.flatMap { column in ["  ["] + Self.filled(column).map { "    \($0)" } + ["  ],"] }
      + ["]"]
  }

  /// Numbers wrapped to the width of a page.
  private static func filled(_ numbers: [Double]) -> [String] {
    var lines = [""]
    for number in numbers {
      let word = "\(number),"
      if lines[lines.count - 1].utf8.count + 1 + word.utf8.count > 96 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines
  }

  private var readRows: [String] {
    let header = resolved.table.input.header
    let names = view.inputs + [view.value] + [view.weights].compactMap(\.self)
    let places = names.map { "\(header.firstIndex(of: $0) ?? 0)" }.joined(separator: ", ")
    return [
      comment(
        "The columns \(columnNames) of \(resolved.table.input.name), read from standard input:"),
      "// text with a header, without separators inside quotes.",
      "let places = [\(places)]",
      "var columns = [[Double]](repeating: [], count: places.count)",
      "_ = readLine()",
      "while let line = readLine() {",
      "  let fields = line.split(omittingEmptySubsequences: false) { \",;\\t|\".contains($0) }",
      "  let row = places.compactMap { place in",
      "    fields.indices.contains(place)",
      "      ? Double(fields[place].filter { !\" \\\"\".contains($0) }) : nil",
      "  }",
      "  guard row.count == places.count, row.allSatisfy(\\.isFinite) else { continue }",
      "  for (column, number) in row.enumerated() { columns[column].append(number) }",
      "}",
    ]
  }

  private var estimator: [String] {
    var sample = [
      "keys: Points(columns: [\(inputList)])", "values: [columns[\(view.inputs.count)]]",
    ]
    if view.weights != nil { sample.append("weights: columns[\(columnCount - 1)]") }
    let bandwidths = resolved.bandwidths.map(\.description).joined(separator: ", ")
    let degree = view.degree > 0 ? ", degree: \(view.degree)" : ""
    return ["let sample = try Sample("] + Self.folded(sample) + [
      "let similarity = Similarity(.\(view.kernelName), bandwidths: [\(bandwidths)])",
      "let smoother = try KernelSmoother(sample, similarity\(degree))",
    ]
  }

  /// Arguments wrapped to the width of a page, with the closing parenthesis.
  private static func folded(_ arguments: [String]) -> [String] {
    var lines = ["  "]
    for (index, argument) in arguments.enumerated() {
      let word = argument + (index == arguments.count - 1 ? ")" : ",")
      let isFirst = lines[lines.count - 1] == "  "
      if !isFirst, lines[lines.count - 1].utf8.count + 1 + word.utf8.count > 100 {
        lines.append("  ")
      }
      lines[lines.count - 1] += (lines[lines.count - 1] == "  " ? "" : " ") + word
    }
    return lines
  }

  private var queries: [String] {
    let words = comment(
      "Even places along \(view.over)" + (view.inputs.count > 1 ? ", the other inputs held." : "."))
    let extent = resolved.extent
    let along =
      placeCount > 1
      ? "Points([\(extent.lowerBound), \(extent.upperBound)]).grid(\(placeCount)).coordinates"
      : "[\(extent.lowerBound)]"
    guard view.inputs.count > 1 else {
      return [words, "let along = \(along)", "let queries = Points(along)"]
    }
    let inputs = view.inputs.indices.map { input in
      input == view.overIndex ? "along" : "along.map { _ in \(view.held[input] ?? .nan) }"
    }
    return [words, "let along = \(along)", "let queries = Points(columns: ["]
      + inputs.map { "  \($0)," } + ["])"]
  }

  private var predictions: [String] {
    var lines = ["let estimates = try smoother.predict(at: .points(queries)).values"]
    guard hasInterval, let level = view.level else {
      return lines + ["for (place, estimate) in zip(along, estimates) { print(place, estimate) }"]
    }
    lines += [
      "let intervals = try smoother.confidenceIntervals(at: .points(queries), level: \(level))",
      "for place in along.indices {",
      "  print(along[place], estimates[place], intervals.lower[0][place], intervals.upper[0][place])",
      "}",
    ]
    return lines
  }
}
