internal import KernelSums
internal import RealModule

/// Keys near one query with similar log-weights, in triangular form.
struct GradedBlock: Equatable {
  /// ⌊ln w/12⌋ of the keys.
  var level: Int

  /// One for each coefficient; the first always has weight.
  var rows: [GradedRow]

  /// ln w of the lightest key.
  var least: Double

  /// The log-weights of a level.
  ///
  /// The rounding of a block's mean, times the spread of the values, adds to the scatter of its lightest
  /// keys: at exp(12) about ten digits are left.
  static var levelWidth: Double { 12 }

  /// ln of the relative weight below which a lighter key changes no digit of what heavier ones determine.
  private static var greatestGap: Double { 60 }

  static func level(ofLogWeight logWeight: Double) -> Int {
    Int((logWeight / levelWidth).rounded(.down).clamped(to: -0x1p62...0x1p62))
  }

  /// ln Σw.
  var logWeight: Double {
    let weight = rows[0].weight
    return weight.high + (weight.low + .log(weight.factor))
  }

  /// The same with t measured from another centre.
  func moved(by shift: [Double]) -> GradedBlock {
    var moved = self
    for input in shift.indices { moved.rows[0].entries[input + 1] += shift[input] }
    return moved
  }

  /// The triangular form of the keys of both blocks.
  ///
  /// - Parameter moves: how far rounding may have moved a key, in bandwidths of each input; see
  ///   ``KeyDesign``.
  func merging(_ other: GradedBlock, moves: [Double]) -> GradedBlock {
    let mine = rows.filter { $0.weight.factor > 0 }
    var others = other.rows.filter { $0.weight.factor > 0 }
    var all = mine
    // Keys at the same place make one row of their sum and mean: in two rows, the difference of their
    // values would suffer from rounding.
    if mine[0].entries == others[0].entries {
      all[0] = mine[0].pooled(with: others[0])
      others.removeFirst()
    }
    let noises =
      [GradedRow](repeating: all[0], count: all.count)
      + [GradedRow](repeating: other.rows[0], count: others.count)
    all += others
    let top = all[0].weight
    func root(_ row: GradedRow) -> Double {
      .exp(row.weight.logRatio(to: top) / 2) * .sqrt(row.weight.factor)
    }
    return GradedBlock(
      level: level,
      rows: Self.triangular(all, all.map(root), noises: noises.map(root), moves: moves),
      least: min(least, other.least))
  }

  /// The rows of several blocks, with their weights close enough for double precision.
  ///
  /// Gaps between blocks wider than ``greatestGap`` are narrowed, which changes no digit. Only the first
  /// row's weight is right then.
  ///
  /// - Parameter moves: as for ``merging(_:moves:)``.
  static func combined(_ blocks: [GradedBlock], moves: [Double]) -> [GradedRow] {
    guard blocks.count > 1 else { return blocks[0].rows }
    let top = blocks[0].rows[0].weight
    var rows: [GradedRow] = []
    var roots: [Double] = []
    var noises: [Double] = []
    var lift = 0.0
    var least = blocks[0].logWeight
    for block in blocks {
      lift += max(0, least - block.logWeight - greatestGap)
      least = min(least, block.least)
      func root(_ row: GradedRow) -> Double {
        .exp((row.weight.logRatio(to: top) + lift) / 2) * .sqrt(row.weight.factor)
      }
      for row in block.rows where row.weight.factor > 0 {
        rows.append(row)
        roots.append(root(row))
        noises.append(root(block.rows[0]))
      }
    }
    return triangular(rows, roots, noises: noises, moves: moves)
  }

  /// The rounding of numbers that passed through doubles: some hundred units in the last place.
  static var tolerance: Double { 1e-13 }

  /// - Parameters:
  ///   - rows: rows with weight.
  ///   - roots: used as the square roots of their weights.
  ///   - noises: used as the square roots for all keys of their blocks.
  private static func triangular(
    _ rows: [GradedRow], _ roots: [Double], noises: [Double], moves: [Double]
  ) -> [GradedRow] {
    let count = rows[0].entries.count
    let valueCount = rows[0].means.count
    var elimination = GradedElimination(
      rootWeights: roots,
      design: (0..<count).map { column in
        zip(rows, roots).map { DoubleDouble($0.entries[column]).times($1) }
      },
      targets: (0..<valueCount).map { value in
        zip(rows, roots).map { DoubleDouble($0.means[value]).times($1) }
      },
      tolerance: tolerance)
    elimination.eliminate { column, pivots, coefficients in
      guard moves.count > 1 else { return nil }
      // The column's own coefficient is 1.
      let blur = zip(pivots, coefficients).reduce(column > 0 ? moves[column - 1] : 0) {
        $1.0 > 0 ? $0 + moves[$1.0 - 1] * $1.1.head.magnitude : $0
      }
      return noises.map { $0 * blur }
    }
    return elimination.triangular(count: count, valueCount: valueCount) { origin, diagonal in
      rows[origin].weight.scaled(bySquareOf: diagonal / roots[origin])
    }
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

extension GradedElimination {
  /// The triangular form, once all columns are reduced.
  ///
  /// - Parameters:
  ///   - scales: what each column was divided by.
  ///   - weight: the weight of the row that comes from a given one, from its diagonal.
  func triangular(
    count: Int, valueCount: Int, scales: [Double]? = nil,
    weight: (_ origin: Int, _ diagonal: Double) -> AnchoredWeight
  ) -> [GradedRow] {
    let squares = GradedLeastSquares(self, count: pivots.count)
    let targets = (0..<valueCount).map { squares.reducedTargets($0) }
    var rows = (0..<count).map { GradedRow.none($0, of: count, valueCount: valueCount) }
    for (place, column) in pivots.enumerated() {
      let diagonal = upper[column][place]
      let scale = scales?[column] ?? 1
      rows[column].weight = weight(
        origins[place], .sqrt(squares.squares[place].head) * diagonal.head * scale)
      for later in column + 1..<max(count, column + 1) {
        var entry = DoubleDouble.zero
        for below in place..<max(upper[later].count, place) {
          let element = upper[later][below]
          entry = entry + (below == place ? element : squares.factors[below][place] * element)
        }
        rows[column].entries[later] = (entry / diagonal).value * (scales?[later] ?? 1) / scale
      }
      rows[column].means = targets.map { ($0[place] / diagonal).value / scale }
    }
    return rows
  }
}
