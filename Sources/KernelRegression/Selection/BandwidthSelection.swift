public import KernelSums
public import SimilarityKernels

/// Bandwidths with how they were chosen.
public struct BandwidthSelection: Sendable {
  /// How they were chosen.
  public let method: BandwidthMethod

  /// One bandwidth for each input.
  public let bandwidths: [Double]

  /// The similarity with these bandwidths; kernel, labels and combination are as given.
  public internal(set) var similarity = Similarity()

  /// The number of neighbours that determines bandwidths; nil if they are fixed.
  ///
  /// The ``bandwidths`` are then the units of the inputs.
  public let neighbors: NeighborBandwidths?

  /// The criterion there, in the unit of the values; nil if the method has none.
  ///
  /// With several value columns it is the sum over them, each in units of its standard deviation.
  public let criterion: Double?

  /// The local minima found: in one input all of them (see ``Bandwidths``), smallest bandwidth first; in several inputs those
  /// where the descents ended, lowest first.
  public let minima: [Minimum]

  /// How many local minima were found; more than in ``minima`` if a step function has thousands, of which
  /// only the lowest are kept.
  package let minimumCount: Int

  /// How many bandwidths were tried.
  public let evaluations: Int

  /// How many bandwidths were estimated at a sample of the rows, some of them beside an evaluation.
  package private(set) var estimates = 0

  /// The bandwidths of the grid at which the criterion does not exist.
  package let infeasible: [Infeasible]

  /// In several inputs, the outcome of each start, in order.
  package let starts: [Start]

  /// Whether the criterion is a step function of which only the steps on a grid were examined.
  package let isStepSample: Bool

  /// Under a causal estimator, the rows that no other precedes, which the leave-one-out mean excludes.
  package let rowsWithoutEarlierKeys: Int

  /// A local minimum of the criterion.
  public struct Minimum: Sendable {
    /// One bandwidth for each input.
    public let bandwidths: [Double]

    /// The criterion there.
    public let criterion: Double

    /// In one input, the range of bandwidths over which the criterion keeps this value; nil if the
    /// minimum is a point.
    package let stretch: ClosedRange<Double>?

    /// For each input, the end of the search's range at which the criterion still falls; nil inside.
    ///
    /// At the upper end the fit no longer depends on the input: in one input it is the mean of all
    /// values, or their polynomial. At the lower end no smaller bandwidth is feasible or was tried.
    public let ends: [RangeEnd?]

    /// The criterion in the unit of the table, in which it never overflows.
    let scaled: Double
  }

  /// An end of the range of bandwidths searched.
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
    /// The criterion there; infinite if the start was infeasible.
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

  /// The lowest of some minima; among those that differ only by rounding, the one with the widest window,
  /// which gives the simplest curve.
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
    estimates = criterion.estimates
  }
}
