internal import SimilarityKernels
internal import Synchronization

/// What can be said of a problem's keys whatever the similarity, each made when it is first asked for.
final class KeyOrders: Sendable {
  private let extents = Mutex<[ClosedRange<Double>]?>(nil)

  /// The least and the greatest coordinate of each input.
  func extents(of keys: Points, execution: Execution) -> [ClosedRange<Double>] {
    extents.withLock { extents in
      if let extents { return extents }
      let made = keys.extents(execution: execution)
      extents = made
      return made
    }
  }
}

extension Points {
  /// The least and the greatest coordinate of each input; there is a point.
  fileprivate func extents(execution: Execution) -> [ClosedRange<Double>] {
    let found = Mutex(
      [(least: Double, greatest: Double)](repeating: (.infinity, -.infinity), count: dimension))
    coordinates.withUnsafeBufferPointer { coordinates in
      var silent = execution
      silent.progress = nil
      silent.forEachBlock(of: count, atMost: 1 << 16, scratch: { () }) { block, _ in
        for input in 0..<dimension {
          var least = Double.infinity
          var greatest = -Double.infinity
          for point in block {
            let x = coordinates[point * dimension + input]
            least = x < least ? x : least
            greatest = x > greatest ? x : greatest
          }
          found.withLock {
            $0[input] = (Swift.min(least, $0[input].least), Swift.max(greatest, $0[input].greatest))
          }
        }
      }
    }
    return found.withLock { $0.map { $0.least...$0.greatest } }
  }
}
