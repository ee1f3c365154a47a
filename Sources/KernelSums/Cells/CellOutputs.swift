/// What a row of coefficients gives: Σw, and for moments about a query the sums of every power.
///
/// Sums of one power lie together, since they come from all or some of a row's moments by the same
/// matrices: for a = 0 … p those of 1 and of each column, for a up to 2p those of 1.
struct CellOutputs: Sendable {
  struct Run: Sendable {
    /// a.
    let power: Int
    /// The value column; nil for 1.
    let column: Int?
    /// Its place among the columns of ``AnchoredSums``; −1 for Σw.
    let place: Int
  }

  let runs: [Run]

  /// The runs of each power.
  let powers: [Range<Int>]

  init(columnCount: Int, degree: Int) {
    var runs: [Run] = []
    var powers: [Range<Int>] = []
    for power in 0...2 * degree {
      let start = runs.count
      runs.append(Run(power: power, column: nil, place: power - 1))
      if power <= degree {
        runs += (0..<columnCount).map {
          Run(power: power, column: $0, place: 2 * degree + $0 * (degree + 1) + power)
        }
      }
      powers.append(start..<runs.count)
    }
    self.runs = runs
    self.powers = powers
  }

  /// The runs behind Σw.
  var sums: ArraySlice<Run> { runs.dropFirst() }
}
