internal import RealModule

/// The known sums of queries when another part of the keys is to be summed.
///
/// A part's own sum may be too small for a bound on its relative error, although the error is
/// negligible relative to the whole.
package struct KnownSums {
  /// Where the sums of all queries are stored.
  let sums: UnsafeSums
  /// The places of the current queries there.
  let places: ArraySlice<Int32>

  /// A query's Σw in units of exp(logScale), in which it may round to 0.
  func weight(_ slot: Int, logScale: Double) -> Double {
    let place = place(slot)
    return sums.weights[place] * .exp(sums.logAnchors[place] - logScale)
  }

  /// A query's Σw² in the square of these units.
  func squaredWeight(_ slot: Int, logScale: Double) -> Double {
    let place = place(slot)
    return sums.squaredWeights[place] * .exp(2 * (sums.logAnchors[place] - logScale))
  }

  /// One of a query's other sums in these units.
  func column(_ column: Int, _ slot: Int, logScale: Double) -> Double {
    let place = place(slot)
    return sums.column(column)[place] * .exp(sums.logAnchors[place] - logScale)
  }

  /// ln Σw of a query, which never underflows; −∞ if nothing is known.
  func logWeight(_ slot: Int) -> Double {
    let place = place(slot)
    return sums.logAnchors[place] + .log(sums.weights[place])
  }

  /// ln Σw² of a query.
  func logSquaredWeight(_ slot: Int) -> Double {
    let place = place(slot)
    return 2 * sums.logAnchors[place] + .log(sums.squaredWeights[place])
  }

  /// ln of the magnitude of one of a query's other sums.
  func logColumn(_ column: Int, _ slot: Int) -> Double {
    let place = place(slot)
    return sums.logAnchors[place] + .log(sums.column(column)[place].magnitude)
  }

  private func place(_ slot: Int) -> Int { Int(places[places.startIndex + slot]) }
}
