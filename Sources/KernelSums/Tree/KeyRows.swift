internal import RealModule

/// Rows of doubles, compared by one of their columns.
struct KeyRows {
  let base: UnsafeMutablePointer<Double>
  /// The numbers in a row.
  let width: Int
  /// The column that is compared.
  let input: Int

  subscript(row: Int) -> Double { base[row * width + input] }

  private func swap(_ first: Int, _ second: Int) {
    let (first, second) = (base + first * width, base + second * width)
    for column in 0..<width {
      let number = first[column]
      first[column] = second[column]
      second[column] = number
    }
  }

  /// Moves rows of a run so that none before `place` is greater than the row there and none after
  /// it is less.
  ///
  /// Rows that are equal to the pivot are swapped too, so that many of them do no harm.
  ///
  /// - Complexity: O(rows) on average, with some 1.5 comparisons a row.
  ///
  /// ## Source
  /// R. W. Floyd and R. L. Rivest, Algorithm 489: The algorithm SELECT, Communications of the ACM 18
  /// (1975), doi:10.1145/360680.360694.
  func select(_ place: Int, in run: Range<Int>) {
    var (left, right) = (run.lowerBound, run.upperBound - 1)
    while right > left {
      if right - left > 600 {
        narrow(to: place, left, right)
      }
      let pivot = self[place]
      var (i, j) = (left, right)
      swap(left, place)
      if self[right] > pivot { swap(left, right) }
      while i < j {
        swap(i, j)
        i += 1
        j -= 1
        while self[i] < pivot { i += 1 }
        while self[j] > pivot { j -= 1 }
      }
      if self[left] == pivot {
        swap(left, j)
      } else {
        j += 1
        swap(j, right)
      }
      if j <= place { left = j + 1 }
      if place <= j { right = j - 1 }
    }
  }

  /// Selects within a sample around `place`, so that the row there is a pivot close to the right one.
  private func narrow(to place: Int, _ left: Int, _ right: Int) {
    let size = Double(right - left + 1)
    let rank = Double(place - left + 1)
    let log = Double.log(size)
    let sample = 0.5 * .exp(2 * log / 3)
    let side: Double = rank < size / 2 ? -1 : 1
    let deviation = 0.5 * .sqrt(log * sample * (size - sample) / size) * side
    let first = max(left, Int(Double(place) - rank * sample / size + deviation))
    let last = min(right, Int(Double(place) + (size - rank) * sample / size + deviation))
    guard first <= place, place <= last else { return }
    select(place, in: first..<last + 1)
  }
}
