#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Room for doubles on a 64-byte boundary: a register of the widest instruction set then never crosses
/// a cache line.
///
/// Threads that share it write to places of their own, or only read.
final class AlignedMemory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>
  private let allocation: UnsafeMutableRawPointer

  /// Zeros, or where `isZeroed` is false whatever was there, for those who write before they read.
  init(count: Int, isZeroed: Bool = true) {
    let byteCount = max(count, 1) * MemoryLayout<Double>.stride
    // calloc knows which pages come from the system as zeros.
    guard let memory = isZeroed ? calloc(byteCount + 64, 1) : malloc(byteCount + 64) else {
      preconditionFailure("there is not enough memory for \(byteCount) bytes")
    }
    let aligned = memory.alignedUp(toMultipleOf: 64)
    #if os(Linux)
    // Points are written to thousands of cells in turn, each on a page of its own. It is advice:
    // if the system does not take it, nothing is lost.
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
