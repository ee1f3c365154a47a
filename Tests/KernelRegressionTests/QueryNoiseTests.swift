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

  /// Places among the keys, at keys, in gaps and beyond the ends.
  private static func queries(_ table: Table) -> Points {
    let dimension = table.keys.dimension
    var random = SplitMix64(seed: 32)
    let places = (0..<45).map { _ in
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
