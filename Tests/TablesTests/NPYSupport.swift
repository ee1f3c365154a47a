import Foundation

/// An NPY file put together from the format's description, not by the package's own writer.
struct NPYFile {
  var version: UInt8 = 1
  var descr = "'<f8'"
  var isFortranOrder = false
  var shape = "(2, 2)"
  var header: String?
  var data: [UInt8] = []

  var bytes: [UInt8] {
    let order = isFortranOrder ? "True" : "False"
    let text =
      header ?? "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }   \n"
    let count = UInt32(text.utf8.count)
    let length = version == 1 ? littleEndian(UInt16(count)) : littleEndian(count)
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(text.utf8) + data
  }
}

func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// Files written by NumPy 2.4.6 with `numpy.lib.format.write_array`.
enum NumPyFile {
  /// Rows of two, that is `numpy.array([[1.5, -2.0], [3.0, 4.25], [0.1, 1e300]])`.
  static let rowMajor = decoded(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIpLCB9
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAA
    AAAAAADAAAAAAAAACEAAAAAAAAARQJqZmZmZmbk/nHUAiDzkN34=
    """)

  /// The same through `numpy.asfortranarray`.
  static let columnMajor = decoded(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMywgMiksIH0g
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAA
    AAAAAAhAmpmZmZmZuT8AAAAAAAAAwAAAAAAAABFAnHUAiDzkN34=
    """)

  /// The same as `'>f8'`.
  static let bigEndian = decoded(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIpLCB9
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/+AAAAAAAAMAA
    AAAAAAAAQAgAAAAAAABAEQAAAAAAAD+5mZmZmZmafjfkPIgAdZw=
    """)

  /// Records, that is `numpy.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')])`.
  static let structured = decoded(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxpNCcpLCAoJ2InLCAnPGY4JyldLCAnZm9ydHJhbl9vcmRlcic6IEZh
    bHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAAAA
    AEA=
    """)

  /// A pickle for its elements: `numpy.array([1, 'a'], dtype=object)`.
  static let objects = decoded(
    """
    k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAg
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJWQAAAAAAAA
    AIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMB
    YpSHlFKUKEsBSwKFlGgDjAVkdHlwZZSTlIwCTziUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LP3SUYoldlChLAYwB
    YZRldJRiLg==
    """)

  private static func decoded(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data())
  }
}
