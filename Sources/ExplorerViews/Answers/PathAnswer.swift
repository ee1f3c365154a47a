/// A criterion along one bandwidth, with its minima.
public struct PathAnswer: Encodable, Sendable {
  /// A local minimum.
  public struct Minimum: Encodable, Sendable {
    /// The bandwidth.
    public let bandwidth: Double
    /// The criterion there.
    public let value: JSONNumber
    /// Whether it is the one to choose.
    public let isChosen: Bool
  }

  /// The view, by parameter.
  public let view: [String: String]
  /// What the criterion is called.
  public let criterion: String
  /// Bandwidths in even steps of log h.
  public let bandwidths: [Double]
  /// The criterion at each; null where it does not exist.
  public let values: JSONNumbers
  /// The local minima, smallest bandwidth first; of a step function with hundreds the lowest.
  public let minima: [Minimum]
  /// The bandwidth of the lowest minimum; null where the criterion exists nowhere.
  public let chosen: JSONNumber
  /// The picture.
  public let figure: DrawnFigure
}
