internal import RealModule
internal import SimilarityKernels

/// Keys in ascending order of time, cut into leaves, and blocks of 1, 2, 4, … leaves.
///
/// Keys of the same time share a leaf. The leaves before a given leaf are a union of blocks, one for
/// each 1 bit of its number: block j of 2ᵏ leaves holds leaves j·2ᵏ to (j + 1)·2ᵏ and, if j is even, is
/// used for the leaves of the next block. So half of the keys are in the blocks of each size.
///
/// This depends only on the keys, so problems with any bandwidth share it, including the blocks' own
/// orders.
final class CausalBlocks: Sendable {
  /// Leaves have at most this many keys, unless all keys of a leaf have the same time.
  ///
  /// On average half a leaf is summed key by key for each query, while another block costs another
  /// plan.
  static var leafLength: Int { 256 }

  /// The leaf of each key, and its place there.
  let places: [(leaf: Int32, place: Int32)]

  let leaves: [Block]

  /// The time of each leaf's first key.
  let firstTimes: [Double]

  /// For each k the blocks 0, 2, 4, … of 2ᵏ leaves that have a leaf after them.
  let levels: [[Block]]

  /// Some keys that are consecutive in time.
  struct Block: Sendable {
    /// The non-causal problem of these keys, in ascending order of time.
    let problem: KernelSumProblem
    /// The time of the last of them.
    let lastTime: Double
    /// Upper bounds on ln Σω, and on ln Σω·abs(c) for each column; −∞ if no key has weight.
    let logSums: [Double]
  }

  /// - Complexity: O(n·(d + p)·log n).
  init(_ problem: KernelSumProblem, execution: Execution) {
    let times = problem.keys.column(0)
    let order = Self.order(times, execution: execution)
    let starts = Self.starts(of: order.map { times[Int($0)] })
    let leafCount = starts.count - 1
    var places = [(leaf: Int32, place: Int32)](repeating: (0, 0), count: order.count)
    for leaf in 0..<leafCount {
      for place in starts[leaf]..<starts[leaf + 1] {
        places[Int(order[place])] = (Int32(leaf), Int32(place - starts[leaf]))
      }
    }
    self.places = places
    firstTimes = (0..<leafCount).map { times[Int(order[starts[$0]])] }
    func block(_ leaves: Range<Int>) -> Block {
      Block(problem, rows: order[starts[leaves.lowerBound]..<starts[leaves.upperBound]])
    }
    leaves = execution.map(leafCount) { block($0..<$0 + 1) }
    var levels: [[Block]] = []
    var length = 1
    while length < leafCount {
      let step = length
      levels.append(
        execution.map(((leafCount - 1) / step + 1) / 2) {
          block(2 * $0 * step..<(2 * $0 + 1) * step)
        })
      length *= 2
    }
    self.levels = levels
  }
}

extension CausalBlocks {
  /// The rows in ascending order of time.
  private static func order(_ times: [Double], execution: Execution) -> [UInt32] {
    let room = PatternRoom(capacity: times.count)
    times.withUnsafeBufferPointer { times in
      guard let base = times.baseAddress else { return }
      room.sort(base, count: times.count, execution: execution)
    }
    return times.indices.map { room.run.rows[$0] }
  }

  /// Where leaves begin among sorted times, and the number of times.
  private static func starts(of times: [Double]) -> [Int] {
    var starts = [0]
    var place = 0
    while place < times.count {
      let start = place
      // At least one time, then as many as fit.
      while place < times.count {
        let end = times[place...].firstIndex { $0 > times[place] } ?? times.count
        guard place == start || end - start <= leafLength else { break }
        place = end
      }
      starts.append(place)
    }
    return starts
  }
}

extension CausalBlocks.Block {
  fileprivate init(_ problem: KernelSumProblem, rows: ArraySlice<UInt32>) {
    let dimension = problem.keys.dimension
    let coordinates = problem.keys.coordinates
    var keys: [Double] = []
    keys.reserveCapacity(rows.count * dimension)
    for row in rows {
      for input in 0..<dimension { keys.append(coordinates[Int(row) * dimension + input]) }
    }
    let columns = problem.columns.map { column in rows.map { column[Int($0)] } }
    let weights = problem.observationWeights.map { weights in rows.map { weights[Int($0)] } }
    let count = Double.log(Double(rows.count))
    let columnSums = columns.map { column in
      count
        + .log(
          column.indices.reduce(0) { max($0, column[$1].magnitude * (weights?[$1] ?? 1)) })
    }
    logSums = [count + .log(weights?.max() ?? 1)] + columnSums
    lastTime = keys[keys.count - dimension]
    self.problem = KernelSumProblem(
      keys: Points(rowMajor: keys, dimension: dimension), columns: columns,
      observationWeights: weights, similarity: problem.similarity)
  }
}
