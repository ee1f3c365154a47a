/// An error for data that no figure can show.
package struct FigureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Code: Hashable, Sendable {
    /// A coordinate is NaN or infinite.
    case coordinateNotFinite

    /// Coordinates that must increase do not.
    case coordinatesNotIncreasing
  }

  /// What is wrong.
  package let code: Code

  /// Where, such as "row 3", counted from 0.
  package let place: String

  /// One sentence that contains the offending value.
  package let description: String

  static func coordinateNotFinite(_ value: Double, place: String) -> FigureError {
    FigureError(
      code: .coordinateNotFinite, place: place,
      description: "The coordinate of heatmap \(place) is \(value), which is not finite.")
  }

  static func coordinatesNotIncreasing(
    _ value: Double, after previous: Double, place: String
  ) -> FigureError {
    FigureError(
      code: .coordinatesNotIncreasing, place: place,
      description:
        "The coordinate of heatmap \(place) is \(value), which is not above the one before it, "
        + "\(previous).")
  }
}
