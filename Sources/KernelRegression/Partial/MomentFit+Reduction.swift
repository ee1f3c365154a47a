internal import KernelSums
internal import RealModule

extension MomentFit {
  /// The triangular form at one query, about the query itself, if the moments determine the polynomial
  /// well; without the omitted monomials.
  ///
  /// - Parameter unit: the weight that a sum of 1 represents.
  func reduced(_ sums: UnsafeSums, at slot: Int, unit: AnchoredWeight) -> GradedBlock? {
    guard decompose(sums, at: slot) else { return nil }
    func solved(_ moment: (_ monomial: Int) -> Double) -> [Double] {
      for row in 0..<count { coefficients[row] = moment(columns[row]) * scales[row] }
      substituteForward(coefficients)
      return (0..<count).map { coefficients[$0] }
    }
    let means = (0..<columnCount).map { value in
      solved { target(value, $0, in: sums, at: slot) }
    }
    let entries = (0..<wholeCount).map { column in
      solved { moment($0, column, in: sums, at: slot) }
    }
    var rows = (0..<wholeCount).map {
      GradedRow.none($0, of: wholeCount, valueCount: columnCount)
    }
    for (place, column) in columns.enumerated() {
      let diagonal = matrix[place * count + place] / scales[place]
      rows[column].weight = unit.scaled(bySquareOf: diagonal)
      for later in column + 1..<max(wholeCount, column + 1) {
        rows[column].entries[later] = entries[later][place] / diagonal
      }
      rows[column].means = means.map { $0[place] / diagonal }
    }
    let logWeight = unit.high + .log(sums.weights[slot])
    // A key this far below the sum changes no digit of what moments determine well.
    return GradedBlock(
      level: GradedBlock.level(ofLogWeight: logWeight), rows: rows, least: logWeight - 60)
  }
}
