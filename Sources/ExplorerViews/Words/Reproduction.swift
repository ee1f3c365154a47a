internal import Nadaraya
internal import Tables

/// How to reproduce a view without the explorer: with the tool, and with a program.
struct Reproduction {
  let resolved: Resolved

  /// Whether the picture has an interval.
  let hasInterval: Bool

  var view: View { resolved.view }

  init(_ resolved: Resolved, hasInterval: Bool) {
    self.resolved = resolved
    self.hasInterval = hasInterval
  }

  /// Whether all other inputs are held at their medians, as in the tool.
  private var isHeldAtMedians: Bool {
    view.inputs.indices.allSatisfy { input in
      input == view.overIndex || view.held[input] == resolved.sample.medians[input]
    }
  }

  /// The number of places of the curve.
  var placeCount: Int { resolved.places(resolved.placeCount).count }
}

extension Reproduction {
  /// One line for a shell.
  ///
  /// It draws the fit. If other inputs are not held at their medians, as they are in the tool's pictures,
  /// it writes the numbers instead.
  var command: String {
    if resolved.table.isDeck { return "nadaraya deck --output deck && \(tool)" }
    return tool
  }

  private var tool: String {
    guard !isHeldAtMedians else {
      return line(["plot", data] + options + grid + ["--output", "fit.svg"])
    }
    if case .standardInput = resolved.table.source { return line(["predict", data] + options) }
    return "\(queries) | \(line(["predict", data] + options + ["--at", "-"]))"
  }

  private func line(_ words: [String]) -> String {
    (["nadaraya"] + words.map(Shell.quoted)).joined(separator: " ")
  }

  /// The table as an argument that cannot look like an option.
  private var data: String {
    let name: String
    switch resolved.table.source {
    case .standardInput: return "-"
    case .file(let path): name = path
    case .bytes(_, let shown): name = shown
    }
    return name.hasPrefix("-") ? "./\(name)" : name
  }

  private var grid: [String] {
    guard placeCount > 1, view.inputs.count > 1 || placeCount != 400 else { return [] }
    return ["--grid", "\(placeCount)"]
  }

  private var options: [String] {
    var words = names("-x", view.inputs) + names("-y", [view.value])
    if let weights = view.weights { words += ["--weights=\(weights)"] }
    if view.missing == .drop { words += ["--missing", "drop"] }
    words += ["--kernel", view.kernelName]
    if view.degree > 0 { words += ["--degree", "\(view.degree)"] }
    words += ["--bandwidth", resolved.bandwidths.map(\.description).joined(separator: ",")]
    if hasInterval, let level = view.level { words += ["--level", "\(level)"] }
    return words
  }

  /// Column names as the tool splits them: at commas, unless the whole is a column's name.
  private func names(_ option: String, _ names: [String]) -> [String] {
    names.flatMap { name in
      // The value of an option must not look like an option.
      name.hasPrefix("-") ? ["\(option)=\(name)"] : [option, name]
    }
  }

  /// A table of the places, from a program available on every system.
  private var queries: String {
    let header = TableWriter.csv(view.inputs.map { ($0, .numbers([])) })
    let extent = resolved.extent
    let span = extent.upperBound - extent.lowerBound
    let columns = view.inputs.indices.map { input in
      input == view.overIndex ? "%.17g" : (view.held[input] ?? .nan).description
    }
    let text = header.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    let program =
      "BEGIN { printf \"%s\", \"\(text)\"; for (i = 0; i < \(placeCount); i++) "
      + "printf \"\(columns.joined(separator: ","))\\n\", \(extent.lowerBound) + i / "
      + "\(max(placeCount - 1, 1)) * \(span) }"
    return "LC_ALL=C awk \(Shell.quoted(program))"
  }
}

/// Words of a command line, as a shell reads them back.
private enum Shell {
  /// A word that needs no quotes, or one in single quotes, within which every character except the single
  /// quote stands for itself.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "_-+=./:,@%".utf8.contains(byte)
      }
    }
    guard !isPlain || word.isEmpty else { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
