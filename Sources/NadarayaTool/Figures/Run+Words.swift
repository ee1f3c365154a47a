import Nadaraya
import NadarayaFigures
import Wording

extension Run {
  /// Kernel, degree and bandwidths in words, or what a model has learned.
  var summary: String {
    let similarity =
      switch estimator {
      case .kernel(let estimator): words(of: estimator)
      case .sequential(let estimator): words(of: estimator.latest)
      case .attention: parts.map(attentionWords).joined(separator: "; ")
      case .model(let model): model.words
      }
    return similarity
      + (data.observationWeights == nil ? "" : ", weighted")
      + (omitsOwnKey ? ", each row left out of its own fit" : "")
  }

  private func words(of estimator: KernelSmoother) -> String {
    let kernel = estimator.similarity.kernel
    let widths = parts.enumerated().compactMap { place, part -> String? in
      if case .sequential(let estimator) = part.estimator {
        let last = estimator.bandwidths.bandwidths[estimator.bandwidths.bandwidths.count - 1]
        return "bandwidth chosen as time goes on, \(typeset(last)) at the end"
          + valueWords(of: part)
      }
      return part.estimator.polynomial.map {
        widthWords(of: $0, isFirst: place == 0) + valueWords(of: part)
      }
    }
    let looksAtBandwidth = kernel.name != Kernel.constant.name || !data.labels.isEmpty
    // Where all inputs are labels no kernel of distances has a part.
    return (data.keyNames.isEmpty ? "labels alone" : "\(kernel.nameInProse) kernel")
      + (estimator.degree > 0 ? ", degree \(estimator.degree)" : "")
      + (looksAtBandwidth
        ? ", \(widths.joined(separator: data.inputNames.count > 1 ? "; " : ", "))" : "")
      + (estimator.isCausal ? ", attending to no later keys" : "")
  }

  /// Bandwidths or neighbors; of several value columns the first says what the numbers are.
  private func widthWords(of estimator: KernelSmoother, isFirst: Bool) -> String {
    let widths = estimator.similarity.bandwidths + estimator.similarity.labels.map(\.bandwidth)
    let bandwidths = zip(data.inputNames, widths)
      .map { data.inputNames.count > 1 ? "\(typeset($1)) for \($0)" : typeset($1) }
    if let neighbors = estimator.neighbors {
      return "\(counted(neighbors.count, "neighbor")) of each "
        + (neighbors.center == .ofKeys ? "key" : "query")
    }
    let noun = bandwidths.count * parts.count > 1 ? "bandwidths " : "bandwidth "
    return (isFirst ? noun : "") + bandwidths.joined(separator: ", ")
  }

  private func attentionWords(_ part: EstimatorPart) -> String {
    guard case .attention(_, let words) = part.estimator else { return "" }
    return words + valueWords(of: part)
  }

  /// Which value a part is of, where there are several.
  private func valueWords(of part: EstimatorPart) -> String {
    parts.count > 1 ? " (\(data.valueNames[part.values.lowerBound]))" : ""
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
    case .sequential(let estimator) where estimator.latest.degree > 0:
      "the estimate by local polynomials of degree \(estimator.latest.degree)"
    case .kernel, .sequential: "the Nadaraya–Watson estimate"
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
