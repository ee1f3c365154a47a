internal import _CKernelSums

/// The moments of a tile's keys about a query, summed over tiles.
///
/// Σ w u^a for 1 ≤ |a| ≤ 2p, then for each column c Σ w u^a c for |a| ≤ p; see ``KernelSumProblem``.
final class TileMoments {
  /// The number of moments.
  let count: Int

  private let columnCount: Int
  private let powers: (weights: Int, column: Int)
  private let loops: nadaraya_node_loops
  private let parents: UnsafeMutableBufferPointer<Int>
  private let factors: UnsafeMutableBufferPointer<Int>
  private let room: AlignedMemory

  init(degree: Int, dimension: Int, columnCount: Int, loops: nadaraya_node_loops) {
    let monomials = Monomials(dimension: dimension, degree: 2 * degree)
    powers = (monomials.count, Monomials.count(dimension: dimension, degree: degree))
    count = powers.weights - 1 + columnCount * powers.column
    self.columnCount = columnCount
    self.loops = loops
    parents = .allocate(capacity: monomials.count)
    _ = parents.initialize(from: monomials.parents)
    factors = .allocate(capacity: monomials.count)
    _ = factors.initialize(from: monomials.factors)
    room = AlignedMemory(count: PaddedColumns.padded(monomials.count))
  }

  deinit {
    parents.deallocate()
    factors.deallocate()
  }

  /// Adds a tile's moments to sums, and their rounding errors to `lost`.
  func add(
    _ tile: nadaraya_tile, weights: UnsafePointer<Double>,
    columns: UnsafeMutableBufferPointer<UnsafePointer<Double>?>,
    to sums: UnsafeMutablePointer<Double>, lost: UnsafeMutablePointer<Double>
  ) {
    // The first moment is Σw, which is summed separately.
    take(tile, powers.weights, weights, nil)
    add(from: 1, powers.weights - 1, to: sums, lost: lost)
    for column in 0..<columnCount {
      take(tile, powers.column, weights, columns[column])
      let place = powers.weights - 1 + column * powers.column
      add(from: 0, powers.column, to: sums + place, lost: lost + place)
    }
  }

  private func take(
    _ tile: nadaraya_tile, _ count: Int, _ weights: UnsafePointer<Double>,
    _ column: UnsafePointer<Double>?
  ) {
    var tile = tile
    var features = nadaraya_features(
      count: count, parents: parents.baseAddress, factors: factors.baseAddress)
    loops.moments(&tile, &features, weights, column, room.base)
  }

  private func add(
    from first: Int, _ count: Int, to sums: UnsafeMutablePointer<Double>,
    lost: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count {
      CompensatedSum.add(room.base[first + index], to: &sums[index], lost: &lost[index])
    }
  }
}
