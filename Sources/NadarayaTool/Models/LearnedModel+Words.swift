import Nadaraya
import Wording

extension LearnedModel {
  /// What the model has learned, in words.
  var words: String {
    let widths =
      similarity.bandwidths.map { bandwidths in
        let named = zip(inputNames ?? [], bandwidths).map { "\(typeset($1)) for \($0)" }
        return ", bandwidth\(named.count > 1 ? "s" : "") \(named.joined(separator: ", "))"
      } ?? ""
    switch similarity.form {
    case .bandwidth: return "one learned width of the standardised inputs" + widths
    case .bandwidths: return "learned widths" + widths
    case .metric(let rank): return "learned metric of rank \(rank)"
    case .projections(let rank): return "learned dot products of \(counted(rank, "number"))"
    }
  }
}

extension LearnedModel {
  /// The inputs and how much each counts, in descending order; nil where there is only one.
  var relevanceWords: String? {
    guard let relevances = similarity.relevances, let names = inputNames, names.count > 1,
      similarity.form != .bandwidth
    else { return nil }
    let order = names.indices.sorted { (relevances[$0], $1) > (relevances[$1], $0) }
    return order.prefix(20).map { "\(names[$0]) \(short(relevances[$0], digits: 3))" }
      .joined(separator: ", ") + (order.count > 20 ? ", …" : "")
      + " (in bandwidths per standard deviation)"
  }
}
