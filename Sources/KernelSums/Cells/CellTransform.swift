internal import RealModule
public import SimilarityKernels

/// The engine that cuts one to three inputs into cells and carries sums from cell to cell by
/// polynomials: for the Gaussian, and as products also logistic and cauchy.
///
/// Goals, in order of priority:
/// 1. A bound on the error of every ratio of sums, checked at every query. Where it does not hold, in
///    gaps and far from the keys, the query goes to the direct engine over the keys that matter to it.
/// 2. Time in proportion to keys and queries, whatever the bandwidth.
/// 3. Little memory: in one input neither keys nor queries are copied or sorted.
///
/// Keys give moments to their cell (`CellTable+Moments`), a small matrix for each offset turns moments
/// of one cell into coefficients of another (`CellInterpolation`), a query evaluates a polynomial, and a
/// certificate for its cell says from which sums on the error is small enough
/// (`CellTable+Certificates`, where the bound is derived). Leave-one-out subtracts the own key's weight
/// and values from the sums before the certificate is looked at, so that what cancels is found out.
///
/// - Complexity: O((n + m)·pᵈ + c·p^(d+1)) time, with p powers kept and c cells; O(c·pᵈ) memory.
///
/// ## Accuracy
/// At every query a ratio of sums errs by at most ε, as asked for, times the largest of itself, the mean
/// of |c| under the weights (taken from cell to cell) and 10⁻⁹ of the largest |c|.
///
/// ## Source
/// L. Greengard and J. Strain, The fast Gauss transform, SIAM Journal on Scientific and Statistical
/// Computing 12 (1991), doi:10.1137/0912004, for cells and moments; interpolation in place of Hermite
/// expansions, the certificates and the recourse to direct sums are ours.
public struct CellTransform: KernelSumEngine {
  /// What options and reports call it.
  public static var name: String { "cells" }

  /// So many uncertain queries repay the making of narrow cells.
  private static var worthNarrowCells: Int { 256 }

  private let problem: KernelSumProblem
  private let plan: CellPlan
  private let table: CellTable
  private let weights: [Double]?
  private let logObservationScale: Double
  private let rest: Remainder

  /// More in several inputs, where queries of one cell share its coefficients.
  public var runLength: Int { table.dimension == 1 ? 1 << 16 : 1 << 19 }

  /// An engine for a problem; nil where cells cannot serve it at that accuracy in reasonable memory.
  ///
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - accuracy: ε.
  ///   - execution: how the plan is made.
  /// - Complexity: O(n·pᵈ + c·p^(d+1)).
  public init?(
    _ problem: KernelSumProblem, accuracy: Double, execution: Execution = Execution()
  ) {
    guard let plan = CellPlan(problem, accuracy: accuracy, execution: execution) else { return nil }
    self.init(problem, plan: plan, execution: execution)
  }

  init(_ problem: KernelSumProblem, plan: CellPlan, execution: Execution) {
    self.problem = problem
    self.plan = plan
    let largest = problem.observationWeights?.max() ?? 1
    let scale = largest > 0 ? largest.binade : 1
    logObservationScale = .log(scale)
    weights =
      scale == 1
      ? problem.observationWeights : problem.observationWeights?.map { $0 / scale }
    table = plan.table(
      of: CellKeys(points: problem.keys, weights: weights, columns: problem.columns),
      execution: execution)
    rest = Remainder()
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(m·pᵈ) on all threads, and a direct sum for each query that is not certain.
  public func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums {
    precondition(
      queries.dimension == problem.keys.dimension, "queries and keys differ in inputs")
    precondition(
      omission == .none || queries.count == problem.keys.count, "leave-one-out is asked at the keys"
    )
    return AnchoredSums(count: range.count, columnCount: problem.columns.count) { results in
      results.logAnchors.update(repeating: logObservationScale, count: range.count)
      if !squares { results.squaredWeights.update(repeating: .nan, count: range.count) }
      var uncertain = table.sums(
        at: queries, in: range,
        own: omission == .own ? OwnKeys(weights: weights, columns: problem.columns) : nil,
        weights: results.weights,
        columns: problem.columns.indices.map { results.column($0) }, execution: execution)
      if squares {
        let squared = rest.squares(of: problem, weights: weights, plan: plan, execution: execution)
        let more =
          squared?.table.sums(
            at: queries, in: range,
            own: omission == .own ? OwnKeys(weights: squared?.weights, columns: []) : nil,
            weights: results.squaredWeights, columns: [], execution: execution)
          ?? Array(0..<range.count)
        uncertain = Set(uncertain).union(more).sorted()
      }
      if uncertain.count >= Self.worthNarrowCells, problem.keys.count >= 1 << 14 {
        uncertain = narrowSums(
          ofSlots: uncertain, at: queries, in: range, omission: omission, squares: squares,
          execution: execution, into: results)
      }
      guard !uncertain.isEmpty else { return }
      NearbyDirect(problem).sums(
        ofQueries: uncertain.map { range.lowerBound + $0 }, at: queries, omission: omission,
        squares: squares, execution: execution, into: results, first: range.lowerBound)
    }
  }
}

extension CellTransform {
  /// Overwrites the sums of queries by those from narrow cells.
  ///
  /// - Returns: the queries that are still uncertain.
  private func narrowSums(
    ofSlots slots: [Int], at queries: Points, in range: Range<Int>, omission: Omission,
    squares: Bool, execution: Execution, into results: UnsafeSums
  ) -> [Int] {
    guard
      let narrow = rest.narrow(of: problem, weights: weights, plan: plan, execution: execution)
    else { return slots }
    let points = Points(slots.map { queries.coordinates[range.lowerBound + $0] })
    func own(_ weights: [Double]?, _ columns: [[Double]]) -> OwnKeys? {
      guard omission == .own else { return nil }
      func picked(_ column: [Double]) -> [Double] { slots.map { column[range.lowerBound + $0] } }
      return OwnKeys(weights: weights.map(picked), columns: columns.map(picked))
    }
    let columnCount = problem.columns.count
    let sums = AlignedMemory(count: slots.count * (columnCount + 2))
    func part(_ index: Int) -> UnsafeMutablePointer<Double> { sums.base + index * slots.count }
    narrow.table.prepare(for: points.coordinates, execution: execution)
    var uncertain = Set(
      narrow.table.sums(
        at: points, in: points.indices, own: own(narrow.weights, problem.columns), weights: part(0),
        columns: (0..<columnCount).map { part(2 + $0) }, execution: execution))
    if squares {
      guard
        let squared = rest.narrowSquares(
          of: problem, weights: weights, plan: plan, execution: execution)
      else { return slots }
      squared.table.prepare(for: points.coordinates, execution: execution)
      uncertain.formUnion(
        squared.table.sums(
          at: points, in: points.indices, own: own(squared.weights, []), weights: part(1),
          columns: [], execution: execution))
    }
    for (index, slot) in slots.enumerated() where !uncertain.contains(index) {
      results.weights[slot] = part(0)[index]
      if squares { results.squaredWeights[slot] = part(1)[index] }
      for column in 0..<columnCount { results.column(column)[slot] = part(2 + column)[index] }
    }
    return uncertain.sorted().map { slots[$0] }
  }
}
