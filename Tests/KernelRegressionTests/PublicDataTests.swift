import Foundation
import Nadaraya
import Testing
import _TestSupport

/// Every local minimum of the criteria on public data, found in extended precision on thousands of
/// places; the fixture names its sources.
struct MinimaFixture: Decodable {
  let data: [String: Table]
  let cases: [Case]

  struct Table: Decodable {
    let keys: [Double]
    let values: [Double]
  }

  struct Case: Decodable, Sendable, CustomStringConvertible {
    let data: String
    let kernel: String
    let degree: Int
    let low: End
    let high: End
    let loo: [Minimum]
    let gcv: [Minimum]
    let aicc: [Minimum]

    var description: String { "\(data), \(kernel), degree \(degree)" }
  }

  struct End: Decodable, Sendable {
    let bandwidth: Double
  }

  struct Minimum: Decodable, Sendable {
    let bandwidth: Double
    let criterion: Double
  }
}

/// The direct plug-in bandwidth as R's dpill computes it and without its bins.
struct PlugInFixture: Decodable {
  let cases: [Case]

  struct Case: Decodable, Sendable, CustomStringConvertible {
    let data: String
    let keys: [Double]
    let values: [Double]
    let finer: Double
    let exact: Exact
    let rule: Rule

    var description: String { data }
  }

  struct Exact: Decodable, Sendable {
    let bandwidth: Double
  }

  struct Rule: Decodable, Sendable {
    let normal: Double
  }
}

@Suite(.sweep) struct PublicDataTests {
  static let minima: MinimaFixture? = try? _TestSupport.fixture("selection.json")
  static let plugIns: PlugInFixture? = try? _TestSupport.fixture("plug-in.json")

  /// All in optimised builds; in others those that take seconds.
  static let cases: [MinimaFixture.Case] = {
    let all = minima?.cases ?? []
    #if DEBUG
    return all.filter {
      $0.kernel == "gaussian"
        ? $0.degree < 2 && $0.data != "gagurine"
        : $0.kernel == "epanechnikov" && $0.degree < 2 && $0.data == "cars"
    }
    #else
    return all
    #endif
  }()

  @Test(arguments: cases)
  func `every local minimum is found where the criterion is known`(
    known: MinimaFixture.Case
  ) throws {
    let table = try #require(Self.minima?.data[known.data])
    let kernel = try #require(Kernel(named: known.kernel))
    let published: [(BandwidthMethod, [MinimaFixture.Minimum])] = [
      (.leaveOneOut, known.loo), (.generalizedCrossValidation, known.gcv),
      (.correctedAkaike, known.aicc),
    ]
    for (method, minima) in published {
      let selected = try Bandwidths.select(
        method, for: Sample(table.keys, table.values), similarity: Similarity(kernel),
        degree: known.degree)
      for minimum in minima {
        // At a minimum the values of a search tell bandwidths apart to the root of their precision.
        let found = try #require(
          selected.minima.min {
            abs($0.bandwidths[0] - minimum.bandwidth) < abs($1.bandwidths[0] - minimum.bandwidth)
          })
        #expect(abs(found.bandwidths[0] / minimum.bandwidth - 1) < 1e-5, "\(method) \(minimum)")
        #expect(abs(found.criterion / minimum.criterion - 1) < 1e-8, "\(method) \(minimum)")
      }
      let inside = selected.minima.filter {
        $0.ends == [nil] && $0.bandwidths[0] > known.low.bandwidth
          && $0.bandwidths[0] < known.high.bandwidth
      }
      #expect(inside.count == minima.count, "\(method): \(inside.map(\.bandwidths))")
    }
  }

  @Test(arguments: plugIns?.cases ?? [])
  func `the formulas' bandwidths are those of R without its bins`(
    known: PlugInFixture.Case
  ) throws {
    let plugIn = try plugInBandwidth(keys: known.keys, values: [known.values])
    // The derivatives of fits by powers, which it is made from, may lose some six digits of sixteen.
    #expect(abs(plugIn / known.exact.bandwidth - 1) < 1e-9)
    // R cuts the Gaussian at four standard deviations, where it is 3e-4, and puts rows into bins; a
    // second derivative amplifies that tenfold, and more where many rows tie.
    #expect(abs(plugIn / known.finer - 1) < 3e-2)
    let rule = try ruleOfThumbBandwidths(keys: Points(known.keys))
    // A variance of up to 400 keys.
    #expect(abs(rule[0] / known.rule.normal - 1) < Rounding.thousands)
  }

  @Test func `the fixtures are there`() throws {
    #expect(Self.minima?.cases.isEmpty == false && Self.plugIns?.cases.isEmpty == false)
  }
}
