import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// The moments about a query that local polynomials are made from.
@Suite struct MomentTests {
  @Test func `monomials are in graded lexicographic order`() {
    #expect(
      Monomials(dimension: 2, degree: 2).exponents
        == [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]])
    for (dimension, degree) in [(1, 6), (2, 6), (3, 4), (5, 2)] {
      let monomials = Monomials(dimension: dimension, degree: degree)
      #expect(monomials.count == Monomials.count(dimension: dimension, degree: degree))
      for place in monomials.exponents.indices.dropFirst() {
        var parent = monomials.exponents[place]
        parent[monomials.factors[place]] -= 1
        #expect(monomials.exponents[monomials.parents[place]] == parent)
        #expect(monomials.product(monomials.parents[place], 0) == monomials.parents[place])
      }
    }
  }

  static let engines: [EngineChoice] = EngineChoice.allCases.filter { $0 != .automatic }

  /// Every moment of every engine against sums over all keys of products formed one by one.
  ///
  /// A moment of power a is asked to be exact to Σw|u|ᵃ|c| times 1e-11: beside the
  /// accuracy of the weights, u carries a relative error of two units in the last place, a times. Weights
  /// that leave the range of doubles are lost, 1e-200 of the largest.
  @Test(arguments: engines, [1, 2, 3])
  func `moments are the sums of products`(choice: EngineChoice, degree: Int) throws {
    for kernel in Kernel.all {
      for (dimension, bandwidth) in [(1, 0.9), (1, 0.05), (2, 1.5), (3, 2.0)]
      where degree + dimension < 5 {
        let (sample, queries) = NearbyDirectTests.sample(
          dimension: dimension, kernel: kernel, combination: .product, bandwidth: bandwidth,
          count: 150)
        let problem = sample.ofDegree(degree)
        guard
          let engine = try? choice.engine(for: problem, accuracy: 1e-12).engine
        else { continue }
        for omission in [Omission.none, .own] {
          let places = omission == .own ? problem.keys : queries
          let sums = engine.sums(at: places, omission: omission, squares: true)
          for query in stride(from: 0, to: places.count, by: omission == .own ? 29 : 3) {
            check(
              sums[query], of: problem, at: Array(places[query]),
              excluding: omission == .own ? query : nil,
              "\(choice) \(kernel.name) \(dimension) inputs, h \(bandwidth), query \(query)")
          }
        }
      }
    }
  }

  private func check(
    _ sums: AnchoredSums.Entry, of problem: KernelSumProblem, at query: [Double],
    excluding excluded: Int?, _ what: Comment
  ) {
    let all = Monomials(dimension: query.count, degree: 2 * problem.degree)
    let inner = Monomials.count(dimension: query.count, degree: problem.degree)
    var weight = 0.0
    var exact = [Double](repeating: 0, count: problem.sumCount)
    var size = exact
    for key in problem.keys.indices where key != excluded {
      let w =
        problem.similarity.weight(query: query, key: problem.keys[key])
        * (problem.observationWeights?[key] ?? 1)
      weight += w
      let u = zip(zip(problem.keys[key], query), problem.similarity.bandwidths).map {
        ($0.0 - $0.1) / $1
      }
      let powers = all.exponents.map { exponents in
        zip(exponents, u).reduce(w) { term, power in
          (0..<power.0).reduce(term) { product, _ in product * power.1 }
        }
      }
      var place = 0
      for power in powers.dropFirst() {
        exact[place] += power
        size[place] += power.magnitude
        place += 1
      }
      for column in problem.columns {
        for power in powers.prefix(inner) {
          exact[place] += power * column[key]
          size[place] += (power * column[key]).magnitude
          place += 1
        }
      }
    }
    guard weight >= 1e-95 else {
      // Where weights are tiny, moments are not promised; Σw still says whether there is support.
      #expect((sums.weight > 0) == (weight > 0) || problem.similarity.kernel.hasLogProfile, what)
      return
    }
    #expect(sums.columns.count == problem.sumCount, what)
    for place in exact.indices where sums.columns.count == problem.sumCount {
      let sum = sums.columns[place] * .exp(sums.logAnchor)
      #expect((sum - exact[place]).magnitude <= 1e-11 * size[place] + 1e-200 * weight, what)
    }
  }
}
