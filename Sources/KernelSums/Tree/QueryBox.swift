/// A box around queries that are processed together, and distances between it and the boxes of a tree.
///
/// Distances are in bandwidths and rounded: q − k is rounded once, its quotient by h twice, and every
/// comparison allows `KeyTree.margin` for that.
final class QueryBox {
  let dimension: Int
  private let memory: AlignedMemory
  private let inverseBandwidths: AlignedMemory

  init(inverseBandwidths: [Double]) {
    dimension = inverseBandwidths.count
    self.inverseBandwidths = AlignedMemory(inverseBandwidths)
    memory = AlignedMemory(count: 2 * dimension)
  }

  private var least: UnsafeMutablePointer<Double> { memory.base }
  private var greatest: UnsafeMutablePointer<Double> { memory.base + dimension }

  /// The first and the last time among the queries.
  var times: (first: Double, last: Double) { (least[0], greatest[0]) }

  /// Sets the box to a single query.
  func enclose(_ query: UnsafeBufferPointer<Double>) {
    for input in 0..<dimension {
      least[input] = query[input]
      greatest[input] = query[input]
    }
  }

  /// Widens the box to include a query.
  func extend(by query: UnsafeBufferPointer<Double>) {
    for input in 0..<dimension {
      least[input] = min(least[input], query[input])
      greatest[input] = max(greatest[input], query[input])
    }
  }

  /// The width of the box in one input, in bandwidths.
  func width(_ input: Int) -> Double {
    (greatest[input] - least[input]) * inverseBandwidths.base[input]
  }

  /// abs(u) of the nearest two points of this box and a node's in one input, times `scale`.
  @inline(__always)
  func nearest(_ box: UnsafePointer<Double>, _ input: Int, scale: Double = 1) -> Double {
    let below = box[input] - greatest[input]
    let above = least[input] - box[dimension + input]
    let distance = below > above ? below : above
    return distance > 0 ? distance * (inverseBandwidths.base[input] * scale) : 0
  }

  /// abs(u) of the farthest two points of this box and a node's in one input, times `scale`.
  @inline(__always)
  func farthest(_ box: UnsafePointer<Double>, _ input: Int, scale: Double = 1) -> Double {
    let up = box[dimension + input] - least[input]
    let down = greatest[input] - box[input]
    return (up > down ? up : down) * (inverseBandwidths.base[input] * scale)
  }
}
