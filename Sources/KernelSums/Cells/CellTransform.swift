package import SimilarityKernels

/// The engine that cuts one to three inputs into cells and carries sums between cells by polynomials:
/// for the Gaussian, and for products of logistic and cauchy kernels.
///
/// Goals, in order of priority:
/// 1. A bound on the error of every ratio of sums, checked at every query. Where it fails, in gaps and
///    far from the keys, the direct engine sums the keys that matter to the query.
/// 2. Time proportional to the number of keys and queries, whatever the bandwidth.
/// 3. Little memory: in one input neither keys nor queries are copied or sorted.
///
/// Keys give moments to their cell (`CellTable+Moments`), a small matrix for each offset turns moments
/// of one cell into coefficients of another (`CellInterpolation`), a query evaluates a polynomial, and
/// a certificate for its cell says how large a sum must be for its error to be small enough
/// (`CellTable+Certificates`, where the bound is derived). Leave-one-out subtracts the own key's weight
/// and values from the sums before the certificate is checked, so that cancellation is detected.
///
/// - Complexity: O((n + m)·pᵈ + c·p^(d+1)) time, with p powers kept and c cells; O(c·pᵈ) memory.
///
/// ## Accuracy
/// At every query a ratio of sums errs by at most the requested ε times the largest of itself, the mean
/// of |c| under the weights (taken from cell to cell) and 10⁻⁹ of the largest |c|. Moments about a
/// query, of a Gaussian in one input, err by at most ε times Σw|c| times the approximate size of uᵃ: 1,
/// 1, 1, 1.6, 3, 6.4, 15, 38, 105.
///
/// ## Source
/// L. Greengard and J. Strain, The fast Gauss transform, SIAM Journal on Scientific and Statistical
/// Computing 12 (1991), doi:10.1137/0912004, for cells and moments; interpolation in place of Hermite
/// expansions, the certificates and the fallback to direct sums are ours.
package struct CellTransform: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "cells" }

  /// With this many uncertain queries, narrow cells are worth making.
  static var worthNarrowCells: Int { 256 }

  let problem: KernelSumProblem
  let plan: CellPlan
  let wide: CellSums
  private let narrow = Once<NarrowSums>()

  /// Larger for several inputs, where queries in one cell share its coefficients.
  package var runLength: Int { problem.keys.dimension == 1 ? 1 << 16 : 1 << 19 }

  /// An engine for a problem; nil if cells cannot reach that accuracy in reasonable memory.
  ///
  /// - Parameters:
  ///   - problem: keys, columns and similarity.
  ///   - accuracy: ε.
  ///   - execution: how the plan is made.
  /// - Complexity: O(n·pᵈ + c·p^(d+1)).
  package init?(
    _ problem: KernelSumProblem, accuracy: Double, execution: Execution = Execution()
  ) {
    guard let plan = CellPlan(problem, accuracy: accuracy, execution: execution) else { return nil }
    self.init(problem, plan: plan, execution: execution)
  }

  init(_ problem: KernelSumProblem, plan: CellPlan, execution: Execution) {
    precondition(!problem.isCausal, CausalEngine.alone)
    self.problem = problem
    self.plan = plan
    wide = CellSums(problem, plan: plan, execution: execution)
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(m·pᵈ) on all threads, and a direct sum for each query that is not certain.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums {
    omission.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    return AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      results.logAnchors.update(
        repeating: problem.orders.weights(problem).logScale, count: range.count)
      if !squares { results.squaredWeights.update(repeating: .nan, count: range.count) }
      var uncertain = wide.sums(
        at: queries, in: range, own: omission == .own ? .same : .none, weights: results.weights,
        squaredWeights: squares ? results.squaredWeights : nil,
        columns: (0..<problem.sumCount).map { results.column($0) }, execution: execution)
      if isNarrowFaster(for: uncertain, at: queries, in: range) {
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

/// The sums over narrow cells, if there are any.
private final class NarrowSums: Sendable {
  let sums: CellSums?

  init(_ sums: CellSums?) { self.sums = sums }
}

extension CellTransform {
  /// Whether sums from narrow cells are likely to take less time than those over the keys in reach.
  ///
  /// A narrow cell that is needed takes about ten microseconds, a key in reach 0.3 nanoseconds.
  func isNarrowFaster(for slots: [Int], at queries: Points, in range: Range<Int>) -> Bool {
    let count = problem.keys.count
    guard slots.count >= Self.worthNarrowCells, count >= 1 << 14, problem.keys.dimension == 1 else {
      return false
    }
    let bandwidth = problem.similarity.bandwidths[0]
    let (queryStep, keyStep) = (max(1, slots.count / 32), max(1, count / 2_048))
    var (pairs, near) = (0, 0)
    var (least, greatest) = (Double.infinity, -Double.infinity)
    problem.keys.coordinates.withUnsafeBufferPointer { keys in
      for place in stride(from: queryStep / 2, to: slots.count, by: queryStep) {
        let query = queries.coordinates[range.lowerBound + slots[place]]
        least = min(least, query)
        greatest = max(greatest, query)
        for key in stride(from: keyStep / 2, to: count, by: keyStep) {
          pairs += 1
          if (keys[key] - query).magnitude < 12 * bandwidth { near += 1 }
        }
      }
    }
    let keysInReach = Double(count) * Double(near) / Double(pairs)
    let direct = Double(slots.count) * (150 + 0.3 * keysInReach)
    let cells = min(Double(slots.count), 8 * (greatest - least) / bandwidth + 1)
    return direct > 10_000 * cells + 30 * Double(slots.count) + 10 * Double(count)
  }

  /// Overwrites the sums of queries with those from narrow cells.
  ///
  /// - Returns: the queries that are still uncertain.
  func narrowSums(
    ofSlots slots: [Int], at queries: Points, in range: Range<Int>, omission: Omission,
    squares: Bool, execution: Execution, into results: UnsafeSums
  ) -> [Int] {
    let narrow = narrow.value {
      NarrowSums(
        plan.narrow(problem, execution: execution.silent).map {
          CellSums(problem, plan: $0, execution: execution.silent)
        })
    }
    guard let sums = narrow.sums else { return slots }
    let rows = slots.map { range.lowerBound + $0 }
    let points = Points(rows.map { queries.coordinates[$0] })
    let columns = 0..<problem.sumCount
    let room = AlignedMemory(count: slots.count * (columns.count + 2))
    func part(_ index: Int) -> UnsafeMutablePointer<Double> { room.base + index * slots.count }
    let uncertain = sums.sums(
      at: points, in: points.indices, own: omission == .own ? .listed(rows) : .none,
      weights: part(0), squaredWeights: squares ? part(1) : nil,
      columns: columns.map { part(2 + $0) }, execution: execution)
    let isUncertain = Set(uncertain)
    for (index, slot) in slots.enumerated() where !isUncertain.contains(index) {
      results.weights[slot] = part(0)[index]
      if squares { results.squaredWeights[slot] = part(1)[index] }
      for column in columns { results.column(column)[slot] = part(2 + column)[index] }
    }
    return uncertain.map { slots[$0] }
  }
}
