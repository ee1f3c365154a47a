import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// Sums over rows ℓᵢ = wᵢ p(uᵢ) against rows formed key by key.
@Suite struct SmootherSumsTests {
  private static let degrees: [(first: Int, second: Int?)] = [(2, 3), (4, nil), (0, nil)]

  /// Keys of which one is so far that a power of its distance is infinite, with columns of both signs.
  private static func problem(
    _ kernel: Kernel, dimension: Int, isCausal: Bool, isWeighted: Bool
  ) -> KernelSumProblem {
    var random = SplitMix64(seed: 21)
    let count = 400
    var rows = (0..<count).map { _ in (0..<dimension).map { _ in random.uniform() } }
    rows[7] = rows[7].map { _ in 1e200 }
    return KernelSumProblem(
      keys: Points(rowMajor: rows.flatMap { $0 }, dimension: dimension),
      columns: (0..<2).map { _ in rows.map { _ in 2 * random.uniform() - 1 } },
      observationWeights: isWeighted ? rows.map { _ in 5 * random.uniform() } : nil,
      similarity: Similarity(
        kernel, bandwidths: (0..<dimension).map { 0.1 * Double($0 + 1) }), isCausal: isCausal)
  }

  /// Each term has the accuracy of a weight, and its square twice that; sums are those of hundreds of keys.
  @Test(arguments: InstructionSet.available, [1, 2, 3])
  func `sums are those of the rows`(instructions: InstructionSet, dimension: Int) {
    for (kernel, isCausal, isWeighted) in [
      (Kernel.gaussian, false, false), (.gaussian, true, true), (.epanechnikov, false, true),
      (.laplacian, false, false), (.cauchy, false, false),
    ] {
      let problem = Self.problem(
        kernel, dimension: dimension, isCausal: isCausal, isWeighted: isWeighted)
      for (place, degrees) in Self.degrees.enumerated() {
        check(problem, degrees, hasShares: place != 1, isPath: place != 2, instructions)
      }
    }
  }

  private func check(
    _ problem: KernelSumProblem, _ degrees: (first: Int, second: Int?), hasShares: Bool,
    isPath: Bool, _ instructions: InstructionSet
  ) {
    var random = SplitMix64(seed: 22)
    func columns(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in problem.keys.indices.map { _ in random.uniform() } }
    }
    let factors = columns(2)
    let shares = hasShares ? columns(1)[0] : nil
    let dimension = problem.keys.dimension
    let queries = Points(
      rowMajor: (0..<5).flatMap { place in
        (0..<dimension).map { _ in Double(place) / 4 }
      }, dimension: dimension)
    let counts = (
      Monomials.count(dimension: dimension, degree: degrees.first),
      degrees.second.map { Monomials.count(dimension: dimension, degree: $0) } ?? 0
    )
    let coefficients = queries.indices.flatMap { _ in
      (0..<counts.0 + counts.1).map { _ in 2 * random.uniform() - 1 }
    }
    let sums = problem.sums(
      over: SmootherRows(
        at: queries, degrees: degrees, coefficients: coefficients, factors: factors,
        shares: shares, isPath: isPath),
      execution: Execution(threads: 2, instructions: instructions))
    var before: [Double] = []
    for query in queries.indices {
      let start = query * (counts.0 + counts.1)
      let first = row(
        problem, queries[query], Array(coefficients[start..<start + counts.0]), degrees.first)
      compare(sums.row(query), first, before: isPath ? before : [], problem, factors, shares)
      before = first
      guard let second = degrees.second else { continue }
      let end = start + counts.0 + counts.1
      let row = row(
        problem, queries[query], Array(coefficients[start + counts.0..<end]), second)
      compare(sums.secondRow(query), row, before: [], problem, factors, shares)
    }
  }

  private func row(
    _ problem: KernelSumProblem, _ query: ArraySlice<Double>, _ coefficients: [Double],
    _ degree: Int
  ) -> [Double] {
    let monomials = Monomials(dimension: problem.keys.dimension, degree: degree)
    let scale = Double.exp(-problem.orders.weights(problem).logScale)
    return problem.keys.indices.map { key in
      let place = problem.keys[key]
      guard !problem.isCausal || place[place.startIndex] <= query[query.startIndex] else {
        return 0
      }
      let weight =
        problem.similarity.weight(query: query, key: place)
        * (problem.observationWeights.map { $0[key] * scale } ?? 1)
      guard weight > 0 else { return 0 }
      var powers = [1.0]
      for (parent, input) in zip(monomials.parents, monomials.factors).dropFirst() {
        let u = place[place.startIndex + input] - query[query.startIndex + input]
        powers.append(powers[parent] * u / problem.similarity.bandwidths[input])
      }
      return weight * zip(coefficients, powers).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  private func compare(
    _ sums: SmootherSums.Row, _ row: [Double], before: [Double], _ problem: KernelSumProblem,
    _ factors: [[Double]], _ shares: [Double]?
  ) {
    func expect(
      _ found: Double, _ term: (Int) -> Double,
      location: SourceLocation = #_sourceLocation
    ) {
      let (exact, size) = row.indices.reduce((0.0, 0.0)) {
        ($0.0 + term($1), $0.1 + term($1).magnitude)
      }
      #expect(abs(found - exact) <= Rounding.thousands * size, sourceLocation: location)
    }
    expect(sums.sum) { row[$0] }
    for (found, column) in zip(sums.columns, problem.columns) {
      expect(found) { row[$0] * column[$0] }
    }
    expect(sums.square) { row[$0] * row[$0] }
    for (found, factor) in zip(sums.factors, factors) {
      expect(found) { row[$0] * row[$0] * factor[$0] }
    }
    expect(sums.fourth) {
      let part = row[$0] * row[$0] * (shares?[$0] ?? 1)
      return part * part
    }
    expect(sums.product) { before.isEmpty ? 0 : row[$0] * before[$0] }
  }
}
