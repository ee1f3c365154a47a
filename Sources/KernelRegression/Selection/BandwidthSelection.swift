public import KernelSums
public import SimilarityKernels

/// Bandwidths with how they were chosen.
public struct BandwidthSelection: Sendable {
  /// How they were chosen.
  public let method: BandwidthMethod

  /// One bandwidth for each input.
  public let bandwidths: [Double]

  /// The similarity with these bandwidths: kernel, labels and combination are those it was chosen for.
  public internal(set) var similarity = Similarity()

  /// The number of neighbours that bandwidths follow from; nil where they are fixed.
  ///
  /// The ``bandwidths`` are then the units of the inputs.
  public let neighbors: NeighborBandwidths?

  /// The criterion there, in the unit of the values; nil where the method has none.
  ///
  /// With several value columns it is the sum over them, each column in its own standard deviations.
  public let criterion: Double?

  /// The local minima that were found: in one input all of them, smallest bandwidth first; in several
  /// inputs those that the ``starts`` ended in, lowest first.
  public let minima: [Minimum]

  /// How many local minima were found; more than ``minima`` where a step function has thousands, of
  /// which the lowest are kept.
  package let minimumCount: Int

  /// How many bandwidths were tried.
  public let evaluations: Int

  /// The bandwidths of the grid at which the criterion does not exist.
  package let infeasible: [Infeasible]

  /// In several inputs, what each start came to, in their order.
  package let starts: [Start]

  /// Whether the criterion is a step function and only the steps that a grid meets were examined.
  package let isStepSample: Bool

  /// Under a causal estimator, the rows that no other precedes, which leave-one-out leaves out of its mean.
  package let rowsWithoutEarlierKeys: Int

  /// A local minimum of the criterion.
  public struct Minimum: Sendable {
    /// One bandwidth for each input.
    public let bandwidths: [Double]

    /// The criterion there.
    public let criterion: Double

    /// In one input, the bandwidths between which the criterion is this and does not change; nil
    /// where the minimum is a point.
    package let stretch: ClosedRange<Double>?

    /// For each input, the end of the search's range at which the criterion still falls; nil inside.
    ///
    /// At the upper end the fit no longer depends on the input: in one input it is the mean of all
    /// values, or their polynomial. At the lower end no smaller bandwidth is feasible or was tried.
    public let ends: [RangeEnd?]

    /// The criterion in the unit of the table, in which it is a double whatever the unit of the values.
    let scaled: Double
  }

  /// An end of the range in which bandwidths are sought.
  @nonexhaustive public enum RangeEnd: String, Sendable {
    /// The smallest bandwidth.
    case lower
    /// The greatest.
    case upper
  }

  /// Bandwidths at which the criterion does not exist.
  package struct Infeasible: Sendable {
    /// One bandwidth for each input.
    public let bandwidths: [Double]
    /// The rows that no other row supports.
    package let unsupportedRows: Int
  }

  /// One descent from given bandwidths.
  package struct Start: Sendable {
    /// Where it began.
    package let from: [Double]
    /// Where it ended.
    public let bandwidths: [Double]
    /// The criterion there, infinite where the start was not feasible.
    public let criterion: Double
  }
}

extension BandwidthSelection {
  /// The result of a formula.
  init(_ method: BandwidthMethod, bandwidths: [Double]) {
    self.init(
      method: method, bandwidths: bandwidths, neighbors: nil, criterion: nil, minima: [],
      minimumCount: 0,
      evaluations: 0, infeasible: [], starts: [], isStepSample: false, rowsWithoutEarlierKeys: 0)
  }

  /// A number of neighbours.
  init(
    _ method: BandwidthMethod, _ neighbors: NeighborBandwidths, scales: [Double],
    criterion: Double, evaluations: Int
  ) {
    self.init(
      method: method, bandwidths: scales, neighbors: neighbors, criterion: criterion, minima: [],
      minimumCount: 0, evaluations: evaluations, infeasible: [], starts: [], isStepSample: false,
      rowsWithoutEarlierKeys: 0)
  }

  /// The lowest of some minima; of those that only rounding tells apart the one of the widest window, which is
  /// the simplest curve.
  init?(
    _ criterion: CriterionSearch, minima: [Minimum], minimumCount: Int? = nil,
    infeasible: [Infeasible] = [], starts: [Start] = [], isStepSample: Bool = false
  ) {
    guard let least = minima.map(\.scaled).min(),
      let best = minima.filter({
        $0.scaled == least || $0.scaled - least <= criterion.noise(at: least)
      })
      .max(by: { $0.bandwidths.lexicographicallyPrecedes($1.bandwidths) })
    else { return nil }
    self.init(
      method: criterion.method, bandwidths: best.bandwidths, neighbors: nil,
      criterion: best.criterion,
      minima: minima, minimumCount: minimumCount ?? minima.count,
      evaluations: criterion.evaluations, infeasible: infeasible, starts: starts,
      isStepSample: isStepSample,
      rowsWithoutEarlierKeys: criterion.lastReport?.rowsWithoutEarlierKeys ?? 0)
  }
}
