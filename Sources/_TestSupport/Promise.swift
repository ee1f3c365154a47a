/// The accuracy that the library's documentation promises, to which tests hold its results.
package enum Promise {
  /// An estimate of degree 0 in one input, and in more than three, relative to Σωα|v|/Σωα.
  ///
  /// An engine promises the same of Σw, and of Σwc relative to Σw|c|.
  package static let oneInput = 1e-12

  /// The same in two and three inputs, where cells approximate some kernels.
  package static let severalInputs = 1e-9

  /// A fit of degree 1 to 3, its gradient times the bandwidth, and what is made from them, relative to the
  /// largest |v| or to the result.
  package static let polynomial = 1e-9

  /// An attention weight, relative to itself.
  package static let weight = 1e-12

  /// Weights of sparse rows, entropies and effective sample sizes, relative to themselves.
  package static let sparse = 1e-11

  /// What rounding a bandwidth to its digits may cost, relative to the least criterion (`BandwidthRounding`).
  package static let bandwidthLoss = 1e-9

  /// Ratios of sums by the direct engine: ln w is trusted down to −230, with some units in the last place for
  /// each of the inputs.
  package static func direct(inputs dimension: Int) -> Double {
    (1 + Double(dimension) / 10) * 1e-13
  }
}
