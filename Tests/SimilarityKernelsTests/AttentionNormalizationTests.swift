import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@Suite struct AttentionNormalizationTests {
  static let alphas = [1.0001, 1.2, 4.0 / 3, 1.5, 2, 3]

  static func scores(_ count: Int, spread: Double, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    // One in seven ties with another.
    var scores: [Double] = []
    for index in 0..<count {
      scores.append(
        index % 7 == 6 ? scores[index - 3] : spread * (2 * random.uniform() - 1))
    }
    return scores
  }

  @Test(arguments: alphas, [0.01, 1, 30, 1e4])
  func `entmax meets the conditions of its definition`(alpha: Double, spread: Double) {
    for count in [1, 2, 7, 50, 1000] {
      let scores = Self.scores(count, spread: spread, seed: UInt64(count))
      let shares = AttentionNormalization.entmax(alpha: alpha).weights(of: scores)
      // Roundings of the shares and of their sums walk with the root of their number; of one share there are
      // two units in the last place.
      #expect(abs(shares.reduce(0, +) - 1) < 1e-15 * Double(count).squareRoot() + 4e-16)
      // p^(α − 1) = (α − 1)z − τ where p > 0, and nothing above 0 elsewhere. The left is at most 1 and
      // its rounding that of p times α − 1; the right rounds where z does.
      let rounding = 0x1p-50 * max(1, alpha - 1) * max(1, (alpha - 1) * spread)
      let largest = scores.max()!
      let threshold =
        (alpha - 1) * largest - Double.pow(shares[scores.firstIndex(of: largest)!], alpha - 1)
      for (score, share) in zip(scores, shares) {
        let gap = (alpha - 1) * score - threshold
        if share > 1e-290 {
          #expect(abs(Double.pow(share, alpha - 1) - gap) < rounding, "\(score)")
        } else {
          // As α → 1 a share vanishes long before the threshold; powers near the least normal number err by
          // 1e10 at most.
          #expect(gap < rounding || Double.pow(gap, 1 / (alpha - 1)) < 1e-280)
        }
      }
    }
  }

  /// The published algorithms, which sort, in extended precision.
  static func sorted(_ scores: [Double], power: Int) -> [Extended] {
    let z = scores.map { Extended($0) / Extended(power) }
    let descending = z.sorted(by: >)
    var threshold: Extended = 0
    var (sum, squares): (Extended, Extended) = (0, 0)
    let top = descending[0]
    for (index, number) in descending.enumerated() {
      sum += number - top
      squares += (number - top) * (number - top)
      let count = Extended(index + 1)
      let mean = sum / count
      let candidate =
        power == 1
        ? mean - 1 / count
        : mean - max(0, (1 - count * (squares / count - mean * mean)) / count).squareRoot()
      guard candidate <= number - top else { break }
      threshold = candidate
    }
    return z.map {
      let gap = max(0, $0 - top - threshold)
      return power == 1 ? gap : gap * gap
    }
  }

  @Test(arguments: [0.01, 1, 30, 1e4])
  func `sparsemax and 1.5-entmax agree with the algorithms that sort`(spread: Double) {
    for count in [1, 2, 7, 50, 1000] {
      let scores = Self.scores(count, spread: spread, seed: UInt64(count) + 9)
      let pairs = [(AttentionNormalization.sparsemax, 1), (.entmax(alpha: 1.5), 2)]
      for (normalization, power) in pairs {
        let expected = Self.sorted(scores, power: power)
        for (share, truth) in zip(normalization.weights(of: scores), expected) {
          // Scores and the threshold round by 2⁻⁵³ of the spread each; a square doubles that of a root.
          #expect(abs(share - Double(truth)) < 1e-15 * max(1, spread))
        }
      }
      #expect(
        AttentionNormalization.sparsemax.weights(of: scores)
          == AttentionNormalization.entmax(alpha: 2).weights(of: scores))
    }
  }

  @Test(arguments: [1e-3, 1e-6, 1e-9, 1e-12])
  func `entmax tends to softmax`(distance: Double) {
    let scores = Self.scores(50, spread: 2, seed: 3)
    let soft = AttentionNormalization.softmax.weights(of: scores)
    let shares = AttentionNormalization.entmax(alpha: 1 + distance).weights(of: scores)
    // β·log1p(x/βt) = x/t − x²/2βt² + …, ln t = −(ln 1/p)/β: the logarithm moves by less than
    // (x + ln n)²/β, with x ≤ 4. Rounding of fifty shares adds to it.
    for (share, limit) in zip(shares, soft) {
      #expect(abs(share / limit - 1) < distance * 63 + Rounding.tens)
    }
  }

  @Test func `softmax is the ratio of exponentials`() {
    let scores = Self.scores(300, spread: 20, seed: 5)
    let exponentials = scores.map { Extended.exp(Extended($0)) }
    let sum = exponentials.reduce(0, +)
    for (share, truth) in zip(AttentionNormalization.softmax.weights(of: scores), exponentials) {
      // z − max z rounds to 2⁻⁵³ of at most 40; exponentials, their sum and the quotient to some units more.
      #expect(abs(share / Double(truth / sum) - 1) < 40 * 0x1p-53 + 4 * 0x1p-52)
    }
  }

  @Test(arguments: [
    AttentionNormalization.softmax, .sparsemax, .entmax(alpha: 1.3), .entmax(alpha: 1e300),
  ])
  func `infinite scores have a limit`(normalization: AttentionNormalization) {
    let infinity = Double.infinity
    #expect(normalization.weights(of: [infinity, 1, infinity]) == [0.5, 0, 0.5])
    #expect(normalization.weights(of: [-infinity, -infinity]) == [0, 0])
    #expect(normalization.weights(of: [-infinity, 3]) == [0, 1])
    #expect(normalization.weights(of: [1e308, -1e308, 1e308]) == [0.5, 0, 0.5])
    #expect(normalization.weights(of: []) == [])
  }

  @Test(arguments: [AttentionNormalization.softmax, .sparsemax, .entmax(alpha: 1.3)])
  func `a shift of all scores changes nothing`(normalization: AttentionNormalization) {
    let scores = Self.scores(60, spread: 4, seed: 8).map { ($0 * 0x1p20).rounded() * 0x1p-20 }
    #expect(
      normalization.weights(of: scores) == normalization.weights(of: scores.map { $0 + 4096 }))
  }
}
