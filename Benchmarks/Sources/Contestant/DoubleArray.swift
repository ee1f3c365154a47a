import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An array of doubles in numpy's file format, of shape [n] or [n, d].
///
/// Only what the benchmarks write is read: format 1.0, little-endian doubles in C order.
///
/// ## Source
/// numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct DoubleArray {
  let elements: [Double]

  /// d, or 1 for the shape [n].
  let width: Int

  init(_ elements: [Double]) {
    self.elements = elements
    width = 1
  }

  var points: Points { Points(rowMajor: elements, dimension: width) }

  /// - Throws: ``ContestantError/Code/unreadable`` where the file is none of that kind.
  init(contentsOf path: String) throws(ContestantError) {
    guard let file = fopen(path, "rb") else { throw .unreadable(path, "cannot be opened") }
    defer { fclose(file) }
    var start = [UInt8](repeating: 0, count: 10)
    guard fread(&start, 1, 10, file) == 10, Array(start.prefix(8)) == Self.magic else {
      throw .unreadable(path, "is no array in numpy's format 1.0")
    }
    var bytes = [UInt8](repeating: 0, count: Int(start[8]) | Int(start[9]) << 8)
    let isWhole = fread(&bytes, 1, bytes.count, file) == bytes.count
    let header = String(decoding: bytes, as: UTF8.self)
    guard isWhole, header.contains("'<f8'"), header.contains("'fortran_order': False"),
      let shape = Self.shape(in: header)
    else {
      throw .unreadable(path, "holds no doubles in C order")
    }
    let count = shape.reduce(1, *)
    elements = [Double](unsafeUninitializedCapacity: count) { buffer, used in
      used = fread(buffer.baseAddress, MemoryLayout<Double>.stride, count, file)
    }
    width = shape.count == 2 ? shape[1] : 1
    guard elements.count == count else { throw .unreadable(path, "ends too early") }
  }

  /// Writes the elements as an array of shape [n].
  ///
  /// - Throws: ``ContestantError/Code/unwritable``.
  func write(to path: String) throws(ContestantError) {
    let shape = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(elements.count),), }"
    // The data start at a multiple of 64 bytes.
    let padding = String(repeating: " ", count: 117 - shape.utf8.count)
    let start = Self.magic + [118, 0] + Array((shape + padding + "\n").utf8)
    guard let file = fopen(path, "wb") else { throw .unwritable(path) }
    let isWritten =
      fwrite(start, 1, start.count, file) == start.count
      && fwrite(elements, MemoryLayout<Double>.stride, elements.count, file) == elements.count
    guard fclose(file) == 0, isWritten else { throw .unwritable(path) }
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]

  /// One or two numbers between the parentheses.
  private static func shape(in header: String) -> [Int]? {
    guard let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")") else {
      return nil
    }
    let numbers = header[open..<close].dropFirst().split { $0 == "," || $0 == " " }
      .compactMap { Int($0) }
    return (1...2).contains(numbers.count) ? numbers : nil
  }
}
