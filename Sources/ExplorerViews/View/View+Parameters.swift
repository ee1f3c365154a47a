internal import Nadaraya
internal import NadarayaFigures
internal import Tables

extension View {
  /// The parameters that give this view again, in the order of the documentation of
  /// ``init(parameters:of:)``, all written out but for those that stand for none.
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
