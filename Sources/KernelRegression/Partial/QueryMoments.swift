internal import RealModule
internal import SimilarityKernels

/// Plain moments of the keys about one query, for degree 1, as a database sums them.
///
/// ```
/// Σw,  Σw uⱼ,  Σw uⱼ uₗ for j ≤ l,  then for each value Σwv, Σw uⱼ v,   u = (k − q)/h
/// ```
package struct QueryMoments {
  /// ln of the weight by which the sums are divided.
  private var anchor: Double
  private var sums: [Double]
  /// The least and the greatest key in each input.
  private var ranges: [(least: Double, greatest: Double)]
  private let inputs: Int
  private let valueCount: Int

  /// - Parameter numbers: the anchor, the sums in their order, then the range of each input.
  package init?(_ numbers: [Double], inputs: Int, valueCount: Int) {
    let count = (inputs + 1) * (inputs + 2) / 2 + valueCount * (inputs + 1)
    guard numbers.count == 1 + count + 2 * inputs, numbers.allSatisfy(\.isFinite), numbers[1] > 0
    else { return nil }
    anchor = numbers[0]
    sums = Array(numbers[1...count])
    ranges = (0..<inputs).map {
      (numbers[1 + count + 2 * $0], numbers[2 + count + 2 * $0])
    }
    self.inputs = inputs
    self.valueCount = valueCount
  }

  package mutating func merge(_ other: QueryMoments) {
    let (heavy, light) = anchor >= other.anchor ? (self, other) : (other, self)
    let factor = Double.exp(light.anchor - heavy.anchor)
    anchor = heavy.anchor
    sums = zip(heavy.sums, light.sums).map { $0 + factor * $1 }
    ranges = zip(ranges, other.ranges).map {
      (min($0.least, $1.least), max($0.greatest, $1.greatest))
    }
  }

  private var isOnePlace: Bool { ranges.allSatisfy { $0.least == $0.greatest } }

  /// The triangular form; nil where the moments do not determine it well.
  ///
  /// The keys of one place determine no slope, and their mean is exact.
  ///
  /// - Parameter isCompact: whether keys may have no weight. If all have some, keys at other places are
  ///   merely too light for the sums, and still decide the slope.
  func fit(about query: ArraySlice<Double>, isCompact: Bool) -> PartialFit? {
    let count = inputs + 1
    let weight = AnchoredWeight(high: anchor, low: 0, factor: sums[0])
    let logWeight = anchor + .log(sums[0])
    func block(_ rows: [GradedRow]) -> PartialFit {
      PartialFit(
        centre: Array(query.prefix(inputs)),
        blocks: [
          GradedBlock(
            level: GradedBlock.level(ofLogWeight: logWeight), rows: rows, least: logWeight - 60)
        ])
    }
    func moment(_ row: Int, _ column: Int) -> Double {
      let (first, second) = (min(row, column), max(row, column))
      // The upper triangle is stored row by row.
      return sums[first * count - first * (first - 1) / 2 + second - first]
    }
    func target(_ value: Int, _ row: Int) -> Double {
      sums[count * (count + 1) / 2 + value * count + row]
    }
    guard !isOnePlace else {
      guard isCompact else { return nil }
      var rows = (0..<count).map { GradedRow.none($0, of: count, valueCount: valueCount) }
      rows[0].weight = weight
      rows[0].means = (0..<valueCount).map { target($0, 0) / sums[0] }
      for input in 0..<inputs { rows[0].entries[input + 1] = moment(0, input + 1) / sums[0] }
      return block(rows)
    }
    var factor = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    let scales = (0..<count).map { 1 / Double.sqrt(moment($0, $0)) }
    guard scales.allSatisfy(\.isFinite) else { return nil }
    for row in 0..<count {
      for column in 0...row {
        var element = moment(row, column) * scales[row] * scales[column]
        for before in 0..<column { element -= factor[row][before] * factor[column][before] }
        if column < row {
          factor[row][column] = element / factor[column][column]
        } else {
          guard element >= MomentFit.leastPivot else { return nil }
          factor[row][row] = .sqrt(element)
        }
      }
    }
    let solutions = (0..<valueCount).map { value in
      var vector = (0..<count).map { target(value, $0) * scales[$0] }
      for row in 0..<count {
        for before in 0..<row { vector[row] -= factor[row][before] * vector[before] }
        vector[row] /= factor[row][row]
      }
      return vector
    }
    return block(
      (0..<count).map { row in
        let diagonal = factor[row][row] / scales[row]
        var reduced = GradedRow.none(row, of: count, valueCount: valueCount)
        reduced.weight = AnchoredWeight(high: anchor, low: 0, factor: 1)
          .scaled(bySquareOf: diagonal)
        for later in row + 1..<max(count, row + 1) {
          reduced.entries[later] = factor[later][row] / scales[later] / diagonal
        }
        reduced.means = solutions.map { $0[row] / diagonal }
        return reduced
      })
  }
}

extension PartialSums {
  /// Adds moments at a query.
  ///
  /// - Returns: false if they do not determine a line to about ten digits.
  package mutating func merge(_ moments: QueryMoments, ofQuery query: Int) -> Bool {
    guard
      let fit = moments.fit(about: queries[query], isCompact: !similarity.kernel.hasLogProfile)
    else { return false }
    merge(fit, atQuery: query)
    return true
  }
}
