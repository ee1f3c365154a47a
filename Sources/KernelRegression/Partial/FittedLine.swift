internal import RealModule

/// The value and slopes at a query of the line, or the mean, to which keys reduce.
///
/// As in ``KeyDesign``, the value is determined if every line that vanishes at all keys vanishes at the
/// query, and a slope if that slope of every such line is 0.
struct FittedLine {
  /// 1, or 0 where the keys do not determine the line's value.
  let degree: Int
  let values: [Double]
  /// The slopes in u, for each value column input by input; NaN where the keys do not determine them.
  let slopes: [[Double]]

  init(_ fit: PartialFit, at query: ArraySlice<Double>, bandwidths: [Double], valueCount: Int) {
    let rows = fit.rows(bandwidths: bandwidths)
    let place =
      [1]
      + fit.centre.indices.map {
        (query[query.startIndex + $0] - fit.centre[$0]) / bandwidths[$0]
      }
    let moves = PartialFit.moves(fit.blocks, centre: fit.centre, bandwidths: bandwidths)
    let relations = rows.indices.filter { rows[$0].weight.factor == 0 }.map {
      Relation($0, rows)
    }
    func isDetermined(_ functional: [Double]) -> Bool {
      relations.allSatisfy { $0.vanishes(under: functional, rows, moves) }
    }
    guard rows.count > 1, isDetermined(place) else {
      degree = 0
      values = rows[0].means
      slopes = [[Double]](
        repeating: [Double](repeating: .nan, count: fit.centre.count), count: valueCount)
      return
    }
    degree = 1
    let coefficients = (0..<valueCount).map { value in
      Self.solved(rows) { rows[$0].means[value] }
    }
    values = coefficients.map { zip($0, place).reduce(0) { $0 + $1.0 * $1.1 } }
    let known = fit.centre.indices.map { input in
      isDetermined(place.indices.map { $0 == input + 1 ? 1 : 0 })
    }
    slopes = coefficients.map { coefficients in
      known.indices.map { known[$0] ? coefficients[$0 + 1] : .nan }
    }
  }

  /// The solution of the rows for their right-hand sides, 0 for coefficients without a row.
  private static func solved(_ rows: [GradedRow], _ right: (_ row: Int) -> Double) -> [Double] {
    var coefficients = [Double](repeating: 0, count: rows.count)
    for row in rows.indices.reversed() where rows[row].weight.factor > 0 {
      coefficients[row] = right(row)
      for later in row + 1..<max(rows.count, row + 1) {
        coefficients[row] -= rows[row].entries[later] * coefficients[later]
      }
    }
    return coefficients
  }

  /// A column that is a sum of those before it.
  private struct Relation {
    let column: Int
    let coefficients: [Double]

    init(_ column: Int, _ rows: [GradedRow]) {
      self.column = column
      coefficients = FittedLine.solved(rows) { $0 < column ? rows[$0].entries[column] : 0 }
    }

    func vanishes(under functional: [Double], _ rows: [GradedRow], _ moves: [Double]) -> Bool {
      let terms = functional.indices.map {
        $0 == column ? functional[$0] : -coefficients[$0] * functional[$0]
      }
      let rest = terms.reduce(0, +).magnitude
      if rest <= GradedBlock.tolerance * terms.reduce(0, { $0 + $1.magnitude }) { return true }
      guard moves.count > 1 else { return false }
      // A key of weight 1 may have moved this far.
      let blur = moves.indices.reduce(0) { sum, input in
        sum
          + moves[input]
          * (input + 1 == column ? 1 : coefficients[input + 1].magnitude)
      }
      // The functional is a sum of rows, and each row a sum of a block's keys.
      var others = functional
      var noise = functional[0].magnitude
      let top = rows[0].weight
      for row in rows.indices where rows[row].weight.factor > 0 {
        let weight = others[row]
        for later in row..<others.count { others[later] -= weight * rows[row].entries[later] }
        let ratio =
          Double.exp(-rows[row].weight.logRatio(to: top)) * top.factor / rows[row].weight.factor
        noise += weight.magnitude * .sqrt(ratio)
      }
      return rest <= blur * noise
    }
  }
}
