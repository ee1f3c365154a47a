import Foundation
import Nadaraya
import Testing
import _TestSupport

/// Fits with 300 digits; Scripts/fixtures/local-polynomial.py says how they are made.
struct LocalPolynomialFixture: Decodable {
  let datasets: [String: Data]
  let queries: [String: [Double]]
  let cases: [Case]

  struct Data: Decodable {
    let dimension: Int
    let columns: Int
    let keys: [Double]
    let values: [Double]
    let weights: [Double]?
  }

  struct Case: Decodable {
    let name: String
    let kernel: String
    let combination: String
    let degree: Int
    let bandwidths: [Double]
    let dataset: String
    let queries: String
    let fits: [Double?]
    let fitSensitivities: [Double?]
    let gradients: [Double?]?
    let gradientSensitivities: [Double?]?
    let degrees: [Int?]
    let hatDiagonal: [Double]
    let leaveOneOut: [Double?]
    let leaveOneOutSensitivities: [Double?]
    let leaveOneOutDegrees: [Int?]
    let trace: Double

    enum CodingKeys: String, CodingKey {
      case name
      case kernel
      case combination
      case degree
      case bandwidths
      case dataset
      case queries
      case fits
      case fitSensitivities = "fit_sensitivities"
      case gradients
      case gradientSensitivities = "gradient_sensitivities"
      case degrees
      case hatDiagonal = "hat_diagonal"
      case leaveOneOut = "leave_one_out"
      case leaveOneOutSensitivities = "leave_one_out_sensitivities"
      case leaveOneOutDegrees = "leave_one_out_degrees"
      case trace
    }
  }
}

@Suite struct LocalPolynomialOracleTests {
  let fixture: LocalPolynomialFixture

  init() throws { fixture = try _TestSupport.fixture("local-polynomial.json") }

  /// A result may be off by its sensitivity, what rounding the data alone does to it, times 2⁻⁵³ and
  /// the roundings that meet in sums and decompositions, 64; and moments may lose three digits more of
  /// some of 3, the size of the values.
  static func tolerance(_ sensitivity: Double?, _ exact: Double) -> Double {
    64 * 0x1p-53 * (sensitivity ?? 1) + 1e-11 * max(abs(exact), 1)
  }

  @Test func `fits, gradients and degrees are the exact ones`() throws {
    for item in fixture.cases {
      let (estimator, queries) = try estimator(item)
      let fits = try estimator.predict(at: .points(queries), gradients: item.degree > 0)
      let columns = estimator.values.count
      let inputs = queries.dimension
      var degrees = [Int?](repeating: item.degree, count: queries.count)
      for lowered in fits.loweredDegrees { degrees[lowered.query] = lowered.degree }
      for query in fits.emptyWindows { degrees[query] = nil }
      #expect(degrees == item.degrees, "\(item.name)")
      for query in queries.indices {
        for column in 0..<columns {
          expect(
            fits.estimates[column][query], item.fits[query * columns + column],
            item.fitSensitivities[query], 1, "\(item.name), query \(query)")
          for input in 0..<(item.degree > 0 ? inputs : 0) {
            expect(
              fits.gradients?[column][input][query],
              item.gradients?[(query * columns + column) * inputs + input],
              item.gradientSensitivities?[query * inputs + input], 1 / item.bandwidths[input],
              "\(item.name), gradient at query \(query)")
          }
        }
      }
    }
  }

  /// The promise holds whatever rounding the data would do.
  @Test func `keys that nearly coincide cost no digits`() throws {
    for item in fixture.cases where item.dataset.hasPrefix("near") {
      let (estimator, queries) = try estimator(item)
      let fits = try estimator.predict(at: .points(queries), gradients: true)
      let largest = estimator.values[0].reduce(0) { max($0, $1.magnitude) }
      for query in queries.indices {
        let what: Comment = "\(item.name), query \(query)"
        func isClose(_ found: Double?, _ exact: Double?, unit: Double) -> Bool {
          guard let found, let exact else { return exact == nil && found?.isNaN ?? true }
          return abs(found - exact) * unit
            <= Promise.polynomial * max(largest, abs(exact) * unit)
        }
        #expect(isClose(fits.values[query], item.fits[query], unit: 1), what)
        for input in 0..<queries.dimension {
          #expect(
            isClose(
              fits.gradients?[0][input][query], item.gradients?[query * queries.dimension + input],
              unit: item.bandwidths[input]), what)
        }
      }
    }
  }

  @Test func `leverages and leave-one-out estimates are the exact ones`() throws {
    for item in fixture.cases {
      let (estimator, _) = try estimator(item)
      let fits = try estimator.leaveOneOutFits()
      let columns = estimator.values.count
      var degrees = [Int?](repeating: item.degree, count: estimator.keys.count)
      for lowered in fits.loweredDegrees { degrees[lowered.query] = lowered.degree }
      for row in fits.unsupported { degrees[row] = nil }
      #expect(degrees == item.leaveOneOutDegrees, "\(item.name)")
      for row in estimator.keys.indices {
        // Leverages are up to 1 and come without sensitivities: ten times what moments lose of 1. The trace
        // has up to 28 of them.
        #expect(
          abs(fits.leverages[row] - item.hatDiagonal[row]) <= 1e-10,
          "\(item.name), leverage of row \(row)")
        for column in 0..<columns {
          expect(
            fits.estimates[column][row], item.leaveOneOut[row * columns + column],
            item.leaveOneOutSensitivities[row], 1, "\(item.name), row \(row)")
        }
      }
      #expect(abs(fits.leverages.reduce(0, +) - item.trace) <= 1e-9, "\(item.name)")
    }
  }

  private func estimator(
    _ item: LocalPolynomialFixture.Case
  ) throws -> (KernelSmoother, Points) {
    let data = try #require(fixture.datasets[item.dataset])
    let queries = Points(
      rowMajor: try #require(fixture.queries[item.queries]), dimension: data.dimension)
    let count = data.keys.count / data.dimension
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(rowMajor: data.keys, dimension: data.dimension),
        values: (0..<data.columns).map { column in
          (0..<count).map { data.values[$0 * data.columns + column] }
        }, weights: data.weights),
      Similarity(
        try #require(Kernel(named: item.kernel)), bandwidths: item.bandwidths,
        combination: try #require(InputCombination(rawValue: item.combination))),
      degree: item.degree)
    return (estimator, queries)
  }

  private func expect(
    _ actual: Double?, _ exact: Double?, _ sensitivity: Double?, _ unit: Double, _ what: Comment
  ) {
    guard let exact else {
      #expect(actual?.isNaN == true, what)
      return
    }
    #expect(
      abs((actual ?? .nan) - exact) <= unit
        * Self.tolerance(
          sensitivity.map { $0 / unit }, exact / unit), what)
  }
}
