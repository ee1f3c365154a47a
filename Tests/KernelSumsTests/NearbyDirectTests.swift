import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// Sums over the keys that can matter against those over all keys.
@Suite struct NearbyDirectTests {
  /// Clustered keys, one in four repeated, with queries among, between and far outside of them.
  static func sample(
    dimension: Int, kernel: Kernel, combination: InputCombination, bandwidth: Double,
    weighted: Bool = true, count: Int = 700, shift: Double = 0
  ) -> (problem: KernelSumProblem, queries: Points) {
    var random = SplitMix64(seed: UInt64(dimension))
    var rows: [[Double]] = []
    for row in 0..<count {
      if row % 4 == 3 {
        rows.append(rows[row - 3])
      } else {
        let centre = Double(row % 5)
        rows.append((0..<dimension).map { _ in shift + centre + 0.3 * random.uniform() })
      }
    }
    var queries = (0..<60).map { _ in
      (0..<dimension).map { _ in shift + 6 * random.uniform() - 0.5 }
    }
    queries += [
      rows[0], rows[5], rows[5].map { $0 + bandwidth }, rows[7].map { $0 + 0.3 * bandwidth },
    ]
    queries += [1e3, -1e6, 1e12].map { far in rows[1].map { $0 + far * bandwidth } }
    let problem = KernelSumProblem(
      keys: Points(rowMajor: rows.flatMap { $0 }, dimension: dimension),
      columns: [
        rows.indices.map { _ in 4 * random.uniform() - 2 },
        rows.indices.map { $0 % 50 == 0 ? 1e6 : 0 },
        rows.indices.map { Double($0 % 7) * 1e-9 },
      ],
      observationWeights: weighted
        ? rows.indices.map { $0 % 6 == 0 ? 0 : random.uniform() * ($0 % 11 == 0 ? 1e-30 : 1) }
        : nil,
      similarity: Similarity(
        kernel, bandwidths: (0..<dimension).map { bandwidth * (1 + 0.25 * Double($0)) },
        combination: combination))
    return (problem, Points(rowMajor: queries.flatMap { $0 }, dimension: dimension))
  }

  static let cases: [(Int, InputCombination, Double)] = [
    (1, .product, 0.05), (2, .product, 1e-4), (2, .radial, 0.1), (2, .radial, 50),
    (3, .product, 0.4), (3, .radial, 1e-9), (5, .radial, 0.5), (8, .product, 0.7),
  ]

  @Test(arguments: Kernel.all, cases)
  func `sums equal those over all keys`(
    kernel: Kernel, setting: (dimension: Int, combination: InputCombination, bandwidth: Double)
  ) {
    let (problem, queries) = Self.sample(
      dimension: setting.dimension, kernel: kernel, combination: setting.combination,
      bandwidth: setting.bandwidth)
    expectEqualSums(problem, queries, omission: .none)
    expectEqualSums(problem, problem.keys, omission: .own)
  }

  func expectEqualSums(_ problem: KernelSumProblem, _ queries: Points, omission: Omission) {
    // Leave-one-out of all keys would take long: every ninth does.
    let indices = queries.indices.filter { omission == .none || $0 % 9 == 0 }
    let expected = DirectEngine(problem).sums(at: queries, omission: omission, squares: true)
    let magnitudes = DirectEngine(
      KernelSumProblem(
        keys: problem.keys, columns: problem.columns.map { $0.map(abs) },
        observationWeights: problem.observationWeights, similarity: problem.similarity)
    ).sums(at: queries, omission: omission)
    for threads in [1, 2] {
      let actual = AnchoredSums(
        count: queries.count, columnCount: problem.columns.count, execution: Execution()
      ) {
        for index in 0..<queries.count * (problem.columns.count + 3) {
          $0.logAnchors[index] = .nan
        }
        NearbyDirect(problem).sums(
          ofQueries: indices.reversed(), at: queries, omission: omission, squares: true,
          execution: Execution(threads: threads), into: $0, first: 0)
      }
      for index in indices {
        let deviation = actual[index].deviation(
          from: expected[index], magnitudes: magnitudes[index].columns)
        // Sums of up to 700 terms in another order.
        #expect(deviation < Rounding.hundreds, "query \(index) of \(problem.similarity)")
      }
    }
  }

  @Test func `nearest keys are those among all`() {
    for (dimension, _, bandwidth) in Self.cases {
      let (problem, queries) = Self.sample(
        dimension: dimension, kernel: .gaussian, combination: .product, bandwidth: bandwidth)
      let far = Points(
        rowMajor: queries.coordinates.map { $0 * 1e200 }, dimension: queries.dimension)
      for queries in [queries, far] {
        for excluded in [nil, queries.indices.map { $0 }] {
          let expected = DirectEngine(problem).nearestKeys(to: queries, excluding: excluded)
          let actual = NearbyDirect(problem).nearestKeys(to: queries, excluding: excluded)
          #expect(expected.map(\.keys) == actual.map(\.keys))
          #expect(expected.map(\.distance) == actual.map(\.distance))
        }
      }
    }
  }

  @Test(arguments: [Kernel.gaussian, .epanechnikov, .laplacian, .cauchy, .constant])
  func `weights are those among all`(kernel: Kernel) {
    for (dimension, combination, bandwidth) in Self.cases {
      let (problem, queries) = Self.sample(
        dimension: dimension, kernel: kernel, combination: combination, bandwidth: bandwidth)
      let expected = DirectEngine(problem).normalizedWeights(at: queries)
      let count = problem.keys.count
      NearbyDirect(problem).forEachQuery(
        Array(queries.indices), of: queries, omission: .none, execution: Execution(threads: 1)
      ) { index, weights in
        var actual = [Double](repeating: 0, count: count)
        for weight in weights { actual[weight.key] = weight.weight }
        let row = Array(expected[index * count..<(index + 1) * count])
        // A share has the roundings of the sum below it; where these are many, shares are small.
        #expect(Laws.deviation(actual, row, relativeTo: 1) < Rounding.tens)
      }
    }
  }

  @Test func `a closure keeps its support`() {
    var (problem, queries) = Self.sample(
      dimension: 2, kernel: .gaussian, combination: .radial, bandwidth: 0.1)
    for combination in InputCombination.allCases {
      for support in [2, Double.infinity] {
        problem = problem.weighed(
          by: Similarity(
            Kernel(name: "bump", support: support) { 1 / (1 + $0 * $0 * $0 * $0) },
            bandwidths: [0.1, 0.2], combination: combination))
        expectEqualSums(problem, queries, omission: .none)
      }
    }
    queries = Points(rowMajor: [], dimension: 2)
    expectEqualSums(problem, queries, omission: .none)
  }
}

extension AnchoredSums.Entry {
  /// The largest difference between two sums, relative to Σw, Σw² and each Σw·abs(c).
  func deviation(from other: Self, magnitudes: [Double]) -> Double {
    guard other.weight > 0 else {
      return weight == 0 && logAnchor == -.infinity && columns.allSatisfy { $0 == 0 }
        ? 0 : .infinity
    }
    // Where anchors differ, so do the sums in proportion.
    let factor = logAnchor == other.logAnchor ? 1 : Double.exp(logAnchor - other.logAnchor)
    var deviations = [abs(weight * factor - other.weight) / other.weight]
    if !other.squaredWeight.isNaN {
      deviations.append(
        abs(squaredWeight * factor * factor - other.squaredWeight) / other.squaredWeight)
    }
    for index in columns.indices where columns[index] * factor != other.columns[index] {
      deviations.append(
        abs(columns[index] * factor - other.columns[index]) / magnitudes[index])
    }
    return deviations.allSatisfy { $0.isFinite } ? deviations.max() ?? 0 : .infinity
  }
}
