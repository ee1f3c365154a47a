/// A sum carried with its rounding error.
///
/// ## Source
/// A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54
/// (1974), doi:10.1002/zamm.19740540106.
package struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  package init() {}

  /// The sum of all terms.
  package var value: Double { sum + lost }

  package mutating func add(_ term: Double) { Self.add(term, to: &sum, lost: &lost) }

  /// Multiplies the sum so far.
  mutating func scale(by factor: Double) { (sum, lost) = (value * factor, 0) }

  /// Adds a term to a sum whose rounding error is kept separately.
  static func add(_ term: Double, to sum: inout Double, lost: inout Double) {
    let next = sum + term
    lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
    sum = next
  }
}
