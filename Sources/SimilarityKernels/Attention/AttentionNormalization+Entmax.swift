// The threshold of entmax.
//
// Goals, in order: (1) shares exact to a few roundings for any α > 1, even as α → 1, where a difference
// is raised to a power in the thousands; (2) few passes over the scores.
//
// With x = z − max z ≤ 0, β = 1/(α − 1) and t = −τ (for the shifted scores), the share of the largest
// is t^β and
//
//     pᵢ = (t + xᵢ/β)₊^β = t^β·wᵢ^β,     wᵢ = (1 + xᵢ/(βt))₊,     Σp = 1   ⇔   N(t) = t·W^(1/β) = 1
//
// with W = Σwᵢ^β. N is the β-norm of the vector (t + xᵢ/β)₊, so for β ≥ 1 (α ≤ 2) it is convex and
// increasing in t, and N(1) ≥ 1: Newton's iteration from t = 1 descends to the root without ever
// passing it. For α = 2 it is Michelot's algorithm, which finds the exact support in finitely many
// steps; as α → 1, N' → 1 and it ends even sooner. The derivative is W^(1/β − 1)·Σwᵢ^(β − 1). For β <
// 1, N is not a norm; Newton's step is then taken only if it stays inside a bracket that is otherwise
// halved. The bracket starts as t from n^(−1/β), where Σp ≤ 1, to 1.
//
// wᵢ^β is exp(β·log1p(xᵢ/(βt))), which tends to exp(xᵢ/t) and loses no digit however large β is. The
// shares are then divided by their sum, which removes the last rounding of t.
//
// Rejected: sorting, which finds the support only for β = 1 and 2 and costs more than the passes;
// bisection, which takes fifty passes.
//
// Source: C. Michelot, A finite algorithm for finding the projection of a point onto the canonical
// simplex of ℝⁿ, Journal of Optimization Theory and Applications 50 (1986), doi:10.1007/BF00938486;
// P. Blondel, A. F. T. Martins and V. Niculae, Learning with Fenchel–Young losses, Journal of Machine
// Learning Research 21 (2020).

internal import RealModule

extension UnsafeMutableBufferPointer<Double> {
  /// Turns scores, shifted so that the largest is 0, into numbers proportional to their shares under
  /// entmax with α = 1 + 1/power.
  func project(power: Double) {
    // t ≤ 1, so no score below −β has a share; only the others are visited again.
    let candidates = filter { $0 > -power }
    guard !candidates.isEmpty else {
      return update(repeating: 0)
    }
    let root = EntmaxRoot(scores: candidates, power: power).value()
    for index in indices {
      self[index] = EntmaxRoot.share(self[index], power: power, root: root)
    }
  }
}

/// The t at which shares sum to 1.
private struct EntmaxRoot {
  let scores: [Double]
  let power: Double

  /// w − 1; 0 for the largest score even if α is so large that the divisor underflows.
  private static func ratio(_ score: Double, power: Double, root: Double) -> Double {
    score == 0 ? 0 : score / (power * root)
  }

  /// w^β, the share divided by the largest share.
  static func share(_ score: Double, power: Double, root: Double) -> Double {
    let ratio = ratio(score, power: power, root: root)
    guard ratio > -1 else { return 0 }
    if power == 1 { return 1 + ratio }
    if power == 2 { return (1 + ratio) * (1 + ratio) }
    return .exp(power * .log(onePlus: ratio))
  }

  /// N(t) and the t that Newton's step leads to.
  private func step(at root: Double) -> (norm: Double, next: Double) {
    var shares = PartialSum()
    var slopes = PartialSum()
    for score in scores {
      let ratio = Self.ratio(score, power: power, root: root)
      guard ratio > -1 else { continue }
      let share = Self.share(score, power: power, root: root)
      shares.add(share)
      slopes.add(share / (1 + ratio))
    }
    let sum = shares.value
    let norm = root * .pow(sum, 1 / power)
    return (norm, root - (norm - 1) / (norm / root / sum * slopes.value))
  }

  func value() -> Double {
    var highest = 1.0
    var lowest = max(Double.pow(Double(scores.count), -1 / power), Double.leastNormalMagnitude)
    var root = 1.0
    // Newton's iteration takes about ten steps; a bracket over all exponents is halved a hundred times.
    for _ in 0..<200 {
      let (norm, next) = step(at: root)
      if norm >= 1 { highest = root } else { lowest = root }
      var proposed = next
      if !(proposed > lowest && proposed < highest) {
        guard power < 1 else { return max(proposed, lowest) < root ? max(proposed, lowest) : root }
        proposed = (lowest * highest).squareRoot()
      }
      let moved = (proposed - root).magnitude
      root = proposed
      if moved <= 0x1p-53 * root { break }
    }
    return root
  }
}
