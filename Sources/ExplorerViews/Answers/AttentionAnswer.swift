/// What one query attends to.
public struct AttentionAnswer: Encodable, Sendable {
  /// A row with its part of the estimate.
  public struct Contributor: Encodable, Sendable {
    /// The row in the table's order, counted from 0 without those left out.
    public let row: Int
    /// Its inputs.
    public let inputs: [Double]
    /// Its value.
    public let value: Double
    /// Its attention weight.
    public let weight: JSONNumber
    /// What it adds to the estimate: its influence times its value; null where that is beyond a
    /// double.
    public let contribution: JSONNumber
  }

  /// The rows that are not listed.
  public struct Remainder: Encodable, Sendable {
    /// How many of them have any weight.
    public let rows: Int
    /// The sum of their weights.
    public let weight: JSONNumber
  }

  /// The view, by parameter.
  public let view: [String: String]
  /// The query in all inputs.
  public let query: [Double]
  /// The estimate; null where no key supports it.
  public let estimate: JSONNumber
  /// 1/Σa² over all keys; 0 where no key supports the query.
  public let effectiveSampleSize: JSONNumber
  /// −Σ a ln a over all keys, in nats; null where no key supports the query.
  public let entropy: JSONNumber
  /// The distance to the nearest key, in bandwidths.
  public let nearest: JSONNumber
  /// The largest contributors, by influence.
  public let contributors: [Contributor]
  /// All others.
  public let remainder: Remainder
  /// The weights as stems on the keys, over the horizontal axis of the fit.
  public let figure: DrawnFigure
}
