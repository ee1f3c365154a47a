internal import RealModule
package import SimilarityKernels
internal import _CKernelSums

// The sums of some keys as a part of a larger sum.
//
// A certificate requires that E, the error of a sum, be small relative to the sum itself. A part's
// error need only be small relative to the whole, and the parts summed before give a lower bound on the
// whole. Let there be up to 32 parts b, each planned for a quarter of the accuracy ε, with
//
//     E_b ≤ (ε/8) (s_b + S/16)
//
// where s_b is the size that the certificate compares an error with: for Σw the sum itself, for a
// column the largest of |Σwc|, Σw|c| from cell to cell and floor·Σw; and S is the same for the parts
// known before. The parts' Σw add up to W, and to no more than W at any time, so the errors of Σw add
// up to
//
//     Σ E_b ≤ (ε/8) (W + 32 W/16) = (3/8) ε W.
//
// For a column, with M = Σw|c|, the sizes s_b add up to no more than M + floor·W, and S is at most the
// larger of the two:
//
//     Σ E_b ≤ (ε/8) (M + floor·W + 2 max(M, floor·W)) ≤ (ε/2) max(M, floor·W).
//
// So a ratio errs by ε, as with one transform of all keys. Parts that are summed key by key, or from
// narrow cells, err by less than their certificate's share. There are at most 32 parts because blocks
// double from 256 keys on and rows have 32-bit numbers. Requiring ε/64 of the whole instead, without
// the part's own sum, would also work, but would leave three queries of four uncertain where a part is
// nearly all of the whole.
//
// A query in no cell is far away. The part can be 0 there if all its keys, moved to the nearest point
// of their range, would still be negligible. Their weights and the whole are compared by logarithms:
// far away both round to 0, and 0 is not less than 0.
extension CellTransform {
  /// The fraction of the accuracy that parts of a whole are planned for.
  static var accuracyOfParts: Double { 1 / 4 }

  /// The fraction of the known sums that is added to a part's own sum.
  private static var shareOfKnown: Double { 1 / 16 }

  /// The sums at each query of a range, over some of the keys that the queries attend to.
  package func sums(
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
          guard isNothing(at: point, beside: known, slot, squares) else { return true }
          results.clear(slot, squares: squares)
          return false
        }
        let share = Self.shareOfKnown
        let weight = results.weights[slot] + share * known.weight(slot, logScale: logScale)
        func column(_ column: Int) -> Double {
          results.column(column)[slot].magnitude
            + share * known.column(column, slot, logScale: logScale).magnitude
        }
        guard wide.table.isCertain(row, weight: weight, column: column) else { return true }
        guard squares else { return false }
        let squared =
          results.squaredWeights[slot] + share * known.squaredWeight(slot, logScale: logScale)
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

  /// Whether all keys together are negligible relative to the whole at a point outside the cells.
  private func isNothing(
    at point: ArraySlice<Double>, beside known: KnownSums, _ slot: Int, _ squares: Bool
  ) -> Bool {
    let ranges = problem.orders.ranges(problem, execution: Execution(threads: 1))
    var (near, far) = (0.0, 0.0)
    for (input, place) in point.enumerated() {
      let range = ranges.inputs[input]
      let bandwidth = problem.similarity.bandwidths[input]
      let outside = max(range.lowerBound - place, place - range.upperBound, 0)
      near += problem.similarity.kernel.logProfile(outside / bandwidth) ?? 0
      far = max(far, max(place - range.lowerBound, range.upperBound - place) / bandwidth)
    }
    let weight = known.logWeight(slot)
    // Logarithms outside the range of doubles cannot be compared.
    guard near.isFinite, far.isFinite, weight.isFinite else { return false }
    // Both have errors of a few units in the last place.
    near += 16 * .ulpOfOne * (near.magnitude + weight.magnitude)
    let most =
      near + .log(wide.totalWeight) + problem.orders.weights(problem).logScale
      + Double(2 * problem.degree) * .log(onePlus: far)
      + .log(2 / (plan.accuracy * Self.shareOfKnown))
    guard most <= weight else { return false }
    if squares {
      // No scaled weight is above 2.
      let largest = near + problem.orders.weights(problem).logScale + .log(2)
      guard most + largest <= known.logSquaredWeight(slot) else { return false }
    }
    // This is the floor of every column relative to the largest |c|.
    let floor = weight + .log(CellTable.floor)
    guard most > floor else { return true }
    return problem.degree == 0
      && problem.columns.indices.allSatisfy { column in
        let magnitude = ranges.magnitudes[column]
        return magnitude == 0 || most + .log(magnitude) <= known.logColumn(column, slot)
      }
  }
}

extension CellTable {
  /// The row that contains a query.
  func row(of point: ArraySlice<Double>) -> Int? {
    var row = 0
    for (place, axis) in zip(point, grid.axes) {
      let cell = ((place - axis.lowest) * (1 / axis.width)).rounded(.down)
      guard cell >= 0, cell < Double(axis.count) else { return nil }
      row = row * axis.count + Int(cell)
    }
    guard dimension == 1 else { return row }
    let first = Int(grid.pages[row >> grid.pageBits])
    return first < 0 ? nil : first + row & (1 << grid.pageBits - 1)
  }

  /// Whether the errors of a row are small relative to given sums.
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
