import Foundation
import Nadaraya
import Testing
import _TestSupport

@testable import KernelRegression

/// The plug-in bandwidth by its definition, every pair visited; nil where there is none.
private func visitedPlugIn(_ keys: [Double], _ columns: [[Double]]) -> Double? {
  let trim = keys.count / 100
  let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.dropFirst(trim).dropLast(trim)
  let sorted = order.map { keys[$0] }
  let count = sorted.count
  let range = sorted[count - 1] - sorted[0]
  let places = sorted.map { ($0 - sorted[0]) / range }
  var (noise, curvature) = (0.0, 0.0)
  for column in columns {
    let values = order.map { column[$0] }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    guard variance > 0 else { continue }
    let scaled = values.map { ($0 - mean) / variance.squareRoot() }
    guard let found = visitedStages(places, scaled) else { return nil }
    noise += found.variance
    curvature += found.theta22
  }
  return range * pow(noise / (2 * Double.pi.squareRoot() * curvature * Double(count)), 0.2)
}

private func visitedStages(
  _ places: [Double], _ values: [Double]
) -> (variance: Double, theta22: Double)? {
  let count = Double(places.count)
  guard let (variance, theta24) = visitedQuartics(places, values) else { return nil }
  let constant = (theta24 < 0 ? 3.0 / 8 : 15.0 / 16) / Double.pi.squareRoot()
  let cubic = pow(constant * variance / (abs(theta24) * count), 1.0 / 7)
  var theta22 = 0.0
  for place in places where place >= 0.05 && place <= 0.95 {
    var rows = LeastSquares(degree: 3)
    for row in places.indices {
      let u = (places[row] - place) / cubic
      if abs(u) < 30 { rows.add(u, weight: exp(-u * u / 2), value: values[row]) }
    }
    guard let second = rows.coefficients()?[2] else { return nil }
    theta22 += pow(2 * second / (cubic * cubic), 2) / count
  }
  let overlap = 0.5 + 2 * 2.0.squareRoot() - 4.0 / 3 * 3.0.squareRoot()
  let line = pow(
    4 * overlap / (2 * Double.pi).squareRoot() * pow(variance / (theta22 * count), 2), 1.0 / 9)
  var (squares, freedom) = (0.0, count)
  for (row, place) in places.enumerated() {
    var weights: [Double] = []
    weights.reserveCapacity(places.count)
    var (s0, s1, s2) = (0.0, 0.0, 0.0)
    for key in places {
      let u = (key - place) / line
      let weight = exp(-u * u / 2)
      weights.append(weight)
      s0 += weight
      s1 += weight * u
      s2 += weight * u * u
    }
    var estimate = 0.0
    for key in places.indices {
      let u = (places[key] - place) / line
      // Where all other weights underflow, a key alone determines the line at itself.
      let share = s2 > 0 ? weights[key] * (s2 - u * s1) / (s0 * s2 - s1 * s1) : weights[key]
      estimate += share * values[key]
      freedom += share * share - (key == row ? 2 * share : 0)
    }
    squares += pow(values[row] - estimate, 2)
  }
  return (squares / freedom, theta22)
}

private func visitedQuartics(
  _ places: [Double], _ values: [Double]
) -> (variance: Double, theta24: Double)? {
  let count = places.count
  let most = max(min(count / 20, 5), 1)
  var fits: [(squares: Double, theta24: Double)] = []
  for blocks in 1...most {
    var (squares, theta24) = (0.0, 0.0)
    for block in 0..<blocks {
      let size = count / blocks
      let rows = block * size..<(block == blocks - 1 ? count : (block + 1) * size)
      let centre = (places[rows.lowerBound] + places[rows.upperBound - 1]) / 2
      let reach = (places[rows.upperBound - 1] - places[rows.lowerBound]) / 2
      var solver = LeastSquares(degree: 4)
      for row in rows { solver.add((places[row] - centre) / reach, weight: 1, value: values[row]) }
      guard let a = solver.coefficients() else { return nil }
      for row in rows {
        let u = (places[row] - centre) / reach
        squares += pow(values[row] - (a[0] + u * (a[1] + u * (a[2] + u * (a[3] + u * a[4])))), 2)
        theta24 += (2 * a[2] + u * (6 * a[3] + u * 12 * a[4])) * 24 * a[4] / pow(reach, 6)
      }
    }
    fits.append((squares, theta24 / Double(count)))
  }
  let penalized = (1...most).map {
    fits[$0 - 1].squares * Double(count - 5 * most) / fits[most - 1].squares + Double(10 * $0)
  }
  let best = penalized.indices.min { penalized[$0] < penalized[$1] } ?? 0
  return (fits[best].squares / Double(count - 5 * (best + 1)), fits[best].theta24)
}

/// Rows for the plug-in bandwidth.
struct PlugInCase: Sendable, CustomStringConvertible {
  let name: String
  var count = 600
  var seed: UInt64 = 1
  var key: @Sendable (_ uniform: Double) -> Double = { $0 }
  var outliers: [Double] = []
  var columns = 1
  var noise = 0.2

  var description: String { "\(name), \(count) rows, seed \(seed)" }

  static let all =
    (1...4).map { PlugInCase(name: "even keys", count: 500 * Int($0), seed: $0) } + [
      PlugInCase(name: "few rows", count: 40), PlugInCase(name: "units", key: { 1e6 * $0 - 3e5 }),
      PlugInCase(name: "ties", key: { ($0 * 60).rounded() / 60 }),
      PlugInCase(name: "more ties than keys", count: 2000, key: { ($0 * 25).rounded() }),
      PlugInCase(name: "denser to one end", key: { $0 * $0 * $0 }),
      PlugInCase(name: "a long tail", key: { -log(1 - $0) }),
      PlugInCase(name: "a gap", key: { $0 < 0.5 ? $0 : $0 + 0.4 }),
      PlugInCase(name: "two groups", count: 400, key: { $0 < 0.7 ? $0 / 10 : 1 + $0 / 5 }),
      PlugInCase(name: "an outlying key", count: 80, outliers: [1.3]),
      PlugInCase(
        name: "keys alone", count: 400, outliers: [1.2, 1.25, 1.4, 1.42, 1.44, 1.46, 1.5]),
      PlugInCase(name: "a key too far out", count: 80, outliers: [3]),
      PlugInCase(name: "too few keys", count: 300, key: { ($0 * 4).rounded() }),
      PlugInCase(name: "three columns", columns: 3), PlugInCase(name: "little noise", noise: 1e-3),
    ]

  var keys: [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in key(random.uniform()) } + outliers
  }

  func values(_ keys: [Double]) -> [[Double]] {
    var random = SplitMix64(seed: seed + 100)
    let (least, most) = (keys.min() ?? 0, keys.max() ?? 1)
    return (0..<columns).map { column in
      keys.map {
        let place = ($0 - least) / (most - least)
        return sin(Double(5 + 2 * column) * place) + noise * (random.uniform() - 0.5)
      }
    }
  }
}

@Suite struct PlugInTests {
  @Test(.slow, arguments: PlugInCase.all)
  func `the bandwidth is that of the definition, pair by pair`(example: PlugInCase) throws {
    let keys = example.keys
    let values = example.values(keys)
    guard let known = visitedPlugIn(keys, values) else {
      let error = #expect(throws: KernelRegressionError.self) {
        try plugInBandwidth(keys: keys, values: values)
      }
      #expect(error?.code == .tooFewKeys)
      return
    }
    let found = try plugInBandwidth(keys: keys, values: values)
    // Sums have errors of 1e-12, and a second derivative in a window three digits less.
    #expect(abs(found / known - 1) < 1e-9)
  }

  @Test func `rows in any order and threads in any number give the same`() throws {
    let example = PlugInCase(name: "ties", count: 2000, key: { ($0 * 1e3).rounded() / 1e3 })
    let keys = example.keys
    let values = example.values(keys)[0]
    let known = try plugInBandwidth(keys: keys, values: [values])
    for threads in [1, 2, 3, 5] {
      let found = try plugInBandwidth(
        keys: keys, values: [values], execution: Execution(threads: threads))
      #expect(abs(found / known - 1) < Rounding.thousands)
    }
    // Blocks end between rows of the same key, so only the order of different keys is free.
    func hash(_ row: Int) -> Double { (7919 * keys[row]).truncatingRemainder(dividingBy: 1.01) }
    let order = keys.indices.sorted { (hash($0), $0) < (hash($1), $1) }
    let moved = try plugInBandwidth(
      keys: order.map { keys[$0] }, values: [order.map { values[$0] }])
    #expect(abs(moved / known - 1) < Rounding.thousands)
  }
}
