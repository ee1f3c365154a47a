internal import RealModule
internal import SimilarityKernels

// How a kernel acts between cells along one input.
//
// Let x = c + ru be a point in a cell of half-width r about c, and y = c′ + rt one in the cell s steps
// to the left. With b = r/h,
//
//     K((x − y)/h) = f(u, t) = K(b(2s + u − t)) ≈ Σ C_lk uˡ tᵏ,   l, k < p
//
// by interpolation at the p Chebyshev points in u and in t.
//
// Bound. f is analytic in u inside every ellipse with foci ±1 and semi-axes (ρ ± 1/ρ)/2 on which K has
// no pole, and bounded there by some M(ρ); interpolation then errs by at most 4M(ρ)ρ^(1−p)/(ρ − 1). The
// same is true in t, and interpolating the interpolant in t again in u multiplies its error by the
// Lebesgue constant, at most 1 + (2/π) ln p. So
//
//     |f − Σ C_lk uˡ tᵏ| ≤ ε_s = (2 + (2/π) ln p) min over ρ of 4M(ρ)ρ^(1−p)/(ρ − 1).
//
// That is about twenty times too large. For p up to 12 it pays to examine the Chebyshev coefficients
// a_lk of f themselves. Interpolation aliases those from p on to lower ones: ε_s = 2 Σ|a_lk| over l ≥ p
// or k ≥ p, computed up to 2p, beyond which they are far smaller.
//
// For the Gaussian, on the ellipse u = a cos θ + ic sin θ and at the worst t,
//
//     ln M = (b²/2) max over X = cos θ of c²(1 − X²) − max(2s − 1 − aX, 0)²
//
// whose inner maximum is at X = a(2s − 1)/(a² + c²). For the other kernels M is bounded over a
// rectangle.
//
// For (−u)ᵃ K(u) with the Gaussian, used in moments about a query, `CellInterpolation+Moments` derives
// a bound from derivatives, and one for moments made of slopes and curvatures.
//
// Powers cost fewer operations at each point than Chebyshev polynomials. They would lose digits in wide
// cells: the rounding error is at most about G_s = Σ|C_lk| times 2⁻⁵³, and G_s is exp(2b²) times the
// largest weight at s = 0. Cells are at most 2 bandwidths wide, where that is 7.4.
//
// ## Source
// L. N. Trefethen, Approximation Theory and Approximation Practice (SIAM, 2013), theorem 8.2 and
// chapter 15. W. Fong and E. Darve, The black-box fast multipole method, Journal of Computational
// Physics 228 (2009), doi:10.1016/j.jcp.2009.08.031.
struct CellInterpolation: Sendable {
  /// The largest offset s that is translated.
  let reach: Int

  /// C for each offset from −reach to reach, row l, column k; and its transpose with padded rows.
  let matrices: [Double]
  let transposed: [Double]

  /// By s ≥ 0: the largest weight between two such cells, that between their centres, G_s, and ε_s.
  let greatest: [Double]
  let central: [Double]
  let growth: [Double]
  let error: [Double]

  /// What is needed: the matrices, of an input whose powers are contiguous the transposed ones; or, where
  /// a power comes from slopes or curvatures, only the bounds.
  enum Form { case last, other, slopes }

  /// - Parameter coefficients: C for each s ≥ 0, if it is known; of the power 0 where `form` is `slopes`.
  init(
    _ kernel: CellKernel, width: Double, bandwidth: Double, terms: Int, reach: Int, form: Form,
    coefficients known: [[Double]]? = nil
  ) {
    self.reach = reach
    let paddedTerms = PaddedColumns.padded(terms)
    let ratio = width / bandwidth
    greatest = (0...reach).map { kernel.greatest(ratio: ratio, offset: $0) }
    central = (0...reach).map { kernel(Double($0) * ratio) }
    // The rounding of u is multiplied by |ln K| in a weight, and by a in its power.
    let errors =
      form == .slopes
      ? Self.slopeErrors(kernel.power, ratio: ratio, terms: terms, offsets: 0...reach)
      : Self.errors(kernel, ratio: ratio, terms: terms, offsets: 0...reach)
    let plain = kernel.times(power: 0)
    error = (0...reach).map { [greatest] offset in
      let exponent = -Double.log(max(plain(Double(offset) * ratio), 1e-300))
      return errors[offset] + greatest[offset] * (exponent + Double(kernel.power)) * .ulpOfOne
    }
    let basis = ChebyshevBasis(terms)
    let count = 2 * reach + 1
    var matrices = [Double](repeating: 0, count: form == .other ? count * terms * terms : 0)
    var transposed = [Double](
      repeating: 0, count: form == .last ? count * terms * paddedTerms : 0)
    var growth: [Double] = []
    for offset in 0...reach {
      let coefficients =
        known?[offset]
        ?? basis.powers {
          ratio / 2 * (2 * Double(offset) + $0 - $1)
        } of: {
          kernel($0)
        }
      guard form != .slopes else {
        growth.append(
          Self.slopeGrowth(coefficients, power: kernel.power, ratio: ratio, terms: terms))
        continue
      }
      growth.append(coefficients.reduce(0) { $0 + $1.magnitude })
      for row in 0..<terms {
        for column in 0..<terms {
          let value = coefficients[row * terms + column]
          // Mirroring changes the signs of u and t.
          let mirrored = (row + column + kernel.power).isMultiple(of: 2) ? value : -value
          for (place, value) in [(reach + offset, value), (reach - offset, mirrored)] {
            if form == .last {
              transposed[(place * terms + column) * paddedTerms + row] = value
            } else {
              matrices[(place * terms + row) * terms + column] = value
            }
          }
        }
      }
    }
    self.matrices = matrices
    self.transposed = transposed
    self.growth = growth
  }

  /// ε_s for cells `ratio` bandwidths wide.
  static func errors(
    _ kernel: CellKernel, ratio: Double, terms: Int, offsets: ClosedRange<Int>
  ) -> [Double] {
    guard kernel.power == 0 else {
      return offsets.map { momentBound(kernel.power, ratio: ratio, terms: terms, offset: $0) }
    }
    guard terms <= 12 else {
      return offsets.map { bound(kernel, ratio: ratio, terms: terms, offset: $0) }
    }
    let basis = ChebyshevBasis(2 * terms)
    return offsets.map { offset in
      let coefficients = basis.coefficients {
        ratio / 2 * (2 * Double(offset) + $0 - $1)
      } of: {
        kernel($0)
      }
      var sum = 0.0
      for row in 0..<2 * terms {
        for column in (row < terms ? terms : 0)..<2 * terms {
          sum += coefficients[row * 2 * terms + column].magnitude
        }
      }
      return 2 * sum
    }
  }

  /// - Parameter slope: the order of the derivative in the query, in bandwidths; up to 2, above 0 for the
  ///   Gaussian alone.
  static func bound(
    _ kernel: CellKernel, ratio: Double, terms: Int, offset: Int, slope: Int = 0
  ) -> Double {
    let b = ratio / 2
    let lebesgue = 1 + 2 / .pi * .log(Double(terms))
    let distance = 2 * Double(offset) - 1
    var best = Double.infinity
    for step in 1...48 {
      let logRho = 0.13 * Double(step)
      let rho = Double.exp(logRho)
      let (a, c) = ((rho + 1 / rho) / 2, (rho - 1 / rho) / 2)
      let logBound: Double?
      if kernel.form == .gaussian {
        let x = min(max(a * distance / (a * a + c * c), -1), 1)
        let real = max(distance - a * x, 0)
        let exponent = b * b / 2 * max(c * c * (1 - x * x) - real * real, innermost(a, c, distance))
        logBound = kernel.isSquared ? 2 * exponent : exponent
      } else {
        logBound = kernel.logBound(least: max(b * (distance - a), 0), height: b * c)
      }
      guard let logBound else { continue }
      let factor = slopeFactor(slope, greatest: b * (2 * Double(offset) + a + 1))
      guard let rest = slopeRest(slope, b: b, terms: terms, rho: rho) else { continue }
      best = min(
        best,
        logBound + .log(4 * (factor / (1 - 1 / rho) + lebesgue * rest)) - Double(terms) * logRho)
    }
    return .exp(best)
  }

  /// Where a point on the ellipse has the real part of some t, only the imaginary part counts.
  private static func innermost(_ a: Double, _ c: Double, _ distance: Double) -> Double {
    guard a > distance else { return -.infinity }
    let x = max(distance / a, 0)
    return c * c * (1 - x * x)
  }
}

/// Chebyshev interpolation in two variables, converted to powers.
struct ChebyshevBasis {
  let terms: Int
  private let points: [Double]
  /// T_l at point a, times 2/p, halved for l = 0.
  private let transform: [Double]
  private let powersOfPolynomials: [Double]

  init(_ terms: Int) {
    self.terms = terms
    // cos(jπ/2p) for whole j, so that no angle is rounded.
    let cosines = (0..<4 * terms).map { Double.cos(.pi * Double($0) / Double(2 * terms)) }
    points = (0..<terms).map { cosines[2 * $0 + 1] }
    transform = (0..<terms * terms).map { index in
      let (l, a) = (index / terms, index % terms)
      let cosine = l == 0 ? 0.5 : cosines[(2 * a + 1) * l % (4 * terms)]
      return cosine * 2 / Double(terms)
    }
    powersOfPolynomials = Self.powersOfPolynomials(terms)
  }

  /// The coefficient of uˡ in T_j, row j, column l.
  static func powersOfPolynomials(_ terms: Int) -> [Double] {
    var polynomials = [[Double]](repeating: [1], count: 1)
    if terms > 1 { polynomials.append([0, 1]) }
    while polynomials.count < terms {
      let (last, before) = (polynomials[polynomials.count - 1], polynomials[polynomials.count - 2])
      var next = [0] + last.map { 2 * $0 }
      for (power, value) in before.enumerated() { next[power] -= value }
      polynomials.append(next)
    }
    return polynomials.flatMap {
      $0 + [Double](repeating: 0, count: terms - $0.count)
    }
  }

  /// The coefficients of uˡtᵏ in the interpolant of `function(argument(u, t))`.
  func powers(
    _ argument: (Double, Double) -> Double, of function: (Double) -> Double
  ) -> [Double] {
    var coefficients = self.coefficients(argument, of: function)
    // Coefficients below rounding are only noise, which high powers would amplify.
    let largest = coefficients.reduce(0) { max($0, $1.magnitude) }
    for index in coefficients.indices where coefficients[index].magnitude < largest * 0x1p-56 {
      coefficients[index] = 0
    }
    coefficients = transposedMultiplied(powersOfPolynomials, coefficients)
    return multiplied(coefficients, powersOfPolynomials, transposingSecond: false)
  }

  /// The coefficients of T_l(u)T_k(t) in that interpolant.
  func coefficients(
    _ argument: (Double, Double) -> Double, of function: (Double) -> Double
  ) -> [Double] {
    var values = [Double](repeating: 0, count: terms * terms)
    for row in 0..<terms {
      for column in 0..<terms {
        values[row * terms + column] = function(argument(points[row], points[column]))
      }
    }
    return multiplied(
      multiplied(transform, values, transposingSecond: false), transform, transposingSecond: true)
  }

  /// AB, or ABᵀ.
  private func multiplied(
    _ first: [Double], _ second: [Double], transposingSecond: Bool
  ) -> [Double] {
    let n = terms
    var product = [Double](repeating: 0, count: n * n)
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        product.withUnsafeMutableBufferPointer { product in
          for i in 0..<n {
            for k in 0..<n {
              let factor = first[i * n + k]
              guard factor != 0 else { continue }
              for j in 0..<n {
                product[i * n + j] +=
                  factor * (transposingSecond ? second[j * n + k] : second[k * n + j])
              }
            }
          }
        }
      }
    }
    return product
  }

  /// AᵀB.
  private func transposedMultiplied(_ first: [Double], _ second: [Double]) -> [Double] {
    let n = terms
    var product = [Double](repeating: 0, count: n * n)
    for k in 0..<n {
      for i in 0..<n where first[k * n + i] != 0 {
        for j in 0..<n { product[i * n + j] += first[k * n + i] * second[k * n + j] }
      }
    }
    return product
  }
}
