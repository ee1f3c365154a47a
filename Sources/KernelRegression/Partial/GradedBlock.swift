internal import RealModule

/// Keys about one query whose log-weights are alike, in triangular form.
struct GradedBlock: Equatable {
  /// ⌊ln w/12⌋ of the keys.
  var level: Int

  /// One for each coefficient; the first always has weight.
  var rows: [GradedRow]

  /// ln w of the lightest key.
  var least: Double

  /// The log-weights of a level.
  ///
  /// What rounding does to a block's mean, times what values differ by, meets the scatter of its lightest
  /// keys: at exp(12) some ten digits are left.
  static var levelWidth: Double { 12 }

  /// ln of the weight below which a lighter key changes no digit of what heavier ones determine.
  private static var greatestGap: Double { 60 }

  static func level(ofLogWeight logWeight: Double) -> Int {
    Int((logWeight / levelWidth).rounded(.down).clamped(to: -0x1p62...0x1p62))
  }

  /// ln Σw.
  var logWeight: Double {
    let weight = rows[0].weight
    return weight.high + (weight.low + .log(weight.factor))
  }

  /// The same with t counted from another centre.
  func moved(by shift: [Double]) -> GradedBlock {
    var moved = self
    for input in shift.indices { moved.rows[0].entries[input + 1] += shift[input] }
    return moved
  }

  /// The triangular form of the keys of both.
  func merging(_ other: GradedBlock) -> GradedBlock {
    let mine = rows.filter { $0.weight.factor > 0 }
    var others = other.rows.filter { $0.weight.factor > 0 }
    var all = mine
    // Keys at the same place make one row of their sum and mean: in two, what their values differ by
    // would meet rounding.
    if mine[0].entries == others[0].entries {
      all[0] = mine[0].pooled(with: others[0])
      others.removeFirst()
    }
    all += others
    let top = all[0].weight
    let roots = all.map {
      Double.exp($0.weight.logRatio(to: top) / 2) * .sqrt($0.weight.factor)
    }
    return GradedBlock(
      level: level, rows: Self.triangular(all, roots), least: min(least, other.least))
  }

  /// The rows of blocks together, brought so near to each other that they meet in double precision.
  ///
  /// Where nothing lies between two blocks for more than ``greatestGap``, how much more changes no digit. Only
  /// the first row's weight is right then.
  static func combined(_ blocks: [GradedBlock]) -> [GradedRow] {
    guard blocks.count > 1 else { return blocks[0].rows }
    let top = blocks[0].rows[0].weight
    var rows: [GradedRow] = []
    var roots: [Double] = []
    var lift = 0.0
    var least = blocks[0].logWeight
    for block in blocks {
      lift += max(0, least - block.logWeight - greatestGap)
      least = min(least, block.least)
      for row in block.rows where row.weight.factor > 0 {
        rows.append(row)
        roots.append(
          .exp((row.weight.logRatio(to: top) + lift) / 2) * .sqrt(row.weight.factor))
      }
    }
    return triangular(rows, roots)
  }

  /// - Parameters:
  ///   - rows: with weight.
  ///   - roots: what stands for the roots of their weights.
  private static func triangular(_ rows: [GradedRow], _ roots: [Double]) -> [GradedRow] {
    let count = rows[0].entries.count
    let valueCount = rows[0].means.count
    var elimination = GradedElimination(
      rootWeights: roots,
      design: (0..<count).flatMap { column in
        zip(rows, roots).map { $0.entries[column] * $1 }
      },
      targets: (0..<valueCount).map { value in zip(rows, roots).map { $0.means[value] * $1 } })
    return elimination.triangular(columns: count, valueCount: valueCount) { origin, diagonal in
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
  /// Reduces all columns.
  ///
  /// - Parameters:
  ///   - scales: what each column was divided by.
  ///   - weight: the weight of the row that stems from one of the given, by its diagonal.
  mutating func triangular(
    columns count: Int, valueCount: Int, scales: [Double]? = nil,
    weight: (_ origin: Int, _ diagonal: Double) -> AnchoredWeight
  ) -> [GradedRow] {
    var places: [Int?] = []
    var next = 0
    for column in 0..<count {
      let isDetermined = eliminate(column, at: next)
      places.append(isDetermined ? next : nil)
      if isDetermined { next += 1 }
    }
    let targets = (0..<valueCount).map { reducedTargets($0) }
    return places.enumerated().map { column, place in
      var row = GradedRow.none(column, of: count, valueCount: valueCount)
      guard let place else { return row }
      let diagonal = element(place, column) * (scales?[column] ?? 1)
      row.weight = weight(origins[place], diagonal)
      for later in column + 1..<max(count, column + 1) {
        row.entries[later] = element(place, later) * (scales?[later] ?? 1) / diagonal
      }
      row.means = targets.map { $0[place] / diagonal }
      return row
    }
  }
}
