internal import SimilarityKernels
internal import _CKernelSums

// When moments keep the digits.
//
// Let near ≤ abs(u) ≤ far over a node and a query, and τ be the node's half-width, all in one input (or
// combined, radially) and in bandwidths. s, t and 1 − s² have absolute errors of a few units of ε,
// whatever the weight, so a factor 1 − u² of at least w has a relative error of a few ε/w, m times that
// in the m-th power. Multiplied out, the terms of one factor have magnitudes that sum to
//
//   (1 − s²) + 2 abs(s) τ + τ² = 1 − (abs(s) − τ)² + 2τ² ≤ 1 − near² + 2τ²
//
// against a weight of at least 1 − far². The product P of those ratios magnifies the rounding of
// moments and of their sums. For 1 − abs(u) the same is true without the squares: 1 − near against 1 −
// far. With P and Σ m/w at most 128, and about 8 roundings in a row, the error is below 128·8·ε =
// 2.3e-13 relative to the node's own Σω α abs(c), hence to the whole sum's. Where it would be more, in
// a shell near the window's edge, the node is opened.

/// The windows of some queries, to be compared with the nodes of a tree.
///
/// One for each thread.
final class NodeWindows {
  /// Bits by query.
  typealias Reach = (touched: UInt64, inside: UInt64)

  private let description: UnsafeMutablePointer<nadaraya_windows>
  private let loops: nadaraya_node_loops
  private let queries: AlignedMemory
  private let inverseBandwidths: AlignedMemory
  private let isUnbounded: Bool
  private let dimension: Int

  /// The largest number of queries.
  static var capacity: Int { Int(NADARAYA_GROUP) }

  /// - Parameter weight: the polynomial whose moments are used; nil if none are.
  init(_ similarity: Similarity, _ weight: PolynomialWeight?, _ instructions: InstructionSet) {
    dimension = similarity.bandwidths.count
    inverseBandwidths = AlignedMemory(similarity.bandwidths.map { 1 / $0 })
    queries = AlignedMemory(count: dimension * Self.capacity)
    loops = instructions.loops.nodes
    isUnbounded = similarity.kernel.support == .infinity
    let margin = KeyTree.margin(dimension: dimension)
    description = .allocate(capacity: 1)
    description.initialize(
      to: nadaraya_windows(
        dimension: dimension, inverse_bandwidths: UnsafePointer(inverseBandwidths.base),
        is_product: similarity.isProduct ? 1 : 0,
        edge: similarity.kernel.support * (1 + margin), power: Int32(weight?.profile.power ?? 0),
        magnification: weight == nil ? 0 : 128, margin: margin))
  }

  deinit { description.deallocate() }

  /// Sets the query at `slot`.
  func set(_ slot: Int, to query: UnsafeBufferPointer<Double>) {
    for input in 0..<dimension { queries.base[input * Self.capacity + slot] = query[input] }
  }

  /// Which of the first `count` queries' windows touch or contain a node's box.
  func reach(_ box: UnsafePointer<Double>, count: Int) -> Reach {
    let all: UInt64 = (1 << UInt64(count)) - 1
    if isUnbounded { return (all, all) }
    let reach = loops.classify(description, box, count, queries.base)
    return (reach.touched & all, reach.inside & all)
  }
}

extension PolynomialWeight.Profile {
  /// m, or −1 for the triangle.
  fileprivate var power: Int {
    switch self {
    case .powerOfInside(let power): power
    case .triangle: -1
    }
  }
}
