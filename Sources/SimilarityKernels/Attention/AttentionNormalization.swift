internal import RealModule

/// How the scores z of a query's keys become shares p of its attention, which sum to 1.
///
/// ```
/// pᵢ = exp(zᵢ)/Σⱼ exp(zⱼ)                    softmax
/// pᵢ = [zᵢ − τ]₊                             sparsemax
/// pᵢ = [(α − 1) zᵢ − τ]₊^(1/(α − 1))         entmax
/// ```
///
/// τ is the number at which the shares sum to 1. Under the last two, a key whose score is far below the
/// largest has a share of exactly 0: attention by distance is then a compact kernel whose bandwidth
/// varies with the query. With z = −d²/2h², sparsemax is the Epanechnikov kernel of bandwidth h√(−2τ),
/// and entmax the kernel (1 − u²)^(1/(α − 1)) of bandwidth h√(−2τ/(α − 1)): the biweight with α = 3/2,
/// the triweight with α = 4/3.
///
/// ## Source
/// A. F. T. Martins and R. F. Astudillo, From softmax to sparsemax, ICML (2016), arXiv:1602.02068;
/// B. Peters, V. Niculae and A. F. T. Martins, Sparse sequence-to-sequence models, ACL (2019),
/// doi:10.18653/v1/P19-1146.
@nonexhaustive public enum AttentionNormalization: Sendable, Equatable {
  /// Shares proportional to exp(z): every key has a share.
  case softmax

  /// The point of the simplex nearest to z: entmax with α = 2.
  case sparsemax

  /// Between softmax, the limit as α → 1, and sparsemax, at α = 2; sparser still for larger α. α > 1.
  case entmax(alpha: Double)

  /// 1/(α − 1), infinite for softmax.
  package var power: Double {
    switch self {
    case .softmax: .infinity
    case .sparsemax: 1
    case .entmax(let alpha): 1 / (alpha - 1)
    }
  }

  /// The shares for the given scores.
  ///
  /// If any scores are +∞, they share equally. A score of −∞ has no share; if all are −∞, every share
  /// is 0.
  ///
  /// - Parameter scores: no NaN.
  /// - Precondition: α > 1.
  /// - Returns: one number from 0 to 1 for each score; they sum to 1 within two units in the last
  ///   place.
  /// - Complexity: O(n); about ten times that under entmax.
  ///
  /// ## Accuracy
  /// Under softmax a share is within 2 units in its last place, apart from the relative error abs(z −
  /// max z)·2⁻⁵³ due to rounding z − max z. Under the others with α ≤ 2 its absolute error is at most
  /// 1e-15·max(1, (α − 1)·max|z|)/(α − 1): near τ, where shares vanish, the scores determine no more.
  /// With α > 2 shares are steep at τ, and one that is nearly 0 may be off by 1e-15^(1/(α − 1)).
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

  /// Turns scores, shifted so that the largest is 0, into shares; if all are −∞, into zeros.
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
  /// Subtracts the largest number; if that is infinite, numbers equal to it become 0 and the others −∞.
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

/// A compensated sum of nonnegative numbers.
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
