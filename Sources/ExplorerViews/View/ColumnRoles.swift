internal import Tables
internal import Wording

/// The columns of a view in their roles.
struct ColumnRoles {
  let inputs: [String]
  let value: String
  let weights: String?

  init(_ given: ParameterList, of table: TableSummary) throws(ExplorationError) {
    let usable = table.usableNames
    func check(_ name: String, _ parameter: String) throws(ExplorationError) {
      try Self.check(name, parameter, table)
    }
    if let text = given["x"] {
      inputs = NameList.names(text, among: table.columns.map(\.name))
      guard inputs.count <= View.mostInputs else {
        throw ExplorationError(
          .badRequest,
          "the parameter x names \(inputs.count) inputs, more than \(View.mostInputs)",
          parameter: "x")
      }
      for (index, name) in inputs.enumerated() {
        try check(name, "x")
        guard !inputs[..<index].contains(name) else {
          throw ExplorationError(
            .badRequest, "the parameter x names the column \(quoted(name)) twice", parameter: "x")
        }
      }
    } else {
      let value = given["y"]
      guard let first = usable.first(where: { $0 != value }) else {
        throw Self.tooFew(usable, table)
      }
      inputs = [first]
    }
    if let name = given["y"] {
      try check(name, "y")
      guard !inputs.contains(name) else {
        throw ExplorationError(
          .badRequest, "the parameter y is the column \(quoted(name)), which is an input already",
          parameter: "y")
      }
      value = name
    } else {
      guard let last = usable.last(where: { [inputs] in !inputs.contains($0) }) else {
        throw Self.tooFew(usable, table)
      }
      value = last
    }
    weights = given["weights"]
    if let weights { try check(weights, "weights") }
  }

  /// The input along the picture.
  func over(_ given: ParameterList) throws(ExplorationError) -> String {
    guard let name = given["over"] else { return inputs[0] }
    guard inputs.contains(name) else {
      throw ExplorationError(
        .badRequest, "the parameter over is \(quoted(name)), which is not an input",
        hint: nearestName(to: name, among: inputs).map { "did you mean \($0)?" }
          ?? "the inputs are \(inputs.joined(separator: ", "))", parameter: "over")
    }
    return name
  }

  private static func check(
    _ name: String, _ parameter: String, _ table: TableSummary
  ) throws(ExplorationError) {
    let found = table.columns.filter { $0.name == name }
    guard let column = found.first else {
      throw ExplorationError(
        .badRequest,
        "the parameter \(parameter) names the column \(quoted(name)), which does not exist",
        hint: nearestName(to: name, among: table.usableNames).map { "did you mean \($0)?" },
        parameter: parameter)
    }
    guard found.count == 1 else {
      throw ExplorationError(
        .badRequest,
        "the parameter \(parameter) names the column \(quoted(name)), which occurs \(found.count) times",
        parameter: parameter)
    }
    guard column.kind == .number else {
      throw ExplorationError(
        .badRequest,
        "the parameter \(parameter) names the column \(quoted(name)), which holds words",
        parameter: parameter)
    }
  }

  private static func tooFew(_ usable: [String], _ table: TableSummary) -> ExplorationError {
    ExplorationError(
      .unprocessable,
      "\(table.name) has \(usable.isEmpty ? "no column" : "only \(counted(usable.count, "column"))") "
        + "of numbers, but a fit needs an input and a value")
  }
}
