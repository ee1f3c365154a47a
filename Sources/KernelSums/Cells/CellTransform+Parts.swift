internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

// The sums of some keys as a part of those of more.
//
// A certificate asks that E, the error of a sum, be small beside the part itself. As one of up to 2⁵ parts
// of a whole it need only be small beside what is known of the whole, by 2⁻⁵ as much: then all of them
// together err by as much as one transform of all keys would. A query in no cell is so far away
// that the part can be 0, if all its keys in one place as near as their range comes are nothing either.
extension CellTransform {
  private static var shareOfWhole: Double { 1 }

  /// The sums at each query of a range, of keys that are a part of those that the queries attend to.
  func sums(
    at queries: Points, in range: Range<Int>, squares: Bool, beside known: KnownSums,
    execution: Execution
  ) -> AnchoredSums {
    AnchoredSums(count: range.count, columnCount: problem.sumCount, execution: execution) {
      results in
      let logScale = problem.orders.weights(problem).logScale
      results.logAnchors.update(repeating: logScale, count: range.count)
      if !squares { results.squaredWeights.update(repeating: .nan, count: range.count) }
      var uncertain = wide.sums(
        at: queries, in: range, own: .none, weights: results.weights,
        squaredWeights: squares ? results.squaredWeights : nil,
        columns: (0..<problem.sumCount).map { results.column($0) }, execution: execution
      ).filter { slot in
        let point = queries[range.lowerBound + slot]
        guard let row = wide.table.row(of: point) else {
          guard isNothing(at: point, beside: known, slot, squares, logScale) else { return true }
          results.clear(slot, squares: squares)
          return false
        }
        let share = Self.shareOfWhole
        func whole(_ column: Int) -> Double {
          share
            * (known.column(column, slot, logScale: logScale) + results.column(column)[slot])
        }
        let weight =
          share * (known.weight(slot, logScale: logScale) + results.weights[slot])
        guard wide.table.isCertain(row, weight: weight, column: whole) else { return true }
        guard squares else { return false }
        let squared =
          share
          * (known.squaredWeight(slot, logScale: logScale) + results.squaredWeights[slot])
        return !wide.isCertain(point, squaredWeight: squared, execution: execution)
      }
      if uncertain.count >= Self.worthNarrowCells, problem.keys.count >= 1 << 14 {
        uncertain = narrowSums(
          ofSlots: uncertain, at: queries, in: range, omission: .none, squares: squares,
          execution: execution, into: results)
      }
      guard !uncertain.isEmpty else { return }
      NearbyDirect(problem).sums(
        ofQueries: uncertain.map { range.lowerBound + $0 }, at: queries, omission: .none,
        squares: squares, execution: execution, into: results, first: range.lowerBound)
    }
  }

  /// Whether all keys together are nothing beside the whole at a place outside the cells.
  private func isNothing(
    at point: ArraySlice<Double>, beside known: KnownSums, _ slot: Int, _ squares: Bool,
    _ logScale: Double
  ) -> Bool {
    let ranges = problem.orders.ranges(problem, execution: Execution(threads: 1))
    var (near, far) = (1.0, 0.0)
    for (input, place) in point.enumerated() {
      let range = ranges.inputs[input]
      let bandwidth = problem.similarity.bandwidths[input]
      let outside = max(range.lowerBound - place, place - range.upperBound, 0)
      near *= problem.similarity.kernel.profile(outside / bandwidth)
      far = max(far, place - range.lowerBound, range.upperBound - place) / bandwidth
    }
    let power = Double.pow(1 + far, Double(2 * problem.degree))
    let most =
      wide.totalWeight * near * power * 2 / (plan.accuracy * Self.shareOfWhole)
    let weight = known.weight(slot, logScale: logScale)
    guard most <= weight else { return false }
    if squares {
      let squared = known.squaredWeight(slot, logScale: logScale)
      guard most * near <= squared else { return false }
    }
    guard problem.degree == 0 else { return true }
    return problem.columns.indices.allSatisfy { column in
      let magnitude = ranges.magnitudes[column]
      return most * magnitude
        <= max(
          known.column(column, slot, logScale: logScale).magnitude,
          CellTable.floor * magnitude * weight)
    }
  }
}

extension CellTable {
  /// The row in which a query lies.
  func row(of point: ArraySlice<Double>) -> Int? {
    var row = 0
    for (place, axis) in zip(point, grid.axes) {
      let cell = ((place - axis.lowest) * axis.loops.inverse_width).rounded(.down)
      guard cell >= 0, cell < Double(axis.count) else { return nil }
      row = row * axis.count + Int(cell)
    }
    guard dimension == 1 else { return row }
    let first = Int(grid.pages[row >> grid.pageBits])
    return first < 0 ? nil : first + row & (1 << grid.pageBits - 1)
  }

  /// Whether the errors of a row are small beside given sums.
  func isCertain(_ row: Int, weight: Double, column: (Int) -> Double) -> Bool {
    let certificate = certificates.base + row * certificateStride
    guard weight >= certificate[0] else { return false }
    return outputs.sums.enumerated().allSatisfy { index, run in
      let size = max(
        column(run.place).magnitude, certificate[2 + 2 * index], floors[index] * weight)
      return size >= certificate[1 + 2 * index]
    }
  }
}

extension UnsafeSums {
  /// Sets the sums of a query to 0.
  fileprivate func clear(_ slot: Int, squares: Bool) {
    weights[slot] = 0
    if squares { squaredWeights[slot] = 0 }
    for index in 0..<columnCount { column(index)[slot] = 0 }
  }
}
