internal import SimilarityKernels
internal import _CKernelSums

/// The keys in spatial order: a binary tree in which every node is one run of keys with a box around
/// it.
///
/// Goals, in order of priority:
/// 1. It depends only on the keys: not on bandwidths, so it is made once for all of them, and not on
///    the number of threads.
/// 2. It terminates for any keys. A node is split at its median by rank: equal keys go to either side,
///    and the depth depends only on the number of keys.
/// 3. It is fast to build: rows move in place, the first levels on one thread and the rest on all.
///
/// A node is split along its widest input relative to the range of that input over all keys, so units
/// do not matter. Its left half ends at a multiple of the padding, so a register can be loaded where a
/// leaf starts.
///
/// Nodes are numbered as in a heap: 1 is the root, 2i and 2i + 1 are the halves of i. The leaves are
/// the nodes from `leafCount` on, so a node's run is found from its number alone.
///
/// - Complexity: O(n·d·log n) time on all threads, O(n·(d + p)) memory.
///
/// ## Source
/// J. H. Friedman, J. L. Bentley and R. A. Finkel, An algorithm for finding best matches in
/// logarithmic expected time, ACM Transactions on Mathematical Software 3 (1977),
/// doi:10.1145/355744.355745.
final class KeyTree: @unchecked Sendable {
  /// The approximate largest number of keys in a leaf.
  ///
  /// With half as many, queries weigh fewer keys, but the walk costs more than that saves, in two to
  /// five inputs.
  static var leafLength: Int { 128 }

  /// Keys, columns and weights in the tree's order.
  let columns: KeyColumns
  /// The key at each place.
  let order: [Int32]
  /// The place of each key.
  let places: [Int32]
  let dimension: Int
  let leafCount: Int
  let depth: Int

  /// The place at which each leaf starts, then the number of keys.
  let starts: UnsafePointer<Int>
  /// Node after node: the smallest coordinate in each input, then the largest.
  private let boxes: AlignedMemory
  /// Node after node: ln of the largest ω, then of the largest ω·abs(c) of each column.
  private let largest: AlignedMemory
  /// See ``firstKeys``.
  let firstKeyRoom = Once<KeyNumbers>()
  /// The input along which an inner node is split, and where its right half begins.
  private let splits: KeyTreeBuilder.Splits

  init(_ problem: KernelSumProblem, execution: Execution) {
    precondition(problem.keys.count <= Int32.max, "a tree holds fewer than 2³¹ keys")
    let builder = KeyTreeBuilder(problem.keys, execution: execution)
    dimension = problem.keys.dimension
    leafCount = builder.leafCount
    depth = builder.depth
    boxes = builder.boxes
    splits = builder.splits
    starts = UnsafePointer(builder.starts)
    order = builder.order()
    var places = [Int32](repeating: 0, count: order.count)
    for (place, key) in order.enumerated() { places[Int(key)] = Int32(place) }
    self.places = places
    columns = KeyColumns(
      problem, keys: builder.keys(), order: order, execution: execution)
    largest = Self.largest(columns, leafCount: leafCount, starts: starts)
  }

  deinit { starts.deallocate() }
}

extension KeyTree {
  /// The places of a node's keys.
  func run(of node: Int) -> Range<Int> {
    let levels = depth - (Int.bitWidth - 1 - node.leadingZeroBitCount)
    let first = (node << levels) - leafCount
    return starts[first]..<starts[first + 1 << levels]
  }

  func isLeaf(_ node: Int) -> Bool { node >= leafCount }

  /// The smallest coordinates of a node's keys, then the largest.
  func box(of node: Int) -> UnsafePointer<Double> {
    UnsafePointer(boxes.base + node * 2 * dimension)
  }

  /// ln of the largest ω among a node's keys, then of the largest ω·abs(c) of each column.
  func logLargest(of node: Int) -> UnsafePointer<Double> {
    UnsafePointer(largest.base + node * (columns.columns.columnCount + 1))
  }

  /// The leaf on the same side of all splits as a point.
  func leaf(of point: UnsafeBufferPointer<Double>) -> Int {
    var node = 1
    while !isLeaf(node) {
      let split = splits[node]
      node = 2 * node + (point[split.input] < split.value ? 0 : 1)
    }
    return node
  }
}
