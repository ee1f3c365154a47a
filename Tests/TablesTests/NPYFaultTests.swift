import Testing

@testable import Tables

/// Files that are not the arrays they claim to be.
@Suite struct NPYFaultTests {
  private func expect(
    _ bytes: [UInt8], is code: TableError.Code = .malformed, _ problem: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = fault { () throws(TableError) in try TableInput(.bytes(bytes, name: "m.npy")) }
    #expect(error?.code == code, sourceLocation: location)
    #expect(error?.message == "m.npy: \(problem)", sourceLocation: location)
  }

  @Test("A file cut short anywhere is a fault, and never a table")
  func truncated() {
    let whole = NumPyFile.rowMajor
    for count in 0..<whole.count {
      let error = fault { () throws(TableError) in
        try TableInput(.bytes(Array(whole[..<count]), name: "m.npy"))
      }
      #expect(error?.code == .malformed, "\(count) bytes")
    }
    expect([], "this is not an NPY file")
    expect(Array(whole[..<7]), "the file ends inside its header")
    expect(Array(whole[..<40]), "the file ends inside its header")
    expect(whole.dropLast(), "the header promises 48 bytes of elements, but 47 follow")
    expect(whole + [0], "the header promises 48 bytes of elements, but 49 follow")
  }

  @Test("Text in a file called .npy")
  func text() { expect(Array("x,y\n1,2\n".utf8), "this is not an NPY file") }

  @Test("Element types that are no real numbers")
  func elements() {
    expect(NumPyFile.objects, "elements of type \"|O\" are not supported")
    expect(NumPyFile.structured, "arrays of structured elements are not supported")
    for type in ["<c16", "<f2", "<U2", "|S1", "<M8[s]", "<f16", "f8", "<f", "", "!f8", "|V8"] {
      expect(
        NPYFile(descr: "'\(type)'").bytes, "elements of type \"\(type)\" are not supported")
    }
  }

  @Test("Shapes that are no table")
  func dimensions() {
    expect(
      NPYFile(shape: "()").bytes, "the array has 0 dimensions, but a table has 1 or 2")
    expect(
      NPYFile(shape: "(1, 1, 1)").bytes, "the array has 3 dimensions, but a table has 1 or 2")
  }

  @Test("Shapes whose size overflows an integer")
  func overflow() {
    let most = Int.max
    expect(
      NPYFile(shape: "(\(most), 2)").bytes, "the shape (\(most), 2) is too large to fit in memory")
    expect(
      NPYFile(shape: "(\(most / 8 + 1),)").bytes,
      "the shape (\(most / 8 + 1), 1) is too large to fit in memory")
    expect(
      NPYFile(shape: "(99999999999999999999, 1)").bytes,
      "the dimension \"99999999999999999999\" is too large to fit in memory")
    expect(
      NPYFile(shape: "(4294967296, 4294967296)").bytes,
      "the shape (4294967296, 4294967296) is too large to fit in memory")
  }

  @Test("No elements, however large the other dimension")
  func empty() {
    let most = Int.max
    expect(NPYFile(shape: "(0, 3)").bytes, is: .empty, "the array of shape (0, 3) is empty")
    expect(
      NPYFile(shape: "(0, \(most))").bytes, is: .empty,
      "the array of shape (0, \(most)) is empty")
    expect(
      NPYFile(shape: "(\(most), 0)").bytes, is: .empty,
      "the array of shape (\(most), 0) is empty")
  }

  @Test("Versions that are not known", arguments: [0, 4, 255] as [UInt8])
  func version(_ version: UInt8) {
    expect(NPYFile(version: version).bytes, "NPY version \(version).0 is not supported")
  }

  @Test(
    "Headers that are no such dictionary",
    arguments: [
      "", "{", "}", "{}", "[]", "{'descr': '<f8'}", "{'descr': '<f8', 'descr': '<f8'}",
      "{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 2)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, -2)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2 2)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': '2, 2'}",
      "{'descr': '<f8, 'fortran_order': False, 'shape': (2, 2)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)} x",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), 'more': True}",
      "{'descr': [('a', '<f8'), 'fortran_order': False, 'shape': (2, 2)}",
      "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2, 2)}",
    ])
  func header(_ text: String) {
    let error = fault { () throws(TableError) in
      try TableInput(
        .bytes(NPYFile(header: text, data: [UInt8](repeating: 0, count: 32)).bytes, name: "m.npy"))
    }
    #expect(error?.code == .malformed)
  }
}
