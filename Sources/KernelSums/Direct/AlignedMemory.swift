/// Room for doubles on a 64-byte boundary, all 0 at first: a register of the widest instruction set
/// then never crosses a cache line.
///
/// Threads that share it write to places of their own, or only read.
final class AlignedMemory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>

  init(count: Int) {
    let capacity = max(count, 1)
    base = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Double>.stride, alignment: 64
    ).bindMemory(to: Double.self, capacity: capacity)
    base.initialize(repeating: 0, count: capacity)
  }

  convenience init(_ numbers: [Double]) {
    self.init(count: numbers.count)
    base.update(from: numbers, count: numbers.count)
  }

  deinit { base.deallocate() }
}
