#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An array of floats in numpy's file format, of shape [n, d].
///
/// Only what the benchmarks write is read: format 1.0, little-endian floats in C order.
///
/// ## Source
/// numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct FloatArray {
  let elements: [Float]

  /// d.
  let width: Int

  /// What is wrong, in one sentence.
  struct Fault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  init(_ elements: [Float], width: Int) {
    self.elements = elements
    self.width = width
  }

  init(contentsOf path: String) throws(Fault) {
    guard let file = fopen(path, "rb") else { throw Fault("\(path) cannot be opened") }
    defer { fclose(file) }
    var start = [UInt8](repeating: 0, count: 10)
    guard fread(&start, 1, 10, file) == 10, Array(start.prefix(8)) == Self.magic else {
      throw Fault("\(path) is no array in numpy's format 1.0")
    }
    var bytes = [UInt8](repeating: 0, count: Int(start[8]) | Int(start[9]) << 8)
    let isWhole = fread(&bytes, 1, bytes.count, file) == bytes.count
    let header = String(decoding: bytes, as: UTF8.self)
    let shape = header.split(separator: "(").last?.split(separator: ")").first?
      .split { $0 == "," || $0 == " " }.compactMap { Int($0) }
    guard isWhole, header.contains("'<f4'"), header.contains("'fortran_order': False"),
      let shape, shape.count == 2
    else { throw Fault("\(path) holds no rows of floats in C order") }
    let count = shape[0] * shape[1]
    elements = [Float](unsafeUninitializedCapacity: count) { buffer, used in
      used = fread(buffer.baseAddress, MemoryLayout<Float>.stride, count, file)
    }
    width = shape[1]
    guard elements.count == count else { throw Fault("\(path) ends too early") }
  }

  func write(to path: String) throws(Fault) {
    let shape = "(\(elements.count / width), \(width))"
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
    // The data start at a multiple of 64 bytes.
    let padding = String(repeating: " ", count: 117 - header.utf8.count)
    let start = Self.magic + [118, 0] + Array((header + padding + "\n").utf8)
    guard let file = fopen(path, "wb") else { throw Fault("\(path) cannot be written") }
    let isWritten =
      fwrite(start, 1, start.count, file) == start.count
      && fwrite(elements, MemoryLayout<Float>.stride, elements.count, file) == elements.count
    guard fclose(file) == 0, isWritten else { throw Fault("\(path) cannot be written") }
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
}
