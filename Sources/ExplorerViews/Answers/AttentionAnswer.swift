/// What one query attends to.
package struct AttentionAnswer: Encodable, Sendable {
  /// A row with its part of the estimate.
  package struct Contributor: Encodable, Sendable {
    /// The row in the table's order, counted from 0 without those left out.
    package let row: Int
    /// Its inputs.
    package let inputs: [Double]
    /// Its value.
    package let value: Double
    /// Its attention weight.
    package let weight: JSONNumber
    /// What it adds to the estimate: its influence times its value; null where that is beyond a
    /// double.
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
