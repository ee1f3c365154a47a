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
