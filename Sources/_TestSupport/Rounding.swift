/// How far rounding alone may take a result, by the number of roundings on its way.
///
/// Each is at most 2⁻⁵³ of the number it rounds. So n of them are at most n·2⁻⁵³ of the largest such number,
/// and of Σ|terms| where terms are summed, in whatever order. A test that holds a result against one of
/// another size multiplies by that size.
package enum Rounding {
  /// Up to nine: some products, a quotient, a sum of few terms.
  package static let few = 1e-15
  /// Up to ninety: sums of some ten terms that have roundings of their own.
  package static let tens = 1e-14
  /// Up to nine hundred: sums of some hundred terms, or of more in lanes and tiles.
  package static let hundreds = 1e-13
  /// Up to nine thousand.
  package static let thousands = 1e-12
}
