internal import RealModule
package import SimilarityKernels

/// The engine that visits every pair of query and key.
///
/// It takes any kernel, including closures, and any number of inputs. It is the reference that all
/// other engines are tested against.
///
/// Goals, in order of priority:
/// 1. Full accuracy at every query. Weights keep their relative accuracy at the edge of a window
///    (see `_CKernelSums/loops/tiles.h`), sums are compensated from tile to tile, and a query whose
///    weights are all tiny is recomputed in extended precision, anchored at the largest log-weight.
/// 2. Never an n×m matrix: keys are processed in tiles that stay in the first-level cache.
/// 3. The processor's full width: a tile is one call into C.
///
/// - Complexity: O(n·m·(d + p)) time; O(n·(d + p)) memory.
///
/// ## Accuracy
/// Relative error of a ratio of sums at most (1 + d/10)·1e-13·κ, where κ = Σw|c|/|Σwc| is 1 for columns
/// of one sign: ln w is used down to −230, with an error of a few units in the last place for each of
/// the d inputs.
package struct DirectEngine: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "direct" }

  /// The largest number of queries processed in one pass over the keys.
  static var blockLength: Int { 32 }

  /// A query whose sum of weights is below this is recomputed with an anchor.
  ///
  /// A single weight of exp(−230) has a relative error near 2·230 units in the last place; smaller ones
  /// have more.
  static var anchoringThreshold: Double { 1e-100 }

  let similarity: Similarity
  let degree: Int
  /// Whether keys later than a query in the first input have no weight for it.
  let isCausal: Bool
  let inverseBandwidths: [Double]
  private let source: Source

  /// Where the keys are stored.
  private enum Source {
    /// In the given order; laid out on first use.
    case problem(KernelSumProblem)
    case columns(KeyColumns)
  }

  /// The number of keys in a tile; see ``tileLength(dimension:)``.
  let tileLength: Int

  /// An engine for a problem.
  ///
  /// - Complexity: O(d); the first query adds O(n·(d + p)), once for all problems made from each other.
  package init(_ problem: KernelSumProblem) {
    similarity = problem.similarity
    degree = problem.degree
    isCausal = problem.isCausal
    inverseBandwidths = similarity.bandwidths.map { 1 / $0 }
    tileLength = Self.tileLength(dimension: similarity.bandwidths.count)
    source = .problem(problem)
  }

  /// An engine for keys already laid out in some order.
  init(_ columns: KeyColumns, similarity: Similarity, degree: Int = 0, isCausal: Bool = false) {
    self.similarity = similarity
    self.degree = degree
    self.isCausal = isCausal
    inverseBandwidths = similarity.bandwidths.map { 1 / $0 }
    tileLength = Self.tileLength(dimension: similarity.bandwidths.count)
    source = .columns(columns)
  }

  /// The keys with their columns and weights.
  var stored: KeyColumns {
    switch source {
    case .problem(let problem): problem.orders.given(problem)
    case .columns(let columns): columns
    }
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(n·m·(d + p)) on all threads, for m computed queries.
  package func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    omission.check(
      queries, in: range, dimension: similarity.bandwidths.count, keyCount: stored.keyCount)
    let stored = stored
    let sumCount = KernelSumProblem.sumCount(
      stored.columns.columnCount, dimension: queries.dimension, degree: degree)
    return AnchoredSums(count: range.count, columnCount: sumCount, execution: execution) {
      results in
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(
          of: range.count, atMost: Self.blockLength,
          scratch: { TilePass(self, instructions: execution.instructions) }
        ) { block, pass in
          let block = block.map { slot in
            let query = range.lowerBound + slot
            return BlockQuery(
              coordinates: coordinates.row(query, queries.dimension),
              excluded: omission == .own ? query : nil, place: slot)
          }
          sums(
            of: block, over: pass.everyKey, squares: squares, pass: pass, into: results)
        }
      }
    }
  }

  /// A query in a block that is processed in one pass over the keys.
  struct BlockQuery {
    let coordinates: UnsafeBufferPointer<Double>
    /// The place of the left-out key among the stored keys.
    let excluded: Int?
    /// Where its sums go.
    let place: Int
  }

  /// The sums of a block of queries over the keys of some runs, anchored where they are tiny.
  ///
  /// - Parameter runs: start at multiples of the padding, in ascending order, and contain all keys that
  ///   can matter to any of the queries.
  func sums(
    of block: [BlockQuery], over runs: [Range<Int>], squares: Bool, pass: TilePass,
    into results: UnsafeSums
  ) {
    pass.start(queryCount: block.count)
    pass.forEachTile(in: runs) { tile, pass in
      for slot in block.indices {
        let query = block[slot]
        pass.weigh(query: query.coordinates, tile: tile, excluding: query.excluded)
        pass.accumulate(
          into: slot, query: query.coordinates, tile: tile, squares: squares)
      }
    }
    for slot in block.indices {
      finish(block[slot], slot, over: runs, squares: squares, pass: pass, into: results)
    }
  }

  /// Writes the sums of a query after its pass over the keys of some runs, anchored where they are
  /// tiny.
  func finish(
    _ query: BlockQuery, _ slot: Int, over runs: @autoclosure () -> [Range<Int>], squares: Bool,
    pass: TilePass, into results: UnsafeSums
  ) {
    pass.finish(slot, squares: squares, into: results, at: query.place)
    guard needsAnchor(results.weights[query.place]) else { return }
    let runs = runs()
    if isOneGaussian, degree == 0,
      sumsBesideNearest(of: query, slot, over: runs, squares: squares, pass: pass, into: results)
    {
      return
    }
    anchoredSums(of: query, over: runs, squares: squares, pass: pass, into: results)
  }

  /// Whether a plain sum of weights is too small to be trusted.
  func needsAnchor(_ sum: Double) -> Bool { !(sum >= Self.anchoringThreshold) }
}

extension DirectEngine {
  /// The number of keys whose inputs, weights and one column fit a first-level cache of 32 KiB; no
  /// more than 1,024, and no fewer than 256, below which a tile costs more than its keys.
  static func tileLength(dimension: Int) -> Int {
    let fitting = 4096 / (dimension + 2)
    return min(max(fitting / 64 * 64, 256), 1024)
  }

  /// Processes the queries of a range one by one, on all threads.
  func forEachQuery(
    of queries: Points, in range: Range<Int>, execution: Execution,
    body: (_ index: Int, _ query: UnsafeBufferPointer<Double>, _ pass: TilePass) -> Void
  ) {
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(
        of: range.count, atMost: Self.blockLength,
        scratch: { TilePass(self, instructions: execution.instructions) }
      ) { block, pass in
        for offset in block {
          let index = range.lowerBound + offset
          body(index, coordinates.row(index, queries.dimension), pass)
        }
      }
    }
  }
}

extension UnsafeBufferPointer<Double> {
  /// Row `index` of a row-major matrix.
  func row(_ index: Int, _ width: Int) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(rebasing: self[index * width..<(index + 1) * width])
  }
}
