/// A number as JSON has it: null where it is not finite.
public struct JSONNumber: Encodable, Hashable, Sendable {
  /// The number itself.
  public let value: Double

  /// Wraps a number.
  public init(_ value: Double) { self.value = value }

  /// Encodes the number, or null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
  }
}

/// Numbers as JSON has them: null where one is not finite.
public struct JSONNumbers: Encodable, Hashable, Sendable {
  /// The numbers themselves.
  public let values: [Double]

  /// Wraps numbers.
  public init(_ values: [Double]) { self.values = values }

  /// Encodes the numbers, with nulls among them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for value in values {
      if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
    }
  }
}
