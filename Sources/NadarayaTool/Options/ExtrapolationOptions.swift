import ArgumentParser
import Nadaraya

/// What becomes of estimates that the keys do not hold.
struct ExtrapolationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is predicted where a polynomial extrapolates: outside the keys that carry the weight, or by "
        + "more than 5 times the largest value.", valueName: "keep|nan"))
  var extrapolate: ExtrapolationPolicy = .keep

  /// Whether the options fit together.
  func check(_ similarity: SimilarityOptions) throws(Failure) {
    guard extrapolate == .keep || similarity.degree > 0 else {
      throw .usage(
        "--extrapolate is about a polynomial, which --degree 0 is not",
        hint: "means of values do not leave their range")
    }
  }
}

extension Intervals {
  /// The same, NaN at some queries; those of gradients stay.
  func without(_ queries: [Int]) -> Intervals {
    func blanked(_ columns: [[Double]]) -> [[Double]] {
      columns.map { column in
        var column = column
        for query in queries { column[query] = .nan }
        return column
      }
    }
    var left = self
    left.standardErrors = standardErrors.map(blanked)
    left.lower = blanked(lower)
    left.upper = blanked(upper)
    return left
  }
}
