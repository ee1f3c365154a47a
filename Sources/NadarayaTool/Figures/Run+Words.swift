import Nadaraya
import NadarayaFigures
import Wording

extension Run {
  /// Kernel, degree and bandwidths in words, or what a model has learned.
  var summary: String {
    let similarity =
      switch estimator {
      case .kernel(let estimator): words(of: estimator)
      case .attention(_, let words): words
      case .model(let model): model.words
      }
    return similarity
      + (data.observationWeights == nil ? "" : ", weighted")
      + (omitsOwnKey ? ", each row left out of its own fit" : "")
  }

  private func words(of estimator: LocalPolynomial) -> String {
    let kernel = estimator.similarity.kernel
    let widths = estimator.similarity.bandwidths + estimator.similarity.labels.map(\.bandwidth)
    let bandwidths = zip(data.inputNames, widths)
      .map { data.inputNames.count > 1 ? "\(typeset($1)) for \($0)" : typeset($1) }
    let width =
      estimator.neighbors.map {
        "\(counted($0.count, "neighbor")) of each \($0.center == .ofKeys ? "key" : "query")"
      } ?? "bandwidth\(bandwidths.count > 1 ? "s" : "") \(bandwidths.joined(separator: ", "))"
    let looksAtBandwidth = kernel.name != Kernel.constant.name || !data.labels.isEmpty
    // Where all inputs are labels no kernel of distances has a part.
    return (data.keyNames.isEmpty ? "labels alone" : "\(kernel.nameInProse) kernel")
      + (estimator.degree > 0 ? ", degree \(estimator.degree)" : "")
      + (looksAtBandwidth ? ", \(width)" : "")
      + (estimator.isCausal ? ", of keys that are not later" : "")
  }

  /// The summary as the first sentence of a caption.
  var firstSentence: String { summary.prefix(1).uppercased() + summary.dropFirst() + "." }

  /// What is estimated, for titles.
  var valueWords: String {
    data.valueNames.count > 2
      ? "\(data.valueNames.count) values" : data.valueNames.joined(separator: ", ")
  }

  /// What it is estimated by, for titles.
  var inputWords: String {
    data.inputNames.count > 4
      ? "\(data.inputNames.count) inputs" : data.inputNames.joined(separator: ", ")
  }

  /// The estimator, for those who cannot see a curve.
  var estimatorWords: String {
    switch estimator {
    case .kernel(let estimator) where estimator.degree > 0:
      "the estimate by local polynomials of degree \(estimator.degree)"
    case .kernel: "the Nadaraya–Watson estimate"
    case .attention: "the estimate by attention"
    case .model: "the estimate by learned attention"
    }
  }
}

extension Figure {
  /// The figure with what it leaves out told in its caption, for those who look at it.
  func tellingSimplifications() -> Figure {
    var figure = self
    figure.caption = ([caption] + simplifications.map(\.description)).joined(separator: " ")
    return figure
  }
}
