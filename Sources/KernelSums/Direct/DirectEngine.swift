internal import RealModule
public import SimilarityKernels

/// The engine that visits every pair of query and key.
///
/// It takes any kernel, a closure too, and any number of inputs, and is the reference against which
/// all others are tested.
///
/// Goals, in order of priority:
/// 1. Full accuracy at every query. Weights keep their relative accuracy at the edge of a window
///    (see `_CKernelSums/body.h`), sums are compensated from tile to tile, and a query whose weights
///    are all tiny is summed anew in extended precision, anchored at the largest log-weight.
/// 2. Never an n×m matrix: keys pass through a tile that stays in the first-level cache.
/// 3. The processor's full width: a tile is one call into C.
///
/// - Complexity: O(n·m·(d + p)) time; O(n·(d + p)) memory.
///
/// ## Accuracy
/// Relative error of a ratio of sums at most (1 + d/10)·1e-13·κ, where κ = Σw|c|/|Σwc| is 1 for
/// columns of one sign: ln w is trusted down to −230, with an error of some units in the last place
/// for each of the d inputs.
public struct DirectEngine: KernelSumEngine {
  /// What options and reports call it.
  public static var name: String { "direct" }

  /// The largest number of queries that pass over the keys together.
  static var blockLength: Int { 32 }

  /// Below this sum of weights a query is summed anew, anchored.
  ///
  /// A single weight of exp(−230) has a relative error near 2·230 units in the last place; deeper
  /// ones have more.
  static var anchoringThreshold: Double { 1e-100 }

  let similarity: Similarity
  let keyCount: Int
  let keys: PaddedColumns
  let columns: PaddedColumns

  /// Observation weights over a power of two that brings the largest near 1; nil where all are 1.
  let observationWeights: PaddedColumns?
  let logObservationScale: Double
  let logObservationWeights: [Double]?

  /// How far below the largest log-weight a key still counts in an anchored sum.
  let depthForSums: Double
  let inverseBandwidths: [Double]

  /// The number of keys in a tile; see ``tileLength(dimension:)``.
  let tileLength: Int

  /// An engine for a problem.
  ///
  /// - Complexity: O(n·(d + p)).
  public init(_ problem: KernelSumProblem) {
    similarity = problem.similarity
    keyCount = problem.keys.count
    let dimension = problem.keys.dimension
    keys = problem.keys.coordinates.withUnsafeBufferPointer { coordinates in
      PaddedColumns(rowCount: problem.keys.count, columnCount: dimension) { key, input in
        coordinates[key * dimension + input]
      }
    }
    columns = PaddedColumns(rowCount: keyCount, columnCount: problem.columns.count) {
      problem.columns[$1][$0]
    }
    let largest = problem.observationWeights?.max() ?? 1
    let scale = largest > 0 ? largest.binade : 1
    logObservationScale = .log(scale)
    observationWeights = problem.observationWeights.map { weights in
      PaddedColumns(rowCount: weights.count, columnCount: 1) { key, _ in weights[key] / scale }
    }
    logObservationWeights = problem.observationWeights.map { weights in
      weights.map { .log($0) - .log(scale) }
    }
    depthForSums = Self.depth(of: problem.columns)
    inverseBandwidths = similarity.bandwidths.map { 1 / $0 }
    tileLength = Self.tileLength(dimension: dimension)
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  ///
  /// - Complexity: O(n·m·(d + p)) on all threads, for m queries asked about.
  public func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    precondition(queries.dimension == keys.columnCount, "queries and keys differ in inputs")
    precondition(
      range.lowerBound >= 0 && range.upperBound <= queries.count, "there are no queries \(range)")
    precondition(
      omission == .none || queries.count == keyCount, "leave-one-out is asked at the keys")
    return AnchoredSums(count: range.count, columnCount: columns.columnCount) { results in
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(
          of: range.count, atMost: Self.blockLength,
          scratch: { TilePass(self, instructions: execution.instructions) }
        ) { block, pass in
          pass.start(queryCount: block.count)
          pass.forEachTile { tile, pass in
            for slot in block {
              let query = range.lowerBound + slot
              pass.weigh(
                query: coordinates.row(query, keys.columnCount), tile: tile,
                excluding: omission == .own ? query : nil)
              pass.accumulate(into: slot - block.lowerBound, tile: tile, squares: squares)
            }
          }
          for slot in block {
            pass.finish(slot - block.lowerBound, squares: squares, into: results, at: slot)
            if needsAnchor(results.weights[slot]) {
              let query = range.lowerBound + slot
              anchoredSums(
                query: coordinates.row(query, keys.columnCount),
                excluding: omission == .own ? query : nil, squares: squares, pass: pass,
                into: results, at: slot)
            }
          }
        }
      }
    }
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

  /// Passes over the queries of a range, each by itself, on all threads.
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
          body(index, coordinates.row(index, keys.columnCount), pass)
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
