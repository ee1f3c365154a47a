/// What the header of an NPY file says.
///
/// ## Source
/// The NPY format, versions 1.0 to 3.0: NEP 1 and `numpy.lib.format` in NumPy's documentation.
struct NPYHeader {
  /// The bytes every NPY file begins with.
  static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)

  let element: NPYElement
  let isFortranOrder: Bool
  let rowCount: Int
  let columnCount: Int

  /// Where the elements begin.
  let dataOffset: Int

  /// Bytes of all elements.
  let dataSize: Int

  /// Reads and checks the header: all sizes are known not to overflow afterwards, and the elements
  /// to fill the file to its end.
  ///
  /// - Parameter isWhole: whether the file ends with the bytes; elements may follow otherwise.
  /// - Complexity: O(header).
  init(_ bytes: ByteView, isWhole: Bool = true) throws(NPYFault) {
    guard bytes.starts(with: Self.mark) else { throw NPYFault("this is not an NPY file") }
    let fixed = Self.mark.count + 2
    guard bytes.count >= fixed else { throw NPYFault("the file ends inside its header") }
    let version = bytes[fixed - 2]
    guard (1...3).contains(version) else {
      throw NPYFault("NPY version \(version).\(bytes[fixed - 1]) is not supported")
    }
    let lengthSize = version == 1 ? 2 : 4
    let textStart = fixed + lengthSize
    guard bytes.count >= textStart else { throw NPYFault("the file ends inside its header") }
    let length = (0..<lengthSize).reduce(0) { $0 | Int(bytes[fixed + $1]) << (8 * $1) }
    guard length <= 1 << 20 else {
      throw NPYFault("the header claims a length of \(length) bytes, more than 1 MiB")
    }
    guard length <= bytes.count - textStart else {
      throw NPYFault("the file ends inside its header")
    }
    dataOffset = textStart + length

    var literal = PythonLiteral(bytes.bytes(textStart..<dataOffset))
    let entries = try literal.dictionary()
    guard Set(entries.keys) == ["descr", "fortran_order", "shape"],
      case .boolean(let isFortranOrder) = entries["fortran_order"],
      case .tuple(let shape) = entries["shape"]
    else { throw NPYFault("the header does not give descr, fortran_order and shape") }
    switch entries["descr"] {
    case .string(let description): element = try NPYElement(description)
    default: throw NPYFault("arrays of structured elements are not supported")
    }
    self.isFortranOrder = isFortranOrder

    guard shape.count == 1 || shape.count == 2 else {
      throw NPYFault("the array has \(shape.count) dimensions, but a table has 1 or 2")
    }
    rowCount = shape[0]
    columnCount = shape.count == 2 ? shape[1] : 1
    let (elements, isTooMany) = rowCount.multipliedReportingOverflow(by: columnCount)
    let (size, isTooLarge) = elements.multipliedReportingOverflow(by: element.size)
    guard !isTooMany, !isTooLarge else {
      throw NPYFault("the shape (\(rowCount), \(columnCount)) is too large to fit in memory")
    }
    guard columnCount <= TableLimits.columns || elements == 0 else {
      throw NPYFault("the array has more than \(TableLimits.columns) columns")
    }
    let rest = bytes.count - dataOffset
    guard size == rest || !isWhole && size > rest else {
      throw NPYFault("the header promises \(size) bytes of elements, but \(rest) follow")
    }
    dataSize = size
  }
}

/// What is wrong with an NPY file, before its name is known.
struct NPYFault: Error {
  let problem: String

  init(_ problem: String) { self.problem = problem }
}
