internal import Nadaraya
internal import NadarayaFigures
internal import Tables
internal import Wording

extension View {
  /// The criteria that a view can have.
  static let criteria = BandwidthMethod.ofFixedBandwidths.filter(\.hasCriterion)

  /// The largest number of inputs of a view.
  static let mostInputs = 20

  /// A view from the parameters of a page's URL.
  ///
  /// | parameter | meaning | default |
  /// |:--|:--|:--|
  /// | `x` | input columns separated by commas; a comma or percent sign in a name is `%2C` or `%25`, or stands for itself in the name of a single column | the first column of numbers |
  /// | `y` | value column | the last column of numbers that is no input |
  /// | `weights` | column of observation weights | none |
  /// | `kernel` | a kernel's name | `gaussian` |
  /// | `degree` | 0 to 3 | 0 |
  /// | `criterion` | `loo`, `gcv`, `aicc` | `loo` |
  /// | `h` | a bandwidth for each input | the rule of thumb |
  /// | `over` | the input along the picture | the first input |
  /// | `at` | a value for each input, empty for its median; that of `over` has no part | medians |
  /// | `band` | `none`, or the level of the pointwise interval | `0.95` |
  /// | `missing` | `fail` or `drop` | `fail` |
  /// | `residuals`, `learned` | `1` to show them | 0 |
  /// | `query` | the picked query's value along `over` | none |
  /// | `theme` | `light` or `dark` | `light` |
  /// | `width` | of figures, 280 to 2000 pixels | 900 |
  ///
  /// A parameter without a value counts as missing.
  ///
  /// - Throws: ``ExplorationError`` for an unknown parameter or column, a number out of range, columns that
  ///   contradict each other, and a table with fewer than two numeric columns.
  /// - Complexity: O(number of columns) for each column that is named.
  package init(
    parameters: [(name: String, value: String)], of table: TableSummary
  ) throws(ExplorationError) {
    let given = try ParameterList(parameters)
    let roles = try ColumnRoles(given, of: table)
    inputs = roles.inputs
    value = roles.value
    weights = roles.weights
    kernelName = try given.word("kernel", of: Kernel.all.map(\.name), else: Kernel.gaussian.name)
    degree = try given.whole("degree", in: 0...3, else: 0)
    let method = try given.word("criterion", of: Self.criteria.map(\.rawValue), else: "loo")
    criterion = BandwidthMethod(named: method) ?? .leaveOneOut
    bandwidths = try Self.bandwidths(given, inputs: inputs.count)
    over = try roles.over(given)
    held = try Self.held(given, inputs: inputs.count)
    level = try Self.level(given)
    let policy = try given.word("missing", of: MissingPolicy.allCases.map(\.rawValue), else: "fail")
    missing = MissingPolicy(rawValue: policy) ?? .fail
    showsResiduals = try given.word("residuals", of: ["0", "1"], else: "0") == "1"
    showsLearned = try given.word("learned", of: ["0", "1"], else: "0") == "1"
    query = nil
    theme =
      try given.word("theme", of: ["light", "dark"], else: "light") == "dark" ? .dark : .light
    width = try given.whole("width", in: 280...2000, else: 900)
    held[overIndex] = nil
    if let text = given["query"] { query = try given.coordinate(text, of: "query") }
  }

  private static func bandwidths(
    _ given: ParameterList, inputs: Int
  ) throws(ExplorationError) -> [Double]? {
    guard let text = given["h"] else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == inputs else {
      throw ExplorationError(
        .badRequest,
        "the parameter h is \(quoted(text)), \(counted(parts.count, "bandwidth")) for "
          + counted(inputs, "input"), parameter: "h")
    }
    var bandwidths: [Double] = []
    for part in parts {
      let bandwidth = try given.number(part, of: "h")
      guard bandwidth.isNormal, bandwidth > 0 else {
        throw ExplorationError(
          .badRequest,
          "the parameter h holds \(part), which is "
            + (bandwidth > 0 ? "too small, below 2e-308" : "not a positive number"), parameter: "h")
      }
      bandwidths.append(bandwidth)
    }
    return bandwidths
  }

  private static func held(
    _ given: ParameterList, inputs: Int
  ) throws(ExplorationError) -> [Double?] {
    guard let text = given["at"] else { return [Double?](repeating: nil, count: inputs) }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == inputs else {
      throw ExplorationError(
        .badRequest,
        "the parameter at is \(quoted(text)), \(counted(parts.count, "value")) for "
          + counted(inputs, "input"), parameter: "at")
    }
    var held: [Double?] = []
    for part in parts {
      held.append(part.isEmpty ? nil : try given.coordinate(part, of: "at"))
    }
    return held
  }

  private static func level(_ given: ParameterList) throws(ExplorationError) -> Double? {
    let text = given["band"] ?? "0.95"
    guard text != "none" else { return nil }
    guard let level = try? given.number(text, of: "band"), level > 0, level < 1 else {
      throw ExplorationError(
        .badRequest,
        "the parameter band is \(quoted(text)), neither none nor a level between 0 and 1",
        parameter: "band")
    }
    return level
  }

  /// The parameters that give this view again, in the order of the documentation of
  /// ``init(parameters:of:)``, all written out except those that mean none.
  ///
  /// Numbers read back to the same bits. Bandwidths and held values that still follow from the rows are
  /// left out.
  package var parameters: [(name: String, value: String)] {
    var list = [(name: "x", value: NameList.text(inputs)), (name: "y", value: value)]
    if let weights { list.append(("weights", weights)) }
    list += [
      ("kernel", kernelName), ("degree", "\(degree)"), ("criterion", criterion.rawValue),
    ]
    if let bandwidths {
      list.append(("h", bandwidths.map(\.description).joined(separator: ",")))
    }
    list.append(("over", over))
    let others = inputs.indices.map { $0 == overIndex ? "" : held[$0].map(\.description) ?? "" }
    if others.contains(where: { !$0.isEmpty }) {
      list.append(("at", others.joined(separator: ",")))
    }
    list += [
      ("band", level.map(\.description) ?? "none"), ("missing", missing.rawValue),
      ("residuals", showsResiduals ? "1" : "0"), ("learned", showsLearned ? "1" : "0"),
    ]
    if let query { list.append(("query", query.description)) }
    list += [("theme", theme == .dark ? "dark" : "light"), ("width", "\(width)")]
    return list
  }
}
