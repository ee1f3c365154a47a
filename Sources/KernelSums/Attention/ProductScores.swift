// Scores that are products of coordinates: s·(q·k) and the cosine.
//
// Goals, in order: (1) no NaN for any finite coordinates: where a product leaves the range of doubles,
// the key with the largest wins and ties share; (2) full accuracy elsewhere; (3) speed.
//
// A row whose sums are all finite is used as it is. Otherwise, query and keys are divided by powers of
// two that bring their largest coordinates to [1, 2), so that sums are at most 4d. They are compared at
// this scale, where ties are exact, and their differences to the largest are multiplied back: 0 stays 0
// and overflow becomes −∞, a share of 0. If this pushes a key's sum below the range of doubles, the
// change is less than the last place of the largest.
//
// For the cosine, points are first divided by their norms at the same scale, so that nothing can
// overflow; the origin is unchanged.

internal import RealModule
internal import SimilarityKernels

/// The products of queries with all keys.
struct ProductScores: Sendable {
  /// The keys, normalised for the cosine.
  let keys: Points
  let isCosine: Bool
  let scale: Double

  /// The power of two of the largest coordinate among the keys.
  private let exponent: Int

  init(_ keys: Points, isCosine: Bool, scale: Double) {
    self.keys = isCosine ? keys.normalized : keys
    self.isCosine = isCosine
    self.scale = scale
    exponent = Self.exponent(of: keys.coordinates.largestMagnitude)
  }

  private static func exponent(of magnitude: Double) -> Int {
    // Below this, 2^−exponent would overflow; nothing else can.
    magnitude > 0 ? max(Int(magnitude.exponent), -1000) : 0
  }

  /// Writes the scores of a run of keys, or numbers with the same differences.
  func write(
    _ slots: UnsafeMutableBufferPointer<Double>, of run: Range<Int>, at query: [Double],
    isLeftOut: (Int) -> Bool
  ) {
    let query =
      isCosine ? Points(rowMajor: query, dimension: keys.dimension).normalized.coordinates : query
    multiply(query, by: 0, run, into: slots)
    var isFinite = true
    for (slot, key) in run.enumerated() {
      if isLeftOut(key) {
        slots[slot] = -.infinity
      } else if !(slots[slot] * scale).isFinite {
        isFinite = false
      }
    }
    guard !isFinite else {
      for slot in slots.indices { slots[slot] *= slots[slot] > -.infinity ? scale : 1 }
      return
    }
    let own = Self.exponent(of: query.largestMagnitude)
    let sign: Double = scale < 0 ? -1 : 1
    multiply(query.map { sign * $0 * .power(-own) }, by: -exponent, run, into: slots)
    for (slot, key) in run.enumerated() where isLeftOut(key) { slots[slot] = -.infinity }
    slots.lowerToLargest()
    // A small scale is applied first, so that no intermediate product overflows.
    let powers = isCosine ? 0 : own + exponent
    for slot in slots.indices where slots[slot] != 0 && slots[slot] > -.infinity {
      slots[slot] = slots[slot].times(scale.magnitude, power: powers)
    }
  }

  /// Writes q·k·2^shift.
  private func multiply(
    _ query: [Double], by shift: Int, _ run: Range<Int>,
    into slots: UnsafeMutableBufferPointer<Double>
  ) {
    let dimension = keys.dimension
    let factor = isCosine ? 1 : Double.power(shift)
    query.withUnsafeBufferPointer { query in
      keys.coordinates.withUnsafeBufferPointer { coordinates in
        for (slot, key) in run.enumerated() {
          let first = key * dimension
          // Four sums of products hide each other's latency and quarter the roundings.
          var sums = SIMD4<Double>()
          var input = 0
          while input + 4 <= dimension {
            let place = first + input
            let four = SIMD4(
              coordinates[place], coordinates[place + 1], coordinates[place + 2],
              coordinates[place + 3])
            let others = SIMD4(query[input], query[input + 1], query[input + 2], query[input + 3])
            sums += (shift == 0 ? four : four * factor) * others
            input += 4
          }
          var sum = (sums[0] + sums[1]) + (sums[2] + sums[3])
          while input < dimension {
            let coordinate = coordinates[first + input]
            sum += (shift == 0 ? coordinate : coordinate * factor) * query[input]
            input += 1
          }
          slots[slot] = sum
        }
      }
    }
  }
}

extension Double {
  /// 2ⁿ for |n| ≤ 1022, and 2^−1023.
  fileprivate static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// self·factor·2^power, rounded once or twice; infinite only where the product is.
  fileprivate func times(_ factor: Double, power: Int) -> Double {
    guard factor != 0 else { return 0 }
    let shift = power + Int(factor.exponent)
    return Double(
      sign: .plus, exponent: shift, significand: self * factor.significand)
  }
}

extension Points {
  /// Every point divided by its norm; the origin as it is.
  fileprivate var normalized: Points {
    var coordinates = coordinates
    for point in indices {
      let range = point * dimension..<(point + 1) * dimension
      let largest = coordinates[range].reduce(0) { Swift.max($0, $1.magnitude) }
      guard largest > 0 else { continue }
      let scale = Double.power(-Swift.max(Int(largest.exponent), -1000))
      var sum = 0.0
      for place in range {
        coordinates[place] *= scale
        sum += coordinates[place] * coordinates[place]
      }
      let norm = sum.squareRoot()
      for place in range { coordinates[place] /= norm }
    }
    return Points(rowMajor: coordinates, dimension: dimension)
  }
}
