#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Memory for doubles on a 64-byte boundary, so that a register of the widest instruction set never
/// crosses a cache line.
///
/// Threads that share it write to separate places, or only read.
final class AlignedMemory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>
  private let allocation: UnsafeMutableRawPointer

  /// Zeros, or uninitialised memory if `isZeroed` is false, for callers that write before they read.
  init(count: Int, isZeroed: Bool = true) {
    let byteCount = max(count, 1) * MemoryLayout<Double>.stride
    // calloc knows which pages the system has already zeroed.
    guard let memory = isZeroed ? calloc(byteCount + 64, 1) : malloc(byteCount + 64) else {
      preconditionFailure("there is not enough memory for \(byteCount) bytes")
    }
    let aligned = memory.alignedUp(toMultipleOf: 64)
    #if os(Linux)
    // Points are written to thousands of cells in turn, each on its own page. This is only advice: if
    // the system ignores it, nothing is lost.
    let page = 1 << 21
    let first = memory.alignedUp(toMultipleOf: page)
    let last = (memory + byteCount).alignedDown(toMultipleOf: page)
    if last > first { _ = madvise(first, last - first, Int32(MADV_HUGEPAGE)) }
    #endif
    allocation = memory
    base = aligned.bindMemory(to: Double.self, capacity: max(count, 1))
  }

  convenience init(_ numbers: [Double]) {
    self.init(count: numbers.count, isZeroed: false)
    base.update(from: numbers, count: numbers.count)
  }

  deinit { free(allocation) }
}
