import Foundation
import Testing

@testable import Tables

/// Inputs that never end, or whose parts are longer than any table's.
@Suite struct LimitTests {
  private func read(_ bytes: [UInt8], _ columns: String...) throws(TableError) -> Table {
    try TablesTests.read(bytes, columns)
  }

  @Test("A field of 16 MiB is read, a longer one is refused where it begins")
  func field() throws {
    let most = TableLimits.fieldBytes
    func table(_ length: Int, quoted: Bool) -> [UInt8] {
      let field = [UInt8](repeating: UInt8(ascii: "a"), count: length)
      return Array("x,s\n1,b\n2,".utf8) + (quoted ? [Ascii.quote] + field + [Ascii.quote] : field)
        + Array("\n3,c\n".utf8)
    }
    #expect(try read(table(most, quoted: false), "x").columns == [[1, 2, 3]])
    for quoted in [false, true] {
      let error = fault { () throws(TableError) in try read(table(most + 1, quoted: quoted), "x") }
      #expect(error?.code == .tooLong)
      #expect(
        error?.message
          == "cars.csv:3: column \"s\": the field that begins here is longer than 16 MiB")
    }
    // Digits without end are a field as well.
    let digits = Array("x\n".utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: most + 1)
    let long = fault { () throws(TableError) in try read(digits, "x") }
    #expect(long?.code == .tooLong)
  }

  @Test("A header of more than a million columns is refused")
  func columns() throws {
    let header = [UInt8](repeating: Ascii.comma, count: TableLimits.columns)
    let error = fault { () throws(TableError) in try TableInput(.bytes(header, name: "t")) }
    #expect(error?.message == "t:1: the header has more than 1048576 columns")
    let array = NPYFile(
      descr: "'|i1'", shape: "(1, 1048577)", data: [UInt8](repeating: 0, count: 1_048_577))
    let npy = fault { () throws(TableError) in try TableInput(.bytes(array.bytes, name: "m.npy")) }
    #expect(npy?.message == "m.npy: the array has more than 1048576 columns")
  }

  /// Lets a write to a pipe that nobody reads any more fail in this thread, whatever other tests do to the
  /// process's own handling of the signal.
  private func ignoreBrokenPipes() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// A pipe that another thread fills for as long as somebody reads.
  private func endless(
    _ start: String, _ rest: String, _ body: (TableSource) throws -> Void
  ) throws {
    try withFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let writer = Thread {
        ignoreBrokenPipes()
        let descriptor = open(path, O_WRONLY)
        var piece = Array((start.isEmpty ? rest : start).utf8)
        while piece.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) > 0 {
          piece = Array(String(repeating: rest, count: 10_000).utf8)
        }
        close(descriptor)
      }
      writer.start()
      try body(.file(path))
    }
  }

  @Test(
    "A stream that never ends is refused for what is wrong with its start",
    arguments: [
      ("", "y\n", "no column \"x\""), ("x,y\n", "1,b\n", ":2: column \"y\""),
      ("x,y\n1,2\n", "1,2,3\n", ":3: the row has 3 fields"),
      ("x,y\n1,2\n", "\0", ":3: there is a NUL byte"), ("", "\0", ":1: there is a NUL byte"),
      ("x,y\n", "3", "the field that begins here"),
    ])
  func streams(start: String, rest: String, words: String) throws {
    try endless(start, rest) { source in
      let error = fault { () throws(TableError) in
        try TableInput(source).table(TableRequest(numbers: ["x", "y"]))
      }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "none")")
    }
  }

  @Test("An array that goes on after its end, by a stream")
  func arrayStream() throws {
    try withFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      for isLong in [false, true] {
        let bytes = NumPyFile.rowMajor + (isLong ? [UInt8](repeating: 0, count: 1 << 22) : [])
        let writer = Thread {
          ignoreBrokenPipes()
          let descriptor = open(path, O_WRONLY)
          _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
          close(descriptor)
        }
        writer.start()
        let request = TableRequest(numbers: ["c0"])
        if isLong {
          let error = fault { () throws(TableError) in try Table(.file(path), request) }
          #expect(error?.message.contains("promises 48 bytes of elements, but") == true)
        } else {
          let table = try Table(.file(path), request)
          #expect(table.columns == [[1.5, 3, 0.1]])
        }
      }
    }
  }

  @Test("A long stream that is well is read whole, the header in several pieces")
  func longStream() throws {
    try withFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let names = (0..<200_000).map { "a column with number \($0)" }
      let rows = 3
      let text =
        names.joined(separator: ",") + "\n"
        + (0..<rows).map { row in names.indices.map { "\($0 * 10 + row)" }.joined(separator: ",") }
        .joined(separator: "\n")
      let bytes = Array(text.utf8)
      #expect(bytes.count > 1 << 23)
      let writer = Thread {
        ignoreBrokenPipes()
        let descriptor = open(path, O_WRONLY)
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
          guard count > 0 else { break }
          rest = rest.dropFirst(count)
        }
        close(descriptor)
      }
      writer.start()
      let table = try Table(.file(path), TableRequest(numbers: [names[199_999], names[7]]))
      #expect(table.columns == [[1_999_990, 1_999_991, 1_999_992], [70, 71, 72]])
    }
  }
}
