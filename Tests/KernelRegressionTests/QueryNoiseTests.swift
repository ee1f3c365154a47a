import Nadaraya
import RealModule
import Testing
import _TestSupport

@testable import KernelRegression

/// What intervals are made of, from sums over rows, against the whole rows.
@Suite struct QueryNoiseTests {
  struct Table {
    let name: String
    var keys: Points
    var values: [[Double]]
    var weights: [Double]?
    var bandwidths: [Double]
  }

  static let tables: [Table] = {
    var random = SplitMix64(seed: 31)
    func noise() -> Double { random.uniform() + random.uniform() - 1 }
    func table(
      _ name: String, _ keys: [Double], _ bandwidth: Double, weights: [Double]? = nil
    ) -> Table {
      Table(
        name: name, keys: Points(keys),
        values: [keys.map { .sin(5 * $0) + 0.3 * noise() }, keys.map { $0 * $0 + noise() }],
        weights: weights, bandwidths: [bandwidth])
    }
    let even = (0..<300).map { Double($0) / 299 }
    let uneven = even.map { _ in random.uniform() * random.uniform() }
    var outlier = table("outliers", uneven, 0.1)
    outlier.values[0][17] = 1e7
    outlier.keys = Points(uneven.enumerated().map { $0 == 40 ? 30 : $1 })
    let plane = (0..<250).map { _ in [random.uniform(), random.uniform()] }
    return [
      table("even", even, 0.05),
      table("uneven", uneven, 0.08),
      table("a gap", uneven.map { $0 < 0.3 ? $0 : $0 + 2 }, 0.1),
      table("ties", uneven.map { (20 * $0).rounded() / 20 }, 0.15),
      table("few in a window", Array(uneven[..<40]), 0.02),
      table("weights", even, 0.04, weights: even.indices.map { [1, 0, 0.2, 7][$0 % 4] }),
      outlier,
      Table(
        name: "a plane", keys: Points(rowMajor: plane.flatMap { $0 }, dimension: 2),
        values: [plane.map { $0[0] - $0[1] + noise() }], weights: nil, bandwidths: [0.25, 0.4]),
    ]
  }()

  /// Moments and rows agree to the accuracy of the moments, times what normal equations lose: 1e-9 is promised
  /// of what polynomials are made into.
  @Test(arguments: [Kernel.gaussian, .epanechnikov, .laplacian, .cauchy], [0, 1, 2, 3])
  func `sums give what whole rows give`(kernel: Kernel, degree: Int) throws {
    for table in Self.tables where table.bandwidths.count + degree < 4 {
      for isCausal in [false, true] {
        let estimator = try KernelSmoother(
          Sample(keys: table.keys, values: table.values, weights: table.weights),
          Similarity(kernel, bandwidths: table.bandwidths), degree: degree, isCausal: isCausal
        ).correctedForBias()
        let queries = Self.queries(table)
        let variances = try estimator.rowVariances()
        let (found, path) = try estimator.noise(
          at: queries, variances, measuresPath: queries.dimension == 1)
        let rows = try Rows(of: estimator, at: queries)
        let size = table.values.joined().reduce(0) { max($0, $1.magnitude) }
        for query in queries.indices {
          rows.expect(
            found, query, variances, estimator, size: size,
            "\(table.name), \(kernel.name) degree \(degree), causal \(isCausal), query \(query)")
        }
        guard queries.dimension == 1 else { continue }
        // The angle of rows that nearly agree is known to the root of their rounding.
        #expect(
          abs(path - rows.pathLength(at: queries)) <= 1e-9 * path + 3e-8,
          "\(table.name), \(kernel.name) degree \(degree), causal \(isCausal)")
      }
    }
  }

  /// Of many queries moments give the sums, of a few a pass over their rows: where moments are trusted, they
  /// know a variance to 1e-10 and Σℓ⁴ as exactly as a quantile needs.
  @Test(arguments: [0, 1]) func `many queries have the noise of few`(degree: Int) throws {
    for table in Self.largeTables {
      let estimator = try KernelSmoother(
        Sample(keys: table.keys, values: table.values, weights: table.weights),
        Similarity(bandwidths: table.bandwidths), degree: degree
      ).correctedForBias()
      let (least, most) = (-0.3, 3.4)
      let count = 3000
      let queries = Points((0..<count).map { least + (most - least) * Double($0) / 2999 })
      let variances = try estimator.rowVariances()
      let summed = try Self.momentCount(estimator, variances, at: queries)
      #expect(summed > count / 3, "\(table.name): \(summed)")
      let all = try estimator.noise(at: queries, variances, measuresPath: false).noise
      let size = table.values.joined().reduce(0) { max($0, $1.magnitude) }
      for start in stride(from: 0, to: count, by: 150) {
        let few = try estimator.noise(
          at: queries.selecting(start..<start + 30), variances, measuresPath: false
        ).noise
        for place in 0..<30 {
          let comment: Comment = "\(table.name), degree \(degree), query \(start + place)"
          for column in table.values.indices {
            let estimates = (few.estimate(column, place), all.estimate(column, start + place))
            #expect(
              estimates.0.isNaN && estimates.1.isNaN
                || abs(estimates.0 - estimates.1) <= Promise.polynomial * size, comment)
            for (number, exact) in [
              (all.standardError(column, start + place), few.standardError(column, place)),
              (all.noise(column, start + place), few.noise(column, place)),
              (all.deviation(column, start + place), few.deviation(column, place)),
            ] {
              #expect(
                number.isNaN && exact.isNaN || abs(number - exact) <= Promise.polynomial * exact,
                comment)
            }
          }
          let (freedom, exact) = (all.freedom(start + place), few.freedom(place))
          #expect(
            freedom.isNaN && exact.isNaN
              || abs(freedom - exact) <= Promise.polynomial * max(1, exact / 10) * exact, comment)
        }
      }
    }
  }

  private static let largeTables: [Table] = {
    var random = SplitMix64(seed: 33)
    let keys = (0..<4000).map { _ in 3 * random.uniform() * random.uniform() }
    func noise() -> Double { random.uniform() + random.uniform() - 1 }
    let values = [keys.map { .sin(5 * $0) + 0.3 * noise() }, keys.map { $0 * $0 + noise() }]
    func table(
      _ name: String, _ keys: [Double], _ bandwidth: Double, weights: [Double]? = nil
    ) -> Table {
      Table(
        name: name, keys: Points(keys), values: values, weights: weights, bandwidths: [bandwidth])
    }
    var outlier = table(
      "lone rows", keys.enumerated().map { [5: 3.3, 99: 3.2][$0] ?? $1 }, 0.04)
    outlier.values[0][5] = 40
    return [
      table("uneven", keys, 0.1), table("a wide window", keys, 0.6), outlier,
      table("a gap", keys.map { $0 < 0.5 ? $0 : $0 + 0.7 }, 0.06),
      table("weights", keys, 0.1, weights: keys.indices.map { [1, 0, 0.2, 7][$0 % 4] }),
    ]
  }()

  /// The number of queries whose sums moments give.
  private static func momentCount(
    _ estimator: KernelSmoother, _ variances: RowVariances, at queries: Points
  ) throws -> Int {
    let moments = try #require(
      RowMoments(
        estimator.problem, RowVariances.Factors(variances), queryCount: queries.count,
        execution: Execution()))
    let execution = Execution(threads: 1)
    nonisolated(unsafe) var count = 0
    moments.forEachRow(
      at: queries, in: queries.indices,
      estimator.smootherSolutions(at: queries, in: queries.indices, execution: execution),
      try estimator.ofDegree(3).smootherSolutions(
        at: queries, in: queries.indices, execution: execution), execution: execution
    ) { _, _, _ in count += 1 }
    return count
  }

  /// Places among the keys, at keys, in gaps and beyond the ends.
  private static func queries(_ table: Table) -> Points {
    let dimension = table.keys.dimension
    var random = SplitMix64(seed: 32)
    let places = (0..<21).map { _ in
      (0..<dimension).map { _ in 2.5 * random.uniform() * random.uniform() - 0.05 }
    }
    return Points(
      rowMajor: places.flatMap { $0 } + table.keys.coordinates[..<(3 * dimension)],
      dimension: dimension)
  }

  /// Whole rows.
  private struct Rows {
    private let rows: [[(key: Int, weight: Double)]]
    private let steps: [[(key: Int, weight: Double)]?]

    init(of estimator: KernelSmoother, at queries: Points) throws {
      nonisolated(unsafe) var rows = [[(key: Int, weight: Double)]](
        repeating: [], count: queries.count)
      nonisolated(unsafe) var steps = [[(key: Int, weight: Double)]?](
        repeating: nil, count: queries.count)
      try estimator.forEachRowWithNext(at: queries, execution: Execution(threads: 1)) {
        rows[$0] = $1
        steps[$0] = $2
      }
      self.rows = rows
      self.steps = steps
    }

    func expect(
      _ found: QueryNoise, _ query: Int, _ variances: RowVariances, _ estimator: KernelSmoother,
      size: Double, _ comment: Comment
    ) {
      let row = rows[query]
      guard !row.isEmpty else {
        #expect(found.estimate(0, query).isNaN && found.freedom(query).isNaN, comment)
        return
      }
      let length = row.reduce(0) { $0 + $1.weight.magnitude }
      for column in estimator.values.indices {
        let estimate = row.reduce(0) { $0 + $1.weight * estimator.values[column][$1.key] }
        #expect(
          abs(found.estimate(column, query) - estimate) <= Promise.polynomial * size * length,
          comment)
      }
      guard let noise = variances.estimate(row) else {
        #expect(found.freedom(query).isNaN, comment)
        return
      }
      let deviations = estimator.deviations(noise, step: steps[query], variances)
      for column in estimator.values.indices {
        for (number, exact) in [
          (found.standardError(column, query), noise.standardErrors[column]),
          (found.noise(column, query), noise.deviations[column]),
          (found.deviation(column, query), deviations[column]),
          (found.freedom(query), noise.freedom),
        ] { #expect(abs(number - exact) <= Promise.polynomial * exact, comment) }
      }
    }

    func pathLength(at queries: Points) -> Double {
      let order = queries.indices.filter { !rows[$0].isEmpty }
        .sorted { queries.coordinates[$0] < queries.coordinates[$1] }
      return zip(order, order.dropFirst()).reduce(0) { length, pair in
        let (first, second) = (rows[pair.0], rows[pair.1])
        let other = Dictionary(uniqueKeysWithValues: second.map { ($0.key, $0.weight) })
        let product = first.reduce(0) { $0 + $1.weight * (other[$1.key] ?? 0) }
        func square(_ row: [(key: Int, weight: Double)]) -> Double {
          row.reduce(0) { $0 + $1.weight * $1.weight }
        }
        return length + .acos(min(max(product / .sqrt(square(first) * square(second)), -1), 1))
      }
    }
  }
}
