/// What one query attends to.
package struct AttentionAnswer: Encodable, Sendable {
  /// A row with its contribution to the estimate.
  package struct Contributor: Encodable, Sendable {
    /// The row in the table's order, counted from 0, without the rows left out.
    package let row: Int
    /// Its inputs.
    package let inputs: [Double]
    /// Its value.
    package let value: Double
    /// Its attention weight.
    package let weight: JSONNumber
    /// Its contribution to the estimate, its influence times its value; null if that overflows.
    package let contribution: JSONNumber
  }

  /// The rows that are not listed.
  package struct Remainder: Encodable, Sendable {
    /// How many of them have any weight.
    package let rows: Int
    /// The sum of their weights.
    package let weight: JSONNumber
  }

  /// The view, by parameter.
  package let view: [String: String]
  /// The query in all inputs.
  package let query: [Double]
  /// The estimate; null where no key supports it.
  package let estimate: JSONNumber
  /// 1/Σa² over all keys; 0 where no key supports the query.
  package let effectiveSampleSize: JSONNumber
  /// −Σ a ln a over all keys, in nats; null where no key supports the query.
  package let entropy: JSONNumber
  /// The distance to the nearest key, in bandwidths.
  package let nearest: JSONNumber
  /// The largest contributors, by influence.
  package let contributors: [Contributor]
  /// All others.
  package let remainder: Remainder
  /// The weights as stems on the keys, over the horizontal axis of the fit.
  package let figure: DrawnFigure
}

/// A criterion along one bandwidth, with its minima.
package struct PathAnswer: Encodable, Sendable {
  /// A local minimum.
  package struct Minimum: Encodable, Sendable {
    /// The bandwidth.
    package let bandwidth: Double
    /// The criterion there.
    package let value: JSONNumber
    /// Whether it is the chosen one.
    package let isChosen: Bool
  }

  /// The view, by parameter.
  package let view: [String: String]
  /// What the criterion is called.
  package let criterion: String
  /// Bandwidths in even steps of log h.
  package let bandwidths: [Double]
  /// The criterion at each; null where it does not exist.
  package let values: JSONNumbers
  /// The local minima, smallest bandwidth first; only the lowest if a step function has hundreds.
  package let minima: [Minimum]
  /// The bandwidth of the lowest minimum; null if the criterion exists nowhere.
  package let chosen: JSONNumber
  /// The picture.
  package let figure: DrawnFigure
}

/// Estimates at the caller's queries.
package struct PredictionsAnswer: Encodable, Sendable {
  /// The view, by parameter.
  package let view: [String: String]
  /// The estimates; null where no key supports one.
  package let estimates: JSONNumbers
  /// The effective sample size (Σw)²/Σw² of each query; 0 where no key supports it.
  package let effectiveSampleSizes: JSONNumbers
  /// The distance to the nearest key, in bandwidths.
  package let nearest: JSONNumbers
  /// The queries, counted from 0, that no key supports.
  package let emptyQueries: [Int]
}

/// The learned similarity beside the bandwidths of the view.
package struct LearnedAnswer: Encodable, Sendable {
  /// How much an input counts.
  package struct Importance: Encodable, Sendable {
    /// The input.
    package let input: String
    /// One standard deviation of it, in bandwidths; null if the scores are not distances.
    package let scale: JSONNumber
  }

  /// Errors on rows not used for learning, in variances of the values.
  package struct Errors: Encodable, Sendable {
    /// The error of the learned similarity.
    package let learned: JSONNumber
    /// The error of the best single bandwidth of the standardised inputs.
    package let unlearned: JSONNumber
  }

  /// The view, by parameter.
  package let view: [String: String]
  /// Whether learning helped, judged on held-out rows.
  package let helped: Bool
  /// The same in words.
  package let sentence: String
  /// The errors that decide this.
  package let errors: Errors
  /// How much each input counts.
  package let importance: [Importance]
  /// The learned curve.
  package let curve: FitAnswer.Curve
  /// The learned curve beside the curve of the view's bandwidths.
  package let figure: DrawnFigure
}

/// A number as in JSON: null if it is not finite.
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

/// Numbers as in JSON: null for each that is not finite.
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
