/// The one handle through which readers see untrusted bytes.
///
/// Indexes are checked in debug builds, under the sanitizers and in the fuzzers. In release builds
/// they are not: each reader stays within `0..<count` by its own loop conditions.
///
/// The view does not own its memory; ``FileContents`` does, and lends it for the length of a call.
struct ByteView {
  private let base: UnsafePointer<UInt8>
  let count: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    // Of no bytes the address is never used.
    base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!
    count = bytes.count
  }

  @inline(__always)
  subscript(index: Int) -> UInt8 {
    assert(index >= 0 && index < count)
    return base[index]
  }

  /// The integer of eight bytes from `index` on, the first byte the lowest.
  @inline(__always)
  func word(at index: Int) -> UInt64 {
    UInt64(littleEndian: load(at: index, as: UInt64.self))
  }

  /// The bits of a value from `index` on, in the machine's own byte order.
  @inline(__always)
  func load<Value: BitwiseCopyable>(at index: Int, as type: Value.Type) -> Value {
    assert(index >= 0 && index <= count - MemoryLayout<Value>.size)
    return UnsafeRawPointer(base + index).loadUnaligned(as: type)
  }

  /// The bytes of a range, as a collection.
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// The bytes up to and with the last line end.
  var wholeLines: ByteView {
    let all = bytes(0..<count)
    let end = all.lastIndex { $0 == Ascii.newline || $0 == Ascii.carriageReturn }
    return ByteView(UnsafeBufferPointer(rebasing: all[..<(end.map { $0 + 1 } ?? 0)]))
  }

  /// Whether the bytes from `index` on begin with those given.
  func starts(with prefix: some Collection<UInt8>, at index: Int = 0) -> Bool {
    bytes(min(index, count)..<count).starts(with: prefix)
  }
}
