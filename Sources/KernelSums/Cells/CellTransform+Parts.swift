internal import RealModule
package import SimilarityKernels
internal import _CKernelSums

// The sums of some keys as a part of those of more.
//
// A certificate asks that E, the error of a sum, be small beside the sum itself. A part's need only be small
// beside the whole, of which the parts summed before tell a lower bound. Let there be up to 32 parts b, each
// planned for a quarter of the accuracy ε, with
//
//     E_b ≤ (ε/8) (s_b + S/16)
//
// where s_b is what the certificate compares a sum with, for Σw that itself, for a column the largest of
// |Σwc|, Σw|c| from cell to cell and floor·Σw; and S is the same of the parts known before. The parts' Σw add
// up to W, and to no more than W at any time, so that the errors of Σw add up to
//
//     Σ E_b ≤ (ε/8) (W + 32 W/16) = (3/8) ε W.
//
// For a column, with M = Σw|c|, the largest of several in each part adds up to no more than M + floor·W, and
// what is known before is at most the larger of the two:
//
//     Σ E_b ≤ (ε/8) (M + floor·W + 2 max(M, floor·W)) ≤ (ε/2) max(M, floor·W).
//
// So a ratio errs by ε, as one transform of all keys would. Parts that are summed key by key, or from narrow
// cells, err by less than their certificate's share. There are 32 parts at most because blocks double from
// 256 keys on and rows have numbers of 32 bits. To ask for ε/64 of the whole instead, without the part's own
// sum, would serve too, and leave three queries of four uncertain where a part is nearly all of the whole.
//
// A query in no cell is so far away that the part can be 0, if all its keys in one place as near as their
// range comes are nothing either. Their weights and the whole are compared by logarithms: far away both round
// to 0, and 0 is not less than 0.
extension CellTransform {
  /// The part of the accuracy that parts of a whole are planned for.
  static var accuracyOfParts: Double { 1 / 4 }

  /// The part of what is known that counts beside a part's own sum.
  private static var shareOfKnown: Double { 1 / 16 }

  /// The sums at each query of a range, of keys that are a part of those that the queries attend to.
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

  /// Whether all keys together are nothing beside the whole at a place outside the cells.
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
    // Logarithms that leave the range of doubles compare nothing.
    guard near.isFinite, far.isFinite, weight.isFinite else { return false }
    // Both have errors of some units in the last place.
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
    // Against the largest |c| there is, the floor of every column is this.
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
