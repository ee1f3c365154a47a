import DeckData
import Nadaraya
import Wording

/// Everything the deck tells, computed: the page, the figures and the files only show it.
struct DeckStory {
  let seed: Int
  let deck: Deck

  /// Four kernels of bandwidth 1.
  let byKernel: [DeckPanel]
  /// The Gaussian at four bandwidths.
  let byBandwidth: [DeckPanel]
  /// The σ of the Gaussian to which other kernels are matched.
  let reference: Reference
  /// Every kernel that has a canonical bandwidth, matched to the Gaussian of the reference.
  let matched: [DeckPanel]
  /// What the Gaussian's errors are over a range of bandwidths.
  let path: [PathPoint]
  let selected: BandwidthSelection
  /// What learning makes of it.
  let lesson: DeckLesson

  /// Root mean squared errors of the Gaussian at one bandwidth.
  struct PathPoint {
    let bandwidth: Double
    /// Each point predicted with itself among the keys.
    let withItself: Double
    /// Each point predicted from all others.
    let withoutItself: Double
    /// At the validation inputs.
    let toTruth: Double
  }

  /// The panels in the order of the files.
  var panels: [DeckPanel] { byKernel + byBandwidth }

  static let kernels: [Kernel] = [.gaussian, .boxcar, .constant, .triangular]
  static let bandwidths = [0.1, 0.2, 0.5, 1]

  /// - Parameter progress: called with the fraction that is done.
  init(seed: Int, count: Int, progress: ((Double) -> Void)?) throws {
    let deck = Deck(seed: seed, count: count)
    self.seed = seed
    self.deck = deck
    byKernel = try Self.kernels.map {
      try DeckPanel(name: $0.name, title: $0.nameInProse, kernel: $0, bandwidth: 1, deck: deck)
    }
    byBandwidth = try Self.bandwidths.map {
      try DeckPanel(
        name: "sigma_\(short($0))", title: "σ = \(short($0))", kernel: .gaussian, bandwidth: $0,
        deck: deck)
    }
    selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(deck.trainingInputs, deck.trainingValues))
    let reference = Reference(selected)
    self.reference = reference
    matched = try Kernel.all.compactMap { kernel in
      guard let bandwidth = kernel.bandwidth(matching: reference.width, of: .gaussian) else {
        return nil
      }
      return try DeckPanel(
        name: kernel.name, title: kernel.nameInProse, kernel: kernel, bandwidth: bandwidth,
        deck: deck)
    }
    var path: [PathPoint] = []
    let isInside = reference.isChosen
    let bandwidths = Bandwidths.path(
      from: 0.005, to: max(4, (isInside ? 1.5 : 1) * selected.bandwidths[0]), count: 81)
    for (index, bandwidth) in bandwidths.enumerated() {
      let estimator = try deck.estimator(bandwidth: bandwidth)
      path.append(
        PathPoint(
          bandwidth: bandwidth,
          withItself: rootMeanSquare(
            zip(try estimator.predict(deck.trainingInputs), deck.trainingValues).map { $0 - $1 }),
          withoutItself: try estimator.criteria().criteria(.leaveOneOut)[0].squareRoot(),
          toTruth: rootMeanSquare(
            zip(try estimator.predict(deck.validationInputs), deck.validationTruth)
              .map { $0 - $1 })))
      progress?(Double(index + 1) / Double(bandwidths.count))
    }
    self.path = path
    lesson = try DeckLesson(seed: seed, deck: deck, path: path)
  }

  /// The largest difference of a matched kernel's fit from the Gaussian's.
  func differenceFromGaussian(_ panel: DeckPanel) -> Double {
    let gaussian = matched.first { $0.name == Kernel.gaussian.name }?.estimates ?? []
    return zip(panel.estimates, gaussian).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
