/// The type of an array's elements, as far as it can become a double.
struct NPYElement {
  enum Kind {
    case float32
    case float64
    case int8
    case int16
    case int32
    case int64
    case uint8
    case uint16
    case uint32
    case uint64
    case boolean
  }

  let kind: Kind
  let isByteSwapped: Bool

  /// Bytes of one element.
  let size: Int

  /// Reads a NumPy type description such as `<f8`.
  init(_ description: String) throws(NPYFault) {
    let refused = NPYFault("elements of type \(quoted(description)) are not supported")
    let kinds: [String: (Kind, Int)] = [
      "f4": (.float32, 4), "f8": (.float64, 8), "i1": (.int8, 1), "i2": (.int16, 2),
      "i4": (.int32, 4), "i8": (.int64, 8), "u1": (.uint8, 1), "u2": (.uint16, 2),
      "u4": (.uint32, 4), "u8": (.uint64, 8), "b1": (.boolean, 1),
    ]
    guard let order = description.utf8.first,
      let (kind, size) = kinds[String(description.dropFirst())]
    else { throw refused }
    let isBigEndianHere = Int(bigEndian: 1) == 1
    switch order {
    case UInt8(ascii: "<"): isByteSwapped = isBigEndianHere
    case UInt8(ascii: ">"): isByteSwapped = !isBigEndianHere
    case UInt8(ascii: "="), UInt8(ascii: "|"): isByteSwapped = false
    default: throw refused
    }
    self.kind = kind
    self.size = size
  }

  /// The element at a byte offset; nil for an integer beyond 2⁵³ that is not a double.
  @inline(__always)
  func value(in bytes: ByteView, at offset: Int) -> Double? {
    switch kind {
    case .float64: Double(bitPattern: integer(UInt64.self, in: bytes, at: offset))
    case .float32: Double(Float(bitPattern: integer(UInt32.self, in: bytes, at: offset)))
    case .int8: Double(integer(Int8.self, in: bytes, at: offset))
    case .int16: Double(integer(Int16.self, in: bytes, at: offset))
    case .int32: Double(integer(Int32.self, in: bytes, at: offset))
    case .int64: Double(exactly: integer(Int64.self, in: bytes, at: offset))
    case .uint8: Double(integer(UInt8.self, in: bytes, at: offset))
    case .uint16: Double(integer(UInt16.self, in: bytes, at: offset))
    case .uint32: Double(integer(UInt32.self, in: bytes, at: offset))
    case .uint64: Double(exactly: integer(UInt64.self, in: bytes, at: offset))
    case .boolean: bytes[offset] == 0 ? 0 : 1
    }
  }

  /// The element at a byte offset as a label: in the shortest form, whole numbers as CSV usually has
  /// them, without a point, and integers with all their digits.
  func label(in bytes: ByteView, at offset: Int) -> String {
    switch kind {
    case .int64: return "\(integer(Int64.self, in: bytes, at: offset))"
    case .uint64: return "\(integer(UInt64.self, in: bytes, at: offset))"
    default:
      let value = value(in: bytes, at: offset) ?? .nan
      return value == value.rounded() && value.magnitude < 0x1p53 ? "\(Int(value))" : "\(value)"
    }
  }

  @inline(__always)
  private func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, in bytes: ByteView, at offset: Int
  ) -> Value {
    let value = bytes.load(at: offset, as: type)
    return isByteSwapped ? value.byteSwapped : value
  }
}
