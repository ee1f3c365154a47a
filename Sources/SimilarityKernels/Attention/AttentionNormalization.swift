internal import RealModule

/// How the scores z of a query's keys become shares p of its attention, which sum to 1.
///
/// ```
/// pᵢ = exp(zᵢ)/Σⱼ exp(zⱼ)                    softmax
/// pᵢ = [zᵢ − τ]₊                             sparsemax
/// pᵢ = [(α − 1) zᵢ − τ]₊^(1/(α − 1))         entmax
/// ```
///
/// τ is the number at which the shares sum to 1. Under the last two a key whose score lies far below
/// the largest has a share of exactly 0: attention to distances is then a compact kernel whose bandwidth
/// follows the query. With z = −d²/2h², sparsemax is the Epanechnikov kernel of bandwidth h√(−2τ),
/// and entmax the kernel (1 − u²)^(1/(α − 1)) of bandwidth h√(−2τ/(α − 1)): the biweight with α = 3/2,
/// the triweight with α = 4/3.
///
/// ## Source
/// A. F. T. Martins and R. F. Astudillo, From softmax to sparsemax, ICML (2016), arXiv:1602.02068;
/// B. Peters, V. Niculae and A. F. T. Martins, Sparse sequence-to-sequence models, ACL (2019),
/// doi:10.18653/v1/P19-1146.
@nonexhaustive public enum AttentionNormalization: Sendable, Equatable {
  /// Shares in proportion to exp(z): every key has some.
  case softmax

  /// The point of the simplex nearest to z: entmax with α = 2.
  case sparsemax

  /// Between softmax, which it tends to as α → 1, and sparsemax, which it is at 2; beyond, sparser
  /// still. α > 1.
  case entmax(alpha: Double)

  /// 1/(α − 1), infinite for softmax.
  package var power: Double {
    switch self {
    case .softmax: .infinity
    case .sparsemax: 1
    case .entmax(let alpha): 1 / (alpha - 1)
    }
  }

  /// The shares for some scores.
  ///
  /// Where the largest is +∞, those that are share; −∞ has no share, and where nothing else is given
  /// all shares are 0.
  ///
  /// - Parameter scores: no NaN.
  /// - Precondition: α > 1.
  /// - Returns: as many numbers from 0 to 1, which sum to 1 within two units in the last place.
  /// - Complexity: O(n); under entmax some ten times that.
  ///
  /// ## Accuracy
  /// Under softmax a share is within 2 units in its last place for what the rounding of z − max z leaves,
  /// abs(z − max z)·2⁻⁵³. Under the others with α ≤ 2 it is within 1e-15·max(1, (α − 1)·max|z|)/(α − 1)
  /// of the exact one, not relative to it: near τ, where shares vanish, no more is in the scores. With
  /// α > 2 shares are steep at τ, and one that is nearly 0 may be off by 1e-15^(1/(α − 1)).
  public func weights(of scores: [Double]) -> [Double] {
    precondition(!scores.contains(where: \.isNaN), "a score must not be NaN")
    precondition(
      self == .softmax || power.isFinite && power > 0, "α of entmax must be above 1 and finite")
    var weights = scores
    weights.withUnsafeMutableBufferPointer { row in
      row.lowerToLargest()
      normalize(row)
    }
    return weights
  }

  /// Turns scores less the largest, so that this is 0, into shares; all −∞ into zeros.
  package func normalize(_ row: UnsafeMutableBufferPointer<Double>) {
    switch self {
    case .softmax: row.exponentiate()
    case .sparsemax, .entmax: row.project(power: power)
    }
    var sum = PartialSum()
    for weight in row { sum.add(weight) }
    let total = sum.value
    guard total > 0 else { return }
    for index in row.indices { row[index] /= total }
  }
}

extension UnsafeMutableBufferPointer<Double> {
  /// Subtracts the largest number; where that is infinite, those that equal it become 0 and the others
  /// −∞.
  package func lowerToLargest() {
    var largest = -Double.infinity
    for number in self where number > largest { largest = number }
    guard largest.isFinite else {
      guard largest > 0 else { return }
      for index in indices { self[index] = self[index] == largest ? 0 : -.infinity }
      return
    }
    for index in indices { self[index] -= largest }
  }

  fileprivate func exponentiate() {
    for index in indices { self[index] = .exp(self[index]) }
  }
}

/// A compensated sum of numbers that are not negative.
///
/// ## Source
/// A. Neumaier, ZAMM 54 (1974), doi:10.1002/zamm.19740540106.
struct PartialSum {
  private var sum = 0.0
  private var lost = 0.0

  var value: Double { sum + lost }

  mutating func add(_ term: Double) {
    let next = sum + term
    lost += sum >= term ? (sum - next) + term : (term - next) + sum
    sum = next
  }
}
