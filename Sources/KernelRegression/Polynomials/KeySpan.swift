internal import KernelSums
internal import SimilarityKernels
internal import Synchronization

/// The values and slopes of polynomials that all keys with weight determine together, at any bandwidth.
///
/// A few keys represent all: those from which the values at every other key follow. Where they leave
/// coefficients undetermined, for example along an input that does not vary, queries are fitted without
/// these, by moments as usual.
final class KeySpan: Sendable {
  /// Nil if the keys determine all coefficients.
  private let design: KeyDesign?
  private let basis: PolynomialBasis
  /// The keys of the design's pivots: no other single key adds to what is determined.
  private let pivotKeys: Set<Int>

  /// - Parameters:
  ///   - missing: a key to leave out.
  ///   - execution: threads.
  /// - Complexity: O(N³) if a few keys determine all, O(n·N²) otherwise.
  init(_ problem: KernelSumProblem, without missing: Int? = nil, execution: Execution) {
    let basis = problem.polynomialBasis
    self.basis = basis
    func hasWeight(_ key: Int) -> Bool {
      key != missing && problem.observationWeights?[key] ?? 1 > 0
    }
    func place(_ key: Int) -> [Double] {
      Array(problem.keys[key].prefix(problem.similarity.bandwidths.count))
    }
    func design(_ sample: [Int]) -> KeyDesign {
      KeyDesign(basis, keys: sample.map(place), rootWeights: sample.map { _ in 1 })
    }
    let keys = problem.keys.indices.filter(hasWeight)
    var sample: [Int] = []
    var places: Set<[Double]> = []
    for index in stride(from: 0, to: keys.count, by: max(1, keys.count / (8 * basis.count)))
    where places.insert(place(keys[index])).inserted { sample.append(keys[index]) }
    guard !sample.isEmpty else { preconditionFailure("no key has a weight") }
    var found = design(sample)
    var other: Int?
    // Each round's key adds a coefficient; the extra rounds allow for rounding.
    for _ in 0...2 * basis.count where found.rank(ofDegree: problem.degree) < basis.count {
      other = keys.first(notDeterminedBy: found, problem, execution)
      guard let other else { break }
      sample.append(other)
      found = design(sample)
    }
    pivotKeys = Set(
      found.elimination.pivots.indices.map { sample[found.elimination.origins[$0]] })
    let isWhole = other != nil || found.elimination.relations.isEmpty
    self.design = isWhole ? nil : found
  }

  /// Whether the keys determine all coefficients.
  var isWhole: Bool { design == nil }

  /// Whether what the keys determine may depend on this key.
  func restsOn(_ key: Int) -> Bool { pivotKeys.contains(key) }

  /// The highest degree whose value at a query the keys determine.
  func degree(at query: ArraySlice<Double>) -> Int {
    guard let design else { return basis.monomials.degree }
    let value = design.value(at: query)
    return (0...basis.monomials.degree).last { design.determines(value, degree: $0) } ?? 0
  }

  /// For each input, whether the keys determine its slope at a query.
  func slopes(at query: ArraySlice<Double>, degree: Int) -> [Bool] {
    guard let design, degree > 0 else {
      return [Bool](repeating: degree > 0, count: basis.dimension)
    }
    let value = design.value(at: query)
    return (0..<basis.dimension).map {
      design.determines(design.slope($0, of: value), degree: degree)
    }
  }

  /// The monomials of a degree that do not follow from those before them.
  func columns(ofDegree degree: Int) -> [Int] {
    let count = basis.count(ofDegree: degree)
    return design?.elimination.pivots.filter { $0 < count } ?? Array(0..<count)
  }
}

extension [Int] {
  /// The first of some keys whose value does not follow from a design.
  fileprivate func first(
    notDeterminedBy design: KeyDesign, _ problem: KernelSumProblem, _ execution: Execution
  ) -> Int? {
    let found = Atomic<Int>(.max)
    execution.silent.forEachBlock(of: count, atMost: 4096) { block in
      let first = block.first {
        !design.determines(design.value(at: problem.keys[self[$0]]), degree: problem.degree)
      }
      if let first { found.min(first, ordering: .relaxed) }
    }
    let first = found.load(ordering: .relaxed)
    return first < count ? self[first] : nil
  }
}
