internal import KernelSums
internal import RealModule

/// Quartics fitted by least squares to blocks of neighbouring rows: the rough first estimate of a curve
/// for a plug-in bandwidth.
///
/// The sorted rows are cut into N blocks of ⌊n/N⌋; the last takes the rest. N minimises Mallows'
///
/// ```
/// Cp(N) = RSS(N)(n − 5Nₘ)/RSS(Nₘ) − (n − 10N),     Nₘ = max(min(⌊n/20⌋, 5), 1)
/// ```
///
/// ## Source
/// D. Ruppert, S. J. Sheather and M. P. Wand, An effective bandwidth selector for local least squares
/// regression, Journal of the American Statistical Association 90 (1995), section 4,
/// doi:10.1080/01621459.1995.10476516.
struct BlockedQuartics {
  /// RSS/(n − 5N), an estimate of σ².
  let variance: Double

  /// Σ m″(kᵢ) m⁗(kᵢ)/n.
  let theta24: Double

  /// The fit to sorted keys, or nil if a block has too few different keys for its quartic, or the work
  /// was cancelled.
  ///
  /// - Complexity: O(n), on all threads.
  init?(keys: [Double], values: [Double], execution: Execution) {
    let count = keys.count
    let most = max(min(count / 20, 5), 1)
    guard count > 5 * most else { return nil }
    let pieces = (1...most).flatMap { blocks in
      let size = count / blocks
      return (0..<blocks).map { block in
        (blocks, block * size..<(block == blocks - 1 ? count : (block + 1) * size))
      }
    }
    let found = execution.silent.map(pieces.count) { piece -> (squares: Double, theta24: Double)? in
      execution.isStopped ? nil : Self.fit(keys, values, pieces[piece].1)
    }
    var fits = [(squares: Double, theta24: Double)](repeating: (0, 0), count: most)
    for ((blocks, _), fit) in zip(pieces, found) {
      guard let fit else { return nil }
      fits[blocks - 1].squares += fit.squares
      fits[blocks - 1].theta24 += fit.theta24 / Double(count)
    }
    let scale = Double(count - 5 * most) / fits[most - 1].squares
    let penalized = (1...most).map { blocks in
      // A perfect fit gives 0/0; then fewer blocks are as good.
      let excess = fits[blocks - 1].squares > 0 ? fits[blocks - 1].squares * scale : 0
      return excess + Double(10 * blocks)
    }
    let best = penalized.indices.min { penalized[$0] < penalized[$1] } ?? 0
    variance = fits[best].squares / Double(count - 5 * (best + 1))
    theta24 = fits[best].theta24
  }

  /// Σ(v − v̂)² and Σ m″m⁗ of the quartic of some rows.
  private static func fit(
    _ keys: [Double], _ values: [Double], _ rows: Range<Int>
  ) -> (squares: Double, theta24: Double)? {
    let (first, last) = (keys[rows.lowerBound], keys[rows.upperBound - 1])
    let reach = (last - first) / 2
    guard reach > 0 else { return nil }
    let block = QuarticBlock(
      keys: keys, values: values, rows: rows, centre: (first + last) / 2, reach: reach)
    let sums = block.sums()
    let solver =
      LeastSquares(powers: Array(sums[..<9]), targets: Array(sums[9...])) ?? block.rotated()
    guard let a = solver.coefficients() else { return nil }
    let second = 2 * a[2] * sums[0] + 6 * a[3] * sums[1] + 12 * a[4] * sums[2]
    return (block.squaredResiduals(a), second * 24 * a[4] / .pow(reach, 6))
  }
}

/// Some neighbouring rows, with keys between −1 and 1 so that powers keep their digits.
private struct QuarticBlock {
  let keys: [Double]
  let values: [Double]
  let rows: Range<Int>
  let centre: Double
  let reach: Double

  /// Sums over this many rows are added up by themselves, so that rounding does not grow with the rows.
  private static let chunk = 1 << 12

  private func place(_ row: Int) -> Double { (keys[row] - centre) / reach }

  /// Calls `body` with the rows, two at a time; a last single row is in both lanes, with a factor of 0 in
  /// the second.
  @inline(__always)
  private func forEachPair(
    in rows: Range<Int>,
    _ body: (_ place: SIMD2<Double>, _ value: SIMD2<Double>, _ factor: SIMD2<Double>) -> Void
  ) {
    keys.withUnsafeBufferPointer { keys in
      values.withUnsafeBufferPointer { values in
        var row = rows.lowerBound
        while row + 1 < rows.upperBound {
          let key = SIMD2(keys[row], keys[row + 1])
          body((key - centre) / reach, SIMD2(values[row], values[row + 1]), SIMD2(repeating: 1))
          row += 2
        }
        guard row < rows.upperBound else { return }
        body(
          SIMD2(repeating: (keys[row] - centre) / reach), SIMD2(repeating: values[row]),
          SIMD2(1, 0))
      }
    }
  }

  private var chunks: [Range<Int>] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: Self.chunk).map {
      $0..<min($0 + Self.chunk, rows.upperBound)
    }
  }

  /// Σtᵏ for k = 0 … 8, then Σtᵏv for k = 0 … 4.
  func sums() -> [Double] {
    var total = [Double](repeating: 0, count: 14)
    for chunk in chunks {
      var (s1, s2, s3, s4) = (
        SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero
      )
      var (s5, s6, s7, s8) = (
        SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero
      )
      var (v0, v1, v2, v3, v4) = (
        SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero,
        SIMD2<Double>.zero
      )
      forEachPair(in: chunk) { place, value, factor in
        let t = place * factor
        let v = value * factor
        let (t2, tv) = (t * t, t * v)
        let (t3, t4) = (t2 * t, t2 * t2)
        s1 += t
        s2 += t2
        s3 += t3
        s4 += t4
        s5 += t3 * t2
        s6 += t3 * t3
        s7 += t4 * t3
        s8 += t4 * t4
        v0 += v
        v1 += tv
        v2 += t2 * v
        v3 += t2 * tv
        v4 += t4 * v
      }
      total[0] += Double(chunk.count)
      for (place, sum) in [s1, s2, s3, s4, s5, s6, s7, s8, v0, v1, v2, v3, v4].enumerated() {
        total[1 + place] += sum.sum()
      }
    }
    return total
  }

  /// The same fit by rotations, which keep twice as many digits.
  func rotated() -> LeastSquares {
    var solver = LeastSquares(degree: 4)
    for row in rows { solver.add(place(row), weight: 1, value: values[row]) }
    return solver
  }

  func squaredResiduals(_ a: [Double]) -> Double {
    var total = 0.0
    let (a0, a1, a2, a3, a4) = (a[0], a[1], a[2], a[3], a[4])
    for chunk in chunks {
      var sum = SIMD2<Double>.zero
      forEachPair(in: chunk) { t, value, factor in
        let inner = a2 + t * (a3 + t * a4)
        let residual = value - (a0 + t * (a1 + t * inner))
        sum += residual * residual * factor
      }
      total += sum.sum()
    }
    return total
  }
}
