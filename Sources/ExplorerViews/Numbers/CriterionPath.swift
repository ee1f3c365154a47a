internal import Nadaraya
internal import RealModule

/// What a path depends on.
struct PathKey: Hashable {
  let sample: ViewRows.Key
  let kernel: String
  let degree: Int
  let criterion: BandwidthMethod
  /// The bandwidths of the other inputs, with 0 in place of the bandwidth of the picture's input.
  let others: [Double]
  let points: Int

  init(_ view: View, points: Int) {
    sample = ViewRows.Key(view)
    kernel = view.kernelName
    degree = view.degree
    criterion = view.criterion
    var others = view.bandwidths ?? []
    if others.indices.contains(view.overIndex) { others[view.overIndex] = 0 }
    self.others = others
    self.points = points
  }
}

/// A criterion along the bandwidth of the picture's input, with its minima.
struct CriterionPath: Sendable {
  struct Minimum: Sendable {
    let bandwidth: Double
    let criterion: Double
    let stretch: ClosedRange<Double>?
  }

  let bandwidths: [Double]
  /// Infinite where the criterion does not exist.
  let values: [Double]
  /// Smallest bandwidth first; only the lowest minima if there are too many to show.
  let minima: [Minimum]
  let chosen: Minimum?
  /// The number of minima.
  let minimumCount: Int

  /// A picture cannot show more than this many apart.
  static let mostMinima = 60
}

extension CriterionPath {
  init(_ resolved: Resolved, points: Int) throws {
    let range = try resolved.sample.sliderRanges()[resolved.view.overIndex]
    bandwidths = Bandwidths.path(from: range.least, to: range.greatest, count: points)
    var minima: [Minimum]
    if resolved.view.inputs.count == 1 {
      let found = try Self.search(resolved)
      minima = found.minima
      chosen = minima.first { $0.bandwidth == found.chosen }
      minimumCount = found.count
      let criterion = try resolved.criterion()
      values = try Self.values(of: criterion, resolved, at: bandwidths, from: 0.75)
    } else {
      let criterion = try resolved.criterion()
      values = try Self.values(of: criterion, resolved, at: bandwidths, from: 0)
      minima = try Self.minima(of: criterion, resolved, between: bandwidths, values)
      minimumCount = minima.count
      chosen = minima.min { $0.criterion < $1.criterion }
    }
    if minima.count > Self.mostMinima {
      minima = minima.sorted { $0.criterion < $1.criterion }.prefix(Self.mostMinima)
        .sorted { $0.bandwidth < $1.bandwidth }
    }
    self.minima = minima
    resolved.execution.progress?(1)
  }

  /// The library's own search over the bandwidth of one input; no minima if no bandwidth is feasible.
  private static func search(
    _ resolved: Resolved
  ) throws -> (minima: [Minimum], count: Int, chosen: Double?) {
    var execution = resolved.execution
    if let progress = execution.progress { execution.progress = { progress(0.75 * $0) } }
    let (view, sample) = (resolved.view, resolved.sample)
    let selection: BandwidthSelection
    do throws(KernelRegressionError) {
      selection = try Bandwidths.select(
        view.criterion, for: sample.sample, similarity: Similarity(view.kernel),
        degree: view.degree, computation: Computation(execution))
    } catch {
      guard error.code == .noFeasibleBandwidth else { throw error }
      return ([], 0, nil)
    }
    let minima = selection.minima.map {
      Minimum(bandwidth: $0.bandwidths[0], criterion: $0.criterion, stretch: $0.stretch)
    }
    return (minima, selection.minimumCount, selection.bandwidths[0])
  }

  private static func values(
    of criterion: BandwidthCriterion, _ resolved: Resolved, at bandwidths: [Double],
    from start: Double
  ) throws -> [Double] {
    var values: [Double] = []
    for bandwidth in bandwidths {
      try resolved.execution.checkCancellation()
      values.append(try criterion(resolved.bandwidths(with: bandwidth)))
      resolved.execution.progress?(
        start + (1 - start) * Double(values.count) / Double(bandwidths.count))
    }
    return values
  }

  /// The minima along one of several bandwidths: the grid's minima, polished by Brent's method.
  private static func minima(
    of criterion: BandwidthCriterion, _ resolved: Resolved, between bandwidths: [Double],
    _ values: [Double]
  ) throws -> [Minimum] {
    var minima: [Minimum] = []
    for place in values.indices where values[place] < .infinity {
      let left = place > 0 ? values[place - 1] : .infinity
      let right = place + 1 < values.count ? values[place + 1] : .infinity
      guard left > values[place], right >= values[place] else { continue }
      try resolved.execution.checkCancellation()
      let polished = try brentMinimum(
        from: .log(bandwidths[max(place - 1, 0)]),
        to: .log(bandwidths[min(place + 1, values.count - 1)]),
        startingAt: (.log(bandwidths[place]), values[place]), tolerance: 1e-8
      ) { x throws(KernelRegressionError) in
        try criterion(resolved.bandwidths(with: Self.bandwidth(x)))
      }
      let rounded = try criterion.roundedMinimum(
        near: resolved.bandwidths(with: Self.bandwidth(polished.x)))
      minima.append(
        Minimum(
          bandwidth: rounded.bandwidths[0], criterion: rounded.criterion, stretch: nil))
    }
    return minima
  }

  /// exp x, limited to normal numbers.
  private static func bandwidth(_ x: Double) -> Double {
    min(max(.exp(x), .leastNormalMagnitude), .greatestFiniteMagnitude)
  }
}

extension Resolved {
  /// The view's criterion over all bandwidths, with the picture's input first.
  func criterion() throws(KernelRegressionError) -> BandwidthCriterion {
    try BandwidthCriterion(
      view.criterion, of: sample.sample, similarity: Similarity(view.kernel), degree: view.degree,
      computation: Computation(execution))
  }

  /// All bandwidths, with this one for the picture's input first.
  func bandwidths(with bandwidth: Double) -> [Double] {
    [bandwidth] + sample.pictureOrder(bandwidths).dropFirst()
  }
}
