internal import SimilarityKernels
internal import _CKernelSums

// A weight that is a polynomial in the key's place can be summed over a node by moments.
//
// With s = (q − c)/h and t = (k − c)/h about a node's centre c, u = s − t. The similarity is expanded
// as Σᵢ γᵢ(s) φᵢ(t) with monomials φ, so Σω α = Σᵢ γᵢ(s) Σω φᵢ(t).
//
// Radial, (1 − ‖u‖²)ᵐ: with A = 1 − ‖s‖² and B = ‖t‖², 1 − ‖u‖² = A + 2 s·t − B, whose power has the
// terms m!/(r! α! b!) Aʳ (2s)^α (−1)ᵇ · t^α Bᵇ, r + |α| + b = m. For m = 1 that is 1, t and B: d + 2
// moments.
//
// Product of polynomials of degree D in uⱼ or, on one side of the query, in abs(uⱼ): the (D + 1)ᵈ
// monomials t^α with every αⱼ ≤ D, whose coefficients are products over the inputs.

/// The expansion of a similarity about a node's centre.
struct PolynomialWeight: Sendable {
  /// The polynomial K of one distance.
  enum Profile: Sendable {
    /// (1 − u²)ᵐ; 1 for m = 0.
    case powerOfInside(Int)
    /// 1 − abs(u): a polynomial on each side of the query.
    case triangle
  }

  let profile: Profile
  let isProduct: Bool
  let dimension: Int
  /// The number of features φ, and of coefficients γ.
  let featureCount: Int
  /// φᵢ = φ of `parents[i]` times variable `factors[i]`; see `nadaraya_features`.
  let parents: [Int]
  let factors: [Int]
  /// The terms of γ in the radial case.
  let radialTerms: [RadialTerm]

  /// Nil if the similarity is not a polynomial or has too many terms.
  init?(_ similarity: Similarity) {
    guard case .builtIn(let kernel) = similarity.kernel.form else { return nil }
    dimension = similarity.bandwidths.count
    switch kernel {
    case .boxcar, .constant: profile = .powerOfInside(0)
    case .epanechnikov: profile = .powerOfInside(1)
    case .biweight: profile = .powerOfInside(2)
    case .triweight: profile = .powerOfInside(3)
    case .triangular where similarity.isProduct: profile = .triangle
    default: return nil
    }
    isProduct = similarity.isProduct
    if !isProduct, case .powerOfInside(let power) = profile {
      guard let terms = RadialTerm.all(power: power, dimension: dimension) else { return nil }
      radialTerms = terms
      parents = terms.map(\.parent)
      factors = terms.map(\.factor)
    } else {
      guard let tensor = Self.tensor(degree: profile.degree, dimension: dimension) else {
        return nil
      }
      radialTerms = []
      (parents, factors) = tensor
    }
    featureCount = parents.count
  }

  /// All monomials with every exponent up to a degree, the last input's changing fastest.
  private static func tensor(degree: Int, dimension: Int) -> (parents: [Int], factors: [Int])? {
    var parents = [0]
    var factors = [0]
    for input in 0..<dimension where degree > 0 {
      guard parents.count * (degree + 1) <= NADARAYA_FEATURES else { return nil }
      // Index k becomes k·(D + 1), followed by its products with the powers of this input.
      var nextParents: [Int] = []
      var nextFactors: [Int] = []
      for feature in parents.indices {
        nextParents.append(parents[feature] * (degree + 1))
        nextFactors.append(factors[feature])
        for power in 1...degree {
          nextParents.append(feature * (degree + 1) + power - 1)
          nextFactors.append(input)
        }
      }
      (parents, factors) = (nextParents, nextFactors)
    }
    return (parents, factors)
  }
}

extension PolynomialWeight.Profile {
  /// The degree in one u.
  var degree: Int {
    switch self {
    case .powerOfInside(let power): 2 * power
    case .triangle: 1
    }
  }

  /// Whether the polynomial holds only on one side of the query.
  var isOneSided: Bool {
    if case .triangle = self { true } else { false }
  }
}
