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
  @Test(.slow, arguments: engines, [1, 2, 3, 4])
  func `moments are the sums of products`(choice: EngineChoice, degree: Int) throws {
    let few = [Kernel.gaussian, .tricube, .laplacian].map(\.name)
    for kernel in Kernel.all where degree == 1 || few.contains(kernel.name) {
      for (dimension, bandwidth) in [(1, 0.9), (1, 0.05), (2, 1.5), (3, 2.0)]
      where degree + dimension < 5 {
        let (sample, queries) = NearbyDirectTests.sample(
          dimension: dimension, kernel: kernel, combination: .product, bandwidth: bandwidth,
          count: 150)
        let problem = sample.ofDegree(degree)
        guard
          // Cells sum moments in several inputs to a thousandth of the accuracy.
          let engine = try? choice.engine(
            for: problem, accuracy: dimension == 1 ? 1e-12 : 1e-9
          ).engine
        else { continue }
        for omission in [Omission.none, .own] {
          let places = omission == .own ? problem.keys : queries
          let sums = engine.sums(at: places, omission: omission, squares: true)
          for query in stride(from: 0, to: places.count, by: omission == .own ? 29 : 3) {
            check(
              sums[query], of: problem, at: Array(places[query]),
              excluding: omission == .own ? query : nil, by: choice,
              "\(choice) \(kernel.name) \(dimension) inputs, h \(bandwidth), query \(query)")
          }
        }
      }
    }
  }

  /// Engines whose cells and blocks hold many keys, against the direct engine: keys around 10⁶, with a
  /// gap, one observation weight in ten 0; queries among them, in the gap and far out.
  @Test(
    .sweep,
    arguments: [EngineChoice.cells, .piecewise, .tree], [1, 2, 3, 4])
  func `moments of many keys equal the direct engine's`(choice: EngineChoice, degree: Int) throws {
    var random = SplitMix64(seed: 11)
    for (bandwidth, isWeighted) in [(0.002, false), (0.05, true), (0.7, false)] {
      let count = 20_000
      let keys = (0..<count).map { index in
        1e6 + (index % 3 == 0 ? 2 : 0) + Double.random(in: 0..<1, using: &random)
      }
      let columns = [
        keys.map { key in key - 1e6 + Double.random(in: -2..<1, using: &random) },
        keys.map { $0 - 1e6 },
      ]
      let weights = isWeighted ? (0..<count).map { Double($0 % 10) } : nil
      let places = [1e6 - 30, 1e6 - 1, 1e6 - 0.01, 1e6 + 1.02, 1e6 + 1.5, 1e6 + 3.3]
      let queries = Points(
        places + (0..<30).map { _ in 1e6 + Double.random(in: 0..<1, using: &random) })
      let few = [Kernel.gaussian, .tricube, .laplacian].map(\.name)
      for kernel in Kernel.all where degree == 1 || few.contains(kernel.name) {
        let problem = KernelSumProblem(
          keys: Points(keys), columns: columns, observationWeights: weights,
          similarity: Similarity(kernel, bandwidths: [bandwidth]), degree: degree)
        guard let engine = try? choice.engine(for: problem, accuracy: 1e-12).engine else {
          continue
        }
        let masses = DirectEngine(
          KernelSumProblem(
            keys: Points(keys), columns: columns.map { $0.map(\.magnitude) },
            observationWeights: weights, similarity: problem.similarity))
        for omission in [Omission.none, .own] {
          let places = omission == .own ? problem.keys : queries
          let range = omission == .own ? 1_200..<1_230 : queries.indices
          let expected = DirectEngine(problem).sums(
            at: places, in: range, omission: omission, squares: true)
          let sizes = masses.sums(at: places, in: range, omission: omission)
          // Without squares, queries may be summed together.
          for squares in [true, false] {
            let actual = engine.sums(
              at: places, in: range, omission: omission, squares: squares, execution: Execution())
            for slot in 0..<range.count {
              expectEqual(
                actual[slot], expected[slot], sizes[slot], degree: degree, squares: squares,
                "\(choice) \(kernel.name), h \(bandwidth), \(omission), query \(slot)")
            }
          }
        }
      }
    }
  }

  /// Cells in several inputs, which hold many keys each, against the direct engine: an even sample and a
  /// cluster beside it, a column of one sign and one that cancels, every tenth observation weight 0.
  @Test(.sweep, arguments: [2, 3], [0.04, 0.11, 0.6])
  func `moments of cells in several inputs equal the direct engine's`(
    dimension: Int, bandwidth: Double
  ) throws {
    var random = SplitMix64(seed: 12)
    let count = 20_000
    let keys = Points(
      rowMajor: (0..<count * dimension).map { place in
        let isFar = (place / dimension).isMultiple(of: 4)
        return 1e3 + Double.random(in: isFar ? 1..<1.3 : 0..<1, using: &random)
      }, dimension: dimension)
    let columns = [
      (0..<count).map { keys[$0].reduce(0, +) },
      (0..<count).map { _ in Double.random(in: -1..<1, using: &random) },
    ]
    let problem = KernelSumProblem(
      keys: keys, columns: columns,
      observationWeights: bandwidth == 0.11 ? nil : (0..<count).map { Double($0 % 10) },
      similarity: Similarity(
        .gaussian, bandwidths: (0..<dimension).map { bandwidth * (1 + Double($0) / 3) }), degree: 1)
    // In three inputs the memory of many narrow cells is refused.
    guard let cells = CellTransform(problem, accuracy: 1e-9) else {
      #expect(dimension == 3 && bandwidth < 0.5)
      return
    }
    let masses = DirectEngine(
      KernelSumProblem(
        keys: keys, columns: columns.map { $0.map(\.magnitude) },
        observationWeights: problem.observationWeights, similarity: problem.similarity))
    let direct = DirectEngine(problem)
    let places = Points(
      rowMajor: (0..<60 * dimension).map { _ in
        1e3 + Double.random(in: -0.1..<1.4, using: &random)
      }, dimension: dimension)
    let inner = dimension + 1
    let outer = inner * (dimension + 2) / 2
    for omission in [Omission.none, .own] {
      let queries = omission == .own ? keys : places
      let range = omission == .own ? 1_200..<1_260 : queries.indices
      let actual = cells.sums(
        at: queries, in: range, omission: omission, squares: true, execution: Execution())
      let expected = direct.sums(at: queries, in: range, omission: omission, squares: true)
      let sizes = masses.sums(at: queries, in: range, omission: omission)
      for slot in 0..<range.count where expected[slot].weight > 0 {
        let (found, exact) = (actual[slot], expected[slot])
        let scale = Double.exp(found.logAnchor - exact.logAnchor)
        // The certificate's 1e-12, and the rounding of the direct sums of 20,000 terms.
        let tolerance = 2e-12
        #expect((found.weight * scale - exact.weight).magnitude <= tolerance * exact.weight)
        for (place, sum) in exact.columns.enumerated() {
          let column = place < outer - 1 ? nil : (place - outer + 1) / inner
          let size = column.map { sizes[slot].columns[$0] + 1e-9 * exact.weight } ?? exact.weight
          #expect(
            (found.columns[place] * scale - sum).magnitude <= tolerance * size,
            "\(omission), query \(slot), sum \(place)")
        }
      }
    }
  }

  /// Moments may err by 1e-11·Σw|c| and what uᵃ can be: beyond the kernels with an end, by 1e-11 of
  /// the largest |u|ᵃ Σw|c| among the moments of even order.
  ///
  /// Σw² may err by ten times that. Where weights are below 1e-95 moments are not promised.
  private func expectEqual(
    _ actual: AnchoredSums.Entry, _ expected: AnchoredSums.Entry, _ sizes: AnchoredSums.Entry,
    degree: Int, squares: Bool, _ what: Comment
  ) {
    guard expected.weight * .exp(expected.logAnchor) >= 1e-95 else {
      #expect((actual.weight > 0) == (expected.weight > 0), what)
      return
    }
    let scale = Double.exp(actual.logAnchor - expected.logAnchor)
    #expect((actual.weight * scale - expected.weight).magnitude <= 1e-11 * expected.weight, what)
    if squares {
      #expect(
        (actual.squaredWeight * scale * scale - expected.squaredWeight).magnitude
          <= 1e-10 * expected.squaredWeight, what)
    }
    let highest = max(1, expected.columns[2 * degree - 1] / expected.weight)
    for (place, exact) in expected.columns.enumerated() {
      let column = place < 2 * degree ? nil : (place - 2 * degree) / (degree + 1)
      let size = column.map { sizes.columns[$0] } ?? sizes.weight
      let error = (actual.columns[place] * scale - exact).magnitude
      #expect(error <= 1e-11 * highest * size, what)
    }
  }

  private func check(
    _ sums: AnchoredSums.Entry, of problem: KernelSumProblem, at query: [Double],
    excluding excluded: Int?, by choice: EngineChoice, _ what: Comment
  ) {
    let all = Monomials(dimension: query.count, degree: 2 * problem.degree)
    let inner = Monomials.count(dimension: query.count, degree: problem.degree)
    var weight = 0.0
    var exact = [Double](repeating: 0, count: problem.sumCount)
    var size = exact
    var mass = exact
    // Cells measure errors against a part of the largest |c| besides.
    let floors = problem.columns.map { column in
      choice == .cells ? 1e-9 * column.reduce(0) { max($0, $1.magnitude) } : 0
    }
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
        mass[place] += w
        place += 1
      }
      for (column, floor) in zip(problem.columns, floors) {
        for power in powers.prefix(inner) {
          exact[place] += power * column[key]
          size[place] += (power * column[key]).magnitude
          mass[place] += w * max(column[key].magnitude, floor)
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
      let tolerance = size[place] + (choice == .cells || choice == .piecewise ? mass[place] : 0)
      #expect((sum - exact[place]).magnitude <= 1e-11 * tolerance + 1e-200 * weight, what)
    }
  }
}
