import Testing

@testable import Tables

@Suite struct NPYReaderTests {
  private func read(
    _ bytes: [UInt8], _ columns: [String], nonNegative: Set<String> = [],
    missing: MissingPolicy = .fail
  ) throws(TableError) -> Table {
    try TablesTests.read(
      bytes, name: "m.npy", columns, nonNegative: nonNegative, missing: missing)
  }

  @Test(
    "Files written by NumPy hold the numbers given to NumPy, in either order of axes and bytes",
    arguments: [NumPyFile.rowMajor, NumPyFile.columnMajor, NumPyFile.bigEndian])
  func numPyFiles(_ bytes: [UInt8]) throws {
    let table = try read(bytes, ["c1", "c0"])
    #expect(table.header == ["c0", "c1"])
    #expect(table.columns == [[-2, 4.25, 1e300], [1.5, 3, 0.1]])
    #expect(table.place(ofRow: 2).description == "m.npy: row 2")
  }

  @Test("What the bytes say counts, not the name")
  func anyName() throws {
    let table = try TablesTests.read(NumPyFile.rowMajor, name: "<stdin>", ["c0"])
    #expect(table.rowCount == 3)
  }

  @Test(
    "Versions 1, 2 and 3 differ in the length of the length", arguments: 1...3 as ClosedRange<UInt8>
  )
  func versions(_ version: UInt8) throws {
    let data = [1.0, 2, 3, 4].flatMap { littleEndian($0.bitPattern) }
    let file = NPYFile(version: version, data: data)
    #expect(try read(file.bytes, ["c0", "c1"]).columns == [[1, 3], [2, 4]])
  }

  @Test("One dimension is one column; the header's spelling is free")
  func oneDimension() throws {
    let header = "{\"shape\":(3L,),'fortran_order': False,\n 'descr':'<i2'}"
    let file = NPYFile(header: header, data: [1, 0, 2, 0, 255, 255])
    let table = try read(file.bytes, ["c0"])
    #expect(table.header == ["c0"])
    #expect(table.columns == [[1, 2, -1]])
  }

  private func expectExtremes<Value: FixedWidthInteger>(of type: Value.Type, _ name: String) throws
  {
    // The largest that is a double: of 64 bits the last few are 0.
    let largest: Value = Value.bitWidth < 64 ? .max : .max - (Value.isSigned ? 1023 : 2047)
    let values: [Value] = [.min, 0, 1, largest]
    for order in Value.bitWidth == 8 ? ["|"] : ["<", ">"] {
      let data = values.flatMap { order == ">" ? bigEndian($0) : littleEndian($0) }
      let file = NPYFile(descr: "'\(order)\(name)'", shape: "(4,)", data: data)
      #expect(try read(file.bytes, ["c0"]).columns == [values.map { Double($0) }])
    }
  }

  @Test("Integers of every width and byte order keep their extremes")
  func integers() throws {
    try expectExtremes(of: Int8.self, "i1")
    try expectExtremes(of: Int16.self, "i2")
    try expectExtremes(of: Int32.self, "i4")
    try expectExtremes(of: Int64.self, "i8")
    try expectExtremes(of: UInt8.self, "u1")
    try expectExtremes(of: UInt16.self, "u2")
    try expectExtremes(of: UInt32.self, "u4")
    try expectExtremes(of: UInt64.self, "u8")
  }

  /// Whether an integer is a double is told by Python, where both are exact: `float(i) == i`.
  @Test("Integers that are no doubles are named with row, column and all digits")
  func inexactIntegers() throws {
    let exact: [Int64] = [1 << 53, -(1 << 53), (1 << 53) + 2, .max - 1023, .min]
    let data = exact.flatMap { littleEndian($0) }
    let table = try read(NPYFile(descr: "'<i8'", shape: "(5, 1)", data: data).bytes, ["c0"])
    #expect(table.columns[0].map { Int64($0) } == exact)
    let inexact: [Int64] = [
      (1 << 53) + 1, -(1 << 53) - 1, 1_152_921_504_606_846_977, .max, .min + 1,
    ]
    for value in inexact {
      for order in ["<", ">"] {
        let data = [5, 6, 7, value].flatMap { order == "<" ? littleEndian($0) : bigEndian($0) }
        let file = NPYFile(descr: "'\(order)i8'", shape: "(2, 2)", data: data)
        #expect(try read(file.bytes, ["c0"]).columns == [[5, 7]])
        let error = fault { () throws(TableError) in try read(file.bytes, ["c0", "c1"]) }
        #expect(error?.code == .outOfRange)
        #expect(
          error?.message == "m.npy: row 1, column \"c1\": the integer \(value) is beyond 2^53, "
            + "so a double would round it")
      }
    }
    let large = NPYFile(
      descr: "'<u8'", shape: "(1,)", data: littleEndian(18_446_744_073_709_551_615 as UInt64))
    let error = fault { () throws(TableError) in try read(large.bytes, ["c0"]) }
    #expect(error?.message.contains("18446744073709551615") == true)
  }

  @Test("As labels integers keep all their digits")
  func integerLabels() throws {
    let data = [9_007_199_254_740_993, 9_007_199_254_740_992, 3].flatMap {
      littleEndian($0 as Int64)
    }
    let file = NPYFile(descr: "'<i8'", shape: "(3, 1)", data: data)
    let table = try Table(
      .bytes(file.bytes, name: "m.npy"), TableRequest(numbers: [], labels: ["c0"]))
    #expect(
      Set(table.labels[0].levels) == ["9007199254740993", "9007199254740992", "3"])
  }

  @Test("Single precision and booleans")
  func otherElements() throws {
    let singles: [Float] = [0.1, -3.25, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
    let big = NPYFile(
      descr: "'>f4'", shape: "(4, 1)", data: singles.flatMap { bigEndian($0.bitPattern) })
    #expect(try read(big.bytes, ["c0"]).columns == [singles.map(Double.init)])
    let booleans = NPYFile(descr: "'|b1'", shape: "(1, 3)", data: [1, 0, 1])
    #expect(try read(booleans.bytes, ["c0", "c1", "c2"]).columns == [[1], [0], [1]])
  }

  @Test("Values that are not finite are named by 0-based row and column, rows first")
  func notFinite() throws {
    let values = [1, 2, 3, 4, .infinity, 6, .nan, .nan]
    for isFortranOrder in [false, true] {
      let stored = isFortranOrder ? [0, 2, 4, 6, 1, 3, 5, 7].map { values[$0] } : values
      let file = NPYFile(
        isFortranOrder: isFortranOrder, shape: "(4, 2)",
        data: stored.flatMap { littleEndian($0.bitPattern) })
      let nan = fault { () throws(TableError) in try read(file.bytes, ["c1"]) }
      #expect(nan?.code == .missingValue)
      #expect(nan?.message == "m.npy: row 3, column \"c1\": nan is not finite")
      #expect(nan?.hint != nil)
      for policy in MissingPolicy.allCases {
        let infinite = fault { () throws(TableError) in
          try read(file.bytes, ["c1", "c0"], missing: policy)
        }
        #expect(infinite?.code == .notFinite)
        #expect(infinite?.message == "m.npy: row 2, column \"c0\": inf is not finite")
      }
      let kept = try read(file.bytes, ["c1"], missing: .drop)
      #expect(kept.columns == [[2, 4, 6]])
      #expect(kept.droppedRows == 1)
    }
  }

  @Test("Negative values where none are allowed")
  func negative() throws {
    let file = NPYFile(descr: "'|i1'", shape: "(2,)", data: [0, 0xFF])
    let error = fault { () throws(TableError) in
      try read(file.bytes, ["c0"], nonNegative: ["c0"])
    }
    #expect(error?.code == .outOfRange)
    #expect(
      error?.message
        == "m.npy: row 1, column \"c0\": \"-1.0\" is negative, but this column must be ≥ 0")
  }

  @Test("A column beyond the last")
  func noSuchColumn() {
    let error = fault { () throws(TableError) in try read(NumPyFile.rowMajor, ["c2"]) }
    #expect(error?.message == "m.npy: no column \"c2\"; the columns are \"c0\", \"c1\"")
  }
}
