internal import RealModule
package import SimilarityKernels

// Shares of bins of keys in the attention of bins of queries, in one input.
//
// A cell is a bin of sorted keys and a bin of sorted queries:
//
//     sum(r, c) = Σ over k in r, q in c of ωₖ K((q − k)/h) b_q,     b_q = 1/S(q),
//
// and the largest of these terms. Goals, in order of priority:
//
// 1. A relative error of 1e-9 in each cell. Every term is positive, so an error that is small beside
//    the least K of a pair of stretches is small beside their sum.
// 2. O(n + m + R·C·P²) time, whatever the bandwidth, for R·C cells and P powers.
// 3. Memory for a thread's trees: O(m) numbers at most.
//
// Sums. Both bins are halved again and again (`BinTree`). Where two halves are so small beside their
// distance that K is smooth between them (`PairShape`), keys and queries are each moved to P Chebyshev
// places by Lagrange's polynomials, and P² pairs stand for all:
//
//     K((q − k)/h) ≈ Σᵢⱼ Lᵢ(q) K((qᵢ − kⱼ)/h) Lⱼ(k).
//
// Other halves are halved again, down to sixteen keys and queries, which meet in pairs. So do those that
// straddle the edge or the kink of a kernel, or under leave-one-out a row's own key: a stretch has few of
// them at each level. Polynomials are exact with P one more than their degree.
//
// Largest. K falls with distance, so K at the distance of two halves, times the largest ω and b, is a bound
// for all of their pairs. A pair of halves is opened only if that exceeds the largest found so far.
//
// Rejected: moments of a bin about its centre need factors exp(Dt) that vary with the other bin; one
// engine for each bin costs R·m.

/// Queries of one input whose total sums of weights are known, and keys, in bins of neighbours.
package struct BinnedShares: Sendable {
  let problem: KernelSumProblem
  let keys: SortedPoints
  let queries: SortedPoints
  let omission: Omission

  /// The queries at which all weights are too tiny for doubles, which have no share here.
  package let far: [Int]

  /// ln of the weight, relative to the observation weights, below which a query is far.
  private static var leastLogSum: Double { -230 }

  /// - Parameters:
  ///   - problem: keys of one input, without labels, under a built-in kernel.
  ///   - keyOrder: the keys in ascending order.
  ///   - queries: points of one input, finite; under ``Omission/own`` the keys.
  ///   - queryOrder: the queries in ascending order; under ``Omission/own`` that of the keys.
  ///   - logSums: ln Σw of each query; −∞ if no key supports it.
  /// - Complexity: O(n + m).
  package init(
    _ problem: KernelSumProblem, keyOrder: [Int], queries: Points, queryOrder: [Int],
    logSums: [Double], omission: Omission
  ) {
    precondition(
      problem.keys.dimension == 1 && problem.similarity.labels.isEmpty && !problem.isCausal,
      "bins of neighbours need one input without labels")
    self.problem = problem
    self.omission = omission
    let scaled = problem.orders.weights(problem)
    keys = SortedPoints(problem.keys.coordinates, order: keyOrder, weights: scaled.weights)
    var far: [Int] = []
    let weights = logSums.enumerated().map { query, logSum in
      guard logSum > -.infinity else { return 0.0 }
      guard logSum - scaled.logScale > Self.leastLogSum else {
        far.append(query)
        return 0
      }
      return .exp(scaled.logScale - logSum)
    }
    self.far = far
    self.queries = SortedPoints(queries.coordinates, order: queryOrder, weights: weights)
  }

  /// The sum and the largest of the shares in each cell, row by row; less than 10⁻¹⁶ may count as 0.
  ///
  /// - Parameters:
  ///   - rows: bins of places in the order of the keys.
  ///   - columns: bins of places in the order of the queries.
  /// - Returns: not to be used if `execution.isCancelled` has returned true.
  /// - Complexity: O(n + m + R·C·P²) where bins are narrow beside the bandwidth; the pairs of neighbours
  ///   at edges and kinks of the kernel besides.
  package func shares(
    rows: [Range<Int>], columns: [Range<Int>], execution: Execution
  ) -> (sums: [Double], largest: [Double]) {
    guard let shape = PairShape(problem.similarity.kernel) else {
      preconditionFailure("a closure has no loops")
    }
    var sums = [Double](repeating: 0, count: rows.count * columns.count)
    var largest = sums
    sums.withUnsafeMutableBufferPointer { sums in
      largest.withUnsafeMutableBufferPointer { largest in
        nonisolated(unsafe) let (sums, largest) = (sums, largest)
        execution.forEachBlock(
          of: rows.count, atMost: 1,
          scratch: { BinPass(self, shape, columns: columns, instructions: execution.instructions) }
        ) { block, pass in
          for row in block {
            pass.start(rows[row])
            for column in columns.indices where !execution.isStopped {
              let cell = row * columns.count + column
              (sums[cell], largest[cell]) = pass.shares(inColumn: column)
            }
          }
        }
      }
    }
    return (sums, largest)
  }
}

/// Numbers in ascending order with a weight each.
final class SortedPoints: Sendable {
  let count: Int
  /// True if all weights are 1.
  let isUnweighted: Bool
  private let places: AlignedMemory
  private let weightMemory: AlignedMemory?

  /// The numbers, with room for a tile that starts at any of them.
  var coordinates: UnsafePointer<Double> { UnsafePointer(places.base) }

  var weights: UnsafePointer<Double>? { weightMemory.map { UnsafePointer($0.base) } }

  init(_ numbers: [Double], order: [Int], weights: [Double]?) {
    count = order.count
    isUnweighted = weights == nil
    places = Self.gathered(numbers, order)
    weightMemory = weights.map { Self.gathered($0, order) }
  }

  private static func gathered(_ numbers: [Double], _ order: [Int]) -> AlignedMemory {
    let memory = AlignedMemory(count: PaddedColumns.padded(order.count) + BinTree.leafCount)
    numbers.withUnsafeBufferPointer { numbers in
      for (place, index) in order.enumerated() { memory.base[place] = numbers[index] }
    }
    return memory
  }
}
