import Tables

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard input in blocks of whole lines, so that a stream of any length needs the memory of one block.
struct LineBlocks {
  /// Rows beyond this many bytes belong to the next block.
  private static let size = 1 << 26

  private var rest: [UInt8] = []
  private var isAtEnd = false

  /// The next block; nil at the end.
  mutating func next() throws -> [UInt8]? {
    var block = rest
    rest = []
    while !isAtEnd, block.count < Self.size {
      let start = block.count
      let room = 1 << 20
      var count = 0
      block.append(contentsOf: repeatElement(0, count: room))
      block.withUnsafeMutableBytes { bytes in
        repeat {
          count = read(STDIN_FILENO, bytes.baseAddress.map { $0 + start }, room)
        } while count < 0 && errno == EINTR
      }
      block.removeLast(room - max(count, 0))
      if count < 0 { throw Failure(.noInput, "<stdin>: \(String(cString: strerror(errno)))") }
      if count == 0 { isAtEnd = true }
    }
    if !isAtEnd, let end = block.lastIndex(of: UInt8(ascii: "\n")) {
      rest = Array(block[(end + 1)...])
      block.removeSubrange((end + 1)...)
    }
    return block.isEmpty ? nil : block
  }

  /// Reads the rest and discards it.
  mutating func drain() {
    while (try? next()) != nil {}
  }
}

extension LineBlocks {
  /// The lines of a block that do not begin with `\N`, the mark of a row left out, and how many do.
  static func withoutMarked(_ block: [UInt8]) -> (lines: [UInt8], marked: Int) {
    guard block.contains(UInt8(ascii: "\\")) else { return (block, 0) }
    var lines: [UInt8] = []
    lines.reserveCapacity(block.count)
    var marked = 0
    for line in block.split(separator: UInt8(ascii: "\n")) {
      if line.starts(with: "\\N".utf8) {
        marked += 1
      } else {
        lines += line
        lines.append(UInt8(ascii: "\n"))
      }
    }
    return (lines, marked)
  }
}
