internal import RealModule

/// A bin of sorted points, halved again and again down to ``leafCount``.
///
/// Sums and largest weights of all stretches are found when it is made, the weights of the Chebyshev
/// places of one when they are first asked for, so one thread owns it.
final class BinTree {
  /// A stretch with no more points is not halved.
  static var leafCount: Int { 16 }

  /// A stretch of points.
  struct Stretch {
    /// Its number, that of its halves being twice that and one more.
    let index: Int
    let places: Range<Int>

    var count: Int { places.count }
    var isLeaf: Bool { places.count <= BinTree.leafCount }

    var halves: (Stretch, Stretch) {
      let middle = places.lowerBound + places.count / 2
      return (
        Stretch(index: 2 * index, places: places.lowerBound..<middle),
        Stretch(index: 2 * index + 1, places: middle..<places.upperBound)
      )
    }
  }

  /// Points at the Chebyshev places of a stretch that stand for its own.
  struct Proxies {
    let centre: Double
    let halfWidth: Double
    /// P numbers, and zeros to the padding.
    let weights: UnsafePointer<Double>
  }

  let root: Stretch
  private let points: SortedPoints
  private let chebyshev: ChebyshevPlaces
  /// Σ of the weights of each stretch, and the largest.
  private let masses: AlignedMemory
  private let peaks: AlignedMemory
  /// By level: for each stretch a mark, the centre, the half-width, then the weights.
  private var levels: [AlignedMemory?]

  private static var header: Int { 8 }

  init(_ points: SortedPoints, _ places: Range<Int>, _ chebyshev: ChebyshevPlaces) {
    root = Stretch(index: 1, places: places)
    self.points = points
    self.chebyshev = chebyshev
    var depth = 0
    while places.count > Self.leafCount << depth { depth += 1 }
    masses = AlignedMemory(count: 2 << depth)
    peaks = AlignedMemory(count: 2 << depth)
    levels = [AlignedMemory?](repeating: nil, count: depth + 1)
    measure(root)
  }

  private func measure(_ stretch: Stretch) {
    guard !stretch.isLeaf else {
      guard let weights = points.weights else {
        masses.base[stretch.index] = Double(stretch.count)
        peaks.base[stretch.index] = 1
        return
      }
      var (sum, largest) = (0.0, 0.0)
      for place in stretch.places {
        sum += weights[place]
        largest = max(largest, weights[place])
      }
      masses.base[stretch.index] = sum
      peaks.base[stretch.index] = largest
      return
    }
    let (low, high) = stretch.halves
    measure(low)
    measure(high)
    masses.base[stretch.index] = masses.base[low.index] + masses.base[high.index]
    peaks.base[stretch.index] = max(peaks.base[low.index], peaks.base[high.index])
  }

  func mass(_ stretch: Stretch) -> Double { masses.base[stretch.index] }

  func peak(_ stretch: Stretch) -> Double { peaks.base[stretch.index] }

  /// The least and the greatest of the points.
  func extent(_ stretch: Stretch) -> ClosedRange<Double> {
    points.coordinates[
      stretch.places.lowerBound]...points.coordinates[stretch.places.upperBound - 1]
  }

  /// The weights that the Chebyshev places have for the points: Σ w Lⱼ.
  func proxies(_ stretch: Stretch) -> Proxies {
    let level = Int.bitWidth - 1 - stretch.index.leadingZeroBitCount
    let size = Self.header + chebyshev.padded
    let memory =
      levels[level]
      ?? {
        let memory = AlignedMemory(count: size << level)
        levels[level] = memory
        return memory
      }()
    let record = memory.base + (stretch.index - 1 << level) * size
    if record[0] == 0 {
      record[0] = 1
      let extent = extent(stretch)
      // The centre is any number near the middle: what matters is that the same is used throughout.
      record[1] = extent.lowerBound + (extent.upperBound - extent.lowerBound) / 2
      record[2] = max(extent.upperBound - record[1], record[1] - extent.lowerBound)
      chebyshev.gather(
        points, stretch.places, centre: record[1], halfWidth: record[2], into: record + Self.header)
    }
    return Proxies(
      centre: record[1], halfWidth: record[2], weights: UnsafePointer(record + Self.header))
  }
}

/// The Chebyshev places cos(π(2j + 1)/2P) and Lagrange's polynomials through them.
///
/// ```
/// Lⱼ(t) = Σᵢ cᵢ Tᵢ(tⱼ) Tᵢ(t)/P,   c₀ = 1, others 2
/// ```
///
/// so Σ w Lⱼ(t) follows from the sums Σ w Tᵢ(t), which a recurrence gives. One thread owns it.
final class ChebyshevPlaces {
  /// P.
  let count: Int
  /// P rounded up to the padding.
  let padded: Int
  /// tⱼ, zeros in the padding.
  let places: [Double]
  /// cᵢTᵢ(tⱼ)/P, j by j.
  private let matrix: [Double]
  private let sums: UnsafeMutablePointer<SIMD4<Double>>

  init(count: Int) {
    self.count = count
    padded = PaddedColumns.padded(count)
    let angles = (0..<count).map { Double.pi * Double(2 * $0 + 1) / Double(2 * count) }
    places = (0..<padded).map { $0 < count && 2 * $0 + 1 != count ? .cos(angles[$0]) : 0 }
    matrix = angles.flatMap { angle in
      (0..<count).map { .cos(Double($0) * angle) * ($0 == 0 ? 1 : 2) / Double(count) }
    }
    sums = .allocate(capacity: count)
    sums.initialize(repeating: .zero, count: count)
  }

  deinit { sums.deallocate() }

  /// Writes Σ w Lⱼ over some points, and leaves the padding as it is.
  func gather(
    _ points: SortedPoints, _ range: Range<Int>, centre: Double, halfWidth: Double,
    into result: UnsafeMutablePointer<Double>
  ) {
    sums.update(repeating: .zero, count: count)
    let inverse = halfWidth > 0 ? 1 / halfWidth : 0
    var place = range.lowerBound
    while place < range.upperBound {
      let left = range.upperBound - place
      var number = SIMD4<Double>(repeating: centre)
      var weight = SIMD4<Double>.zero
      if left >= 4 {
        let x = points.coordinates + place
        number = SIMD4(x[0], x[1], x[2], x[3])
        weight =
          points.weights.map { SIMD4($0[place], $0[place + 1], $0[place + 2], $0[place + 3]) }
          ?? SIMD4(repeating: 1)
      } else {
        for lane in 0..<left {
          number[lane] = points.coordinates[place + lane]
          weight[lane] = points.weights?[place + lane] ?? 1
        }
      }
      add((number - centre) * inverse, weight)
      place += 4
    }
    for place in 0..<count {
      var sum = 0.0
      for power in 0..<count { sum += matrix[place * count + power] * sums[power].sum() }
      result[place] = sum
    }
  }

  /// Adds w Tᵢ(t), by Tᵢ₊₁ = 2tTᵢ − Tᵢ₋₁.
  @inline(__always)
  private func add(_ t: SIMD4<Double>, _ weight: SIMD4<Double>) {
    // w times the polynomials obeys the same recurrence.
    var (last, next) = (weight, weight * t)
    let double = t + t
    for power in 0..<count {
      sums[power] += last
      (last, next) = (next, double * next - last)
    }
  }
}
