internal import Dispatch

/// Makes two things at once, each on a thread of its own.
func both<First: Sendable, Second: Sendable>(
  _ first: @Sendable () -> First, and second: @Sendable () -> Second
) -> (First, Second) {
  var made: (first: First?, second: Second?)
  withUnsafeMutablePointer(to: &made) { made in
    // Each iteration writes to a place of its own, and this call outlives both.
    nonisolated(unsafe) let made = made
    DispatchQueue.concurrentPerform(iterations: 2) { iteration in
      if iteration == 0 {
        withUnsafeMutablePointer(to: &made.pointee.first) { $0.pointee = first() }
      } else {
        withUnsafeMutablePointer(to: &made.pointee.second) { $0.pointee = second() }
      }
    }
  }
  return (made.first!, made.second!)
}
