extension TableWriter {
  /// The format of an output.
  package enum Format: String, CaseIterable, Hashable, Sendable {
    /// RFC 4180 with a header, lines ended by LF; numbers in the shortest form that reads back to
    /// the same bits, NaN as `nan`, infinities as `inf` and `-inf`.
    case csv
    /// An array of one record a line; numbers as in CSV, but `null` for those that are not finite,
    /// because JSON has no form for them.
    case json
    /// A two-dimensional NumPy array of little-endian float64 in C order. Integers become doubles;
    /// labels are refused.
    case npy
  }

  /// What kind of values a column holds.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Any doubles.
    case numbers
    /// Counts and positions.
    case integers
    /// Any text.
    case labels
  }

  /// A column's name and kind.
  package struct Column: Hashable, Sendable {
    /// The name, any text.
    package let name: String
    /// The kind of every value in it.
    package let kind: Kind

    /// Creates a description of a column.
    package init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  /// A batch of a column's values.
  package enum Values: Hashable, Sendable {
    /// Doubles, NaN and infinities included.
    case numbers([Double])
    /// Integers.
    case integers([Int])
    /// Texts.
    case labels([String])

    /// The kind of the values.
    package var kind: Kind {
      switch self {
      case .numbers: .numbers
      case .integers: .integers
      case .labels: .labels
      }
    }

    /// How many values there are.
    package var count: Int {
      switch self {
      case .numbers(let values): values.count
      case .integers(let values): values.count
      case .labels(let values): values.count
      }
    }
  }
}
