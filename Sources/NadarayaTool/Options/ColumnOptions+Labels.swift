import Tables

extension ColumnOptions {
  /// The labels of a table, the ordered ones in the order that `--levels` asks for.
  func orderedLabels(of table: Table, factorCount: Int) throws(Failure) -> [LabelColumn] {
    let labels = try table.labels.ordered(by: levels, factorCount: factorCount)
    warnOfOrder(of: Array(labels.dropFirst(factorCount)))
    return labels
  }

  /// The order of words is a guess: tables often begin with the lowest, but need not.
  private func warnOfOrder(of labels: [LabelColumn]) {
    for label in labels where label.levels.count > 2 {
      guard !levels.contains(where: { $0.hasPrefix(label.name + "=") }),
        label.levels.contains(where: { Double($0) == nil })
      else { continue }
      let shown = label.levels.prefix(20).joined(separator: ",")
      StandardError.warn(
        "the levels of \"\(label.name)\" are taken in the order in which they first appear: "
          + shown + (label.levels.count > 20 ? ",…" : ""),
        hint: "--levels \(label.name)=… gives another order")
    }
  }
}

extension [LabelColumn] {
  /// The labels, the ordered ones in the order that `--levels` asks for.
  ///
  /// - Parameters:
  ///   - arguments: those of `--levels`, as in `grade=low,middle,high`.
  ///   - factorCount: how many of the labels, the first ones, have no order.
  func ordered(by arguments: [String], factorCount: Int) throws(Failure) -> [LabelColumn] {
    var labels = self
    for argument in arguments {
      guard let equals = argument.firstIndex(of: "=") else {
        throw .usage("--levels \"\(argument)\" has no =", hint: "as in grade=low,middle,high")
      }
      let name = argument[..<equals]
      let order = argument[argument.index(after: equals)...]
        .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard
        let place = labels.indices.dropFirst(factorCount).first(where: { labels[$0].name == name })
      else {
        throw .usage("--levels orders \"\(name)\", which --ordered does not name")
      }
      guard let ordered = labels[place].ordered(by: order) else {
        let missing = labels[place].levels.first { !order.contains($0) }
        throw .usage(
          missing.map { "--levels of \"\(name)\" lacks \"\($0)\", which occurs in the column" }
            ?? "--levels of \"\(name)\" names a level twice")
      }
      labels[place] = ordered
    }
    return labels
  }
}
