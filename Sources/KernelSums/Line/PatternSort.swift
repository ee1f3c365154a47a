// A stable sort of doubles that carries their row numbers along.
//
// Goals, in order: (1) the order is stable for any numbers; (2) time proportional to their count for
// any distribution; (3) little traffic: a million random doubles move three times.
//
// Doubles sort like their bit patterns once the sign is handled, so this is a radix sort. It takes most
// significant digits first, because after two digits a run of random numbers is in the first-level
// cache and contains a handful of numbers, which insertion sorts. A digit that is equal in all numbers
// moves nothing. Starting from the least significant digit, a million doubles would move six times.
//
// Source: A. Andersson and S. Nilsson, Implementing radixsort, ACM Journal of Experimental
// Algorithmics 3 (1998), doi:10.1145/297096.297136.

extension Double {
  /// A number with the same order as the double; −0 and 0 have the same number.
  var orderedPattern: UInt64 {
    let bits = (self + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  init(orderedPattern: UInt64) {
    self.init(
      bitPattern: orderedPattern >> 63 == 1 ? orderedPattern & ~(1 << 63) : ~orderedPattern)
  }
}

/// Pointers to patterns and the rows they came from.
struct PatternRun {
  let patterns: UnsafeMutablePointer<UInt64>
  let rows: UnsafeMutablePointer<UInt32>

  static func + (run: Self, offset: Int) -> Self {
    Self(patterns: run.patterns + offset, rows: run.rows + offset)
  }
}

extension PatternRun {
  /// The widest digit: its counters and the places they point to fit the second-level cache.
  static var widestDigit: Int { 11 }

  /// The length of runs that insertion sorts faster than counting.
  private static var insertionLength: Int { 20 }

  /// Sorts by the bits below `top`, the only ones in which the patterns differ.
  ///
  /// - Parameters:
  ///   - other: room of the same size.
  ///   - intoOther: whether the result goes there.
  /// - Complexity: O(count), at most once for each 4 bits.
  func sort(count: Int, belowBit top: Int, other: PatternRun, intoOther: Bool) {
    guard count > Self.insertionLength && top > 0 else {
      return sortByInsertion(count: count, into: intoOther ? other : self)
    }
    let bits = min(top, Self.widestDigit, max(4, Int.bitWidth - count.leadingZeroBitCount - 3))
    let shift = UInt64(top - bits)
    let mask = UInt64(1) << UInt64(bits) - 1
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(mask) + 1) { places in
      guard let places = places.baseAddress else { return }
      places.initialize(repeating: 0, count: Int(mask) + 1)
      for index in 0..<count { places[Int(patterns[index] >> shift & mask)] &+= 1 }
      if places[Int(patterns[0] >> shift & mask)] == UInt32(count) {
        return sort(count: count, belowBit: Int(shift), other: other, intoOther: intoOther)
      }
      var sum: UInt32 = 0
      for digit in 0...Int(mask) {
        let next = sum &+ places[digit]
        places[digit] = sum
        sum = next
      }
      for index in 0..<count {
        let pattern = patterns[index]
        let digit = Int(pattern >> shift & mask)
        let place = Int(places[digit])
        places[digit] &+= 1
        other.patterns[place] = pattern
        other.rows[place] = rows[index]
      }
      // Each place is now the end of its digit's run.
      var start = 0
      for digit in 0...Int(mask) {
        let end = Int(places[digit])
        if end > start {
          (other + start).sort(
            count: end - start, belowBit: Int(shift), other: self + start, intoOther: !intoOther)
        }
        start = end
      }
    }
  }

  private func sortByInsertion(count: Int, into target: PatternRun) {
    for index in 0..<count {
      let pattern = patterns[index]
      let row = rows[index]
      var place = index
      while place > 0 && target.patterns[place - 1] > pattern {
        target.patterns[place] = target.patterns[place - 1]
        target.rows[place] = target.rows[place - 1]
        place -= 1
      }
      target.patterns[place] = pattern
      target.rows[place] = row
    }
  }
}
