/// A criterion along one bandwidth, with its minima.
package struct PathAnswer: Encodable, Sendable {
  /// A local minimum.
  package struct Minimum: Encodable, Sendable {
    /// The bandwidth.
    package let bandwidth: Double
    /// The criterion there.
    package let value: JSONNumber
    /// Whether it is the one to choose.
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
  /// The local minima, smallest bandwidth first; of a step function with hundreds the lowest.
  package let minima: [Minimum]
  /// The bandwidth of the lowest minimum; null where the criterion exists nowhere.
  package let chosen: JSONNumber
  /// The picture.
  package let figure: DrawnFigure
}
