import Foundation
import Testing

@testable import Tables

@Suite struct TableWriterTests {
  private typealias Pairs = [(name: String, values: TableWriter.Values)]

  private func written(_ table: Pairs, _ format: TableWriter.Format) throws -> String {
    try withFolder { folder in
      try TableWriter.write(table, format: format, to: folder + "/out")
      return try contents(of: folder + "/out")
    }
  }

  private let extremes: [Double] = [
    0, -0.0, 1, 0.1, 1e22, 1e-7, 1.0 / 3, .pi, .greatestFiniteMagnitude, -.leastNonzeroMagnitude,
    .leastNormalMagnitude, 9_007_199_254_740_992,
  ]

  @Test("CSV to the letter: header, shortest numbers, quotes where RFC 4180 asks for them")
  func csv() throws {
    let table: Pairs = [
      ("x", .numbers([0.1, -.infinity, .nan, 1e23])),
      ("a, \"b\"", .integers([1, -2, .min, .max])),
      ("label", .labels(["plain", "a,b", "say \"hi\"", "two\nlines"])),
    ]
    #expect(
      try written(table, .csv) == """
        x,"a, ""b""\",label
        0.1,1,plain
        -inf,-2,"a,b"
        nan,-9223372036854775808,"say ""hi""\"
        1e+23,9223372036854775807,"two
        lines"

        """)
  }

  @Test("What CSV says reads back to the same bits")
  func csvRoundTrip() throws {
    var random = SplitMix64(state: 6)
    let values =
      extremes + (0..<5000).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
    let text = try written([("x", .numbers(values)), ("y", .numbers(values))], .csv)
    let table = try read(text, "x", "y")
    for column in table.columns {
      #expect(column.map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  @Test(
    "Names and labels come back as they were",
    arguments: ["a;b", "a\tb", "a|b", " a ", "a\r\nb", ""])
  func names(_ name: String) throws {
    let text = try written([(name, .numbers([1, 2]))], .csv)
    #expect(try TableInput(.bytes(Array(text.utf8), name: "out")).header == [name])
    let label = try written([("x", .labels(["1", name, "2"]))], .csv)
    let rows = label.split(separator: "\n").count
    #expect(rows >= 4, "no row is lost")
  }

  @Test("JSON to the letter: one record a line, null for what JSON cannot say")
  func json() throws {
    let table: Pairs = [
      ("x\n", .numbers([0.1, .nan, -.infinity])), ("n", .integers([1, 2, 3])),
      ("label", .labels(["é", "\"\\", "\u{1}\t"])),
    ]
    #expect(
      try written(table, .json) == """
        [
        {"x\\u000a":0.1,"n":1,"label":"é"},
        {"x\\u000a":null,"n":2,"label":"\\"\\\\"},
        {"x\\u000a":null,"n":3,"label":"\\u0001\\u0009"}
        ]

        """)
    #expect(try written([("x", .numbers([]))], .json) == "[]\n")
  }

  @Test("Foundation reads the same from the JSON")
  func jsonParses() throws {
    let text = try written(
      [("x", .numbers(extremes)), ("s", .labels(extremes.map { "\"\($0)\\\n" }))], .json)
    let records = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(records.compactMap { $0["x"] as? Double } == extremes)
    #expect(records.compactMap { $0["s"] as? String } == extremes.map { "\"\($0)\\\n" })
  }

  @Test("NPY to the byte, as the format describes it")
  func npy() throws {
    try withFolder { folder in
      let path = folder + "/out.npy"
      let writer = try TableWriter(
        [.init("a", .numbers), .init("b", .integers)], format: .npy, to: path)
      try writer.write([.numbers([1.5, .nan]), .integers([2, 3])])
      try writer.write([.numbers([-0.0]), .integers([4])])
      try writer.commit()
      let bytes = Array(try Data(contentsOf: URL(filePath: path)))
      let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"
      let start: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0]
      let padding = [UInt8](repeating: 0x20, count: 117 - header.utf8.count)
      let data = [1.5, 2, .nan, 3, -0.0, 4].flatMap { littleEndian($0.bitPattern) }
      #expect(bytes == start + Array(header.utf8) + padding + [0x0A] + data)
    }
  }

  @Test("NPY through a pipe is the same as to a file")
  func npyThroughPipe() throws {
    try withFolder { folder in
      let table: Pairs = [("a", .numbers([1, 2, 3])), ("b", .integers([4, 5, 6]))]
      try TableWriter.write(table, format: .npy, to: folder + "/file.npy")
      let pipe = Pipe()
      let number = pipe.fileHandleForWriting.fileDescriptor
      try TableWriter.write(table, format: .npy, to: "/dev/fd/\(number)")
      try pipe.fileHandleForWriting.close()
      #expect(
        try pipe.fileHandleForReading.readToEnd()
          == Data(contentsOf: URL(filePath: folder + "/file.npy")))
    }
  }

  @Test("Labels have no form in NPY, and nothing is created")
  func labelsInNPY() throws {
    try withFolder { folder in
      let path = folder + "/out.npy"
      let error = fault { () throws(TableError) in
        try TableWriter([.init("name", .labels)], format: .npy, to: path)
      }
      #expect(error?.code == .unsupportedValue)
      #expect(
        error?.message
          == "\(path): an NPY file holds only numbers, but column \"name\" holds labels")
      let left = try fileNames(in: folder)
      #expect(left == [])
    }
  }

  @Test("Batches follow each other without a trace", arguments: TableWriter.Format.allCases)
  func batches(_ format: TableWriter.Format) throws {
    try withFolder { folder in
      let values = (0..<3000).map(Double.init)
      try TableWriter.write([("x", .numbers(values))], format: format, to: folder + "/whole")
      let writer = try TableWriter([.init("x", .numbers)], format: format, to: folder + "/parts")
      for range in [0..<0, 0..<1, 1..<1025, 1025..<3000, 3000..<3000] {
        try writer.write([.numbers(Array(values[range]))])
      }
      try writer.commit()
      #expect(
        try Data(contentsOf: URL(filePath: folder + "/whole"))
          == Data(contentsOf: URL(filePath: folder + "/parts")))
    }
  }

  @Test("A writer that is not committed leaves nothing behind")
  func abandoned() throws {
    try withFolder { folder in
      do {
        let writer = try TableWriter([.init("x", .numbers)], format: .csv, to: folder + "/out")
        try writer.write([.numbers([1, 2])])
        #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
      }
      #expect(try fileNames(in: folder) == [])
    }
  }
}
