internal import SimilarityKernels

extension NeighborSearch {
  /// The same in several inputs, by visiting all keys.
  func widthsInSpace(
    _ ranks: [Int], from query: UnsafeBufferPointer<Double>, excluding excluded: Int?
  ) -> [NeighborWidth] {
    let rows = excluded.map { excluded in self.rows.filter { $0 != excluded } } ?? self.rows
    return keys.coordinates.withUnsafeBufferPointer { coordinates in
      // Squares of distances above 2⁵⁰⁰ or below 2⁻⁵⁰⁰ leave the range of doubles.
      func squares(_ scale: Double) -> [Double] {
        rows.map { row in
          let first = row * query.count
          return query.indices.reduce(0) { square, input in
            let difference =
              (query[input] - coordinates[first + input]) * scale / scales[input]
            return square + difference * difference
          }
        }
      }
      let plain = squares(1)
      return ranks.map { rank in
        var (scale, all) = (1.0, plain)
        var square = all.smallest(rank)
        let rescue = square < 1e-280 ? [0x1p500, 0x1p1000] : [0x1p-600, 0x1p-1000]
        for other in rescue where square < 1e-280 || square == .infinity {
          scale = other
          all = squares(scale)
          square = all.smallest(rank)
        }
        // Exact differences distinguish distances that are equal in double precision.
        let margin = KeyTree.margin(dimension: query.count) * square
        let nearer = all.count { $0 < square - margin }
        let candidates = all.indices.filter { abs(all[$0] - square) <= margin }
        let row =
          candidates.count < 2
          ? rows[candidates.first ?? 0]
          : self.row(rank - nearer, of: candidates.map { rows[$0] }, query, scale)
        return NeighborWidth(key: row, distance: square.squareRoot() / scale)
      }
    }
  }

  /// The key of a rank among some whose distances are nearly equal.
  private func row(
    _ rank: Int, of candidates: [Int], _ query: UnsafeBufferPointer<Double>, _ scale: Double
  ) -> Int {
    let excesses = candidates.map { row in
      (
        row: row,
        excess: query.indices.reduce(DoubleDouble.zero) { sum, input in
          sum
            + DistancePair(
              query: query[input], key: keys.coordinates[row * query.count + input],
              reference: keys.coordinates[candidates[0] * query.count + input],
              bandwidth: scales[input], scale: scale
            ).differenceOfSquares
        }
      )
    }
    return excesses.sorted { ($0.excess - $1.excess).value < 0 }[rank - 1].row
  }
}

extension [Double] {
  /// The number of a rank in ascending order, counted from 1.
  ///
  /// - Complexity: O(n) on average, by C. A. R. Hoare's selection (1961), doi:10.1145/366622.366647.
  func smallest(_ rank: Int) -> Double {
    var numbers = self
    return numbers.withUnsafeMutableBufferPointer { numbers in
      var (low, high) = (0, numbers.count - 1)
      while low < high {
        let middle = low + (high - low) / 2
        let pivot = [numbers[low], numbers[middle], numbers[high]].sorted()[1]
        var (left, right) = (low, high)
        while left <= right {
          while numbers[left] < pivot { left += 1 }
          while numbers[right] > pivot { right -= 1 }
          guard left <= right else { break }
          numbers.swapAt(left, right)
          left += 1
          right -= 1
        }
        if rank - 1 <= right {
          high = right
        } else if rank - 1 >= left {
          low = left
        } else {
          return numbers[rank - 1]
        }
      }
      return numbers[rank - 1]
    }
  }
}
