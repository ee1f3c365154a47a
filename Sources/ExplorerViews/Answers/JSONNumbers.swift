/// A number as JSON has it: null where it is not finite.
package struct JSONNumber: Encodable, Hashable, Sendable {
  /// The number itself.
  package let value: Double

  /// Wraps a number.
  package init(_ value: Double) { self.value = value }

  /// Encodes the number, or null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
  }
}

/// Numbers as JSON has them: null where one is not finite.
package struct JSONNumbers: Encodable, Hashable, Sendable {
  /// The numbers themselves.
  package let values: [Double]

  /// Wraps numbers.
  package init(_ values: [Double]) { self.values = values }

  /// Encodes the numbers, with nulls among them.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for value in values {
      if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
    }
  }
}
