import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@Suite struct RecursiveEngineTests {
  /// A weight of exp(−230), the least that is not anchored, is known to 1e-13 + 4e-16·230, and Σw² to twice
  /// that.
  static let tolerance = 2e-13

  @Test(.sweep, arguments: SortedCase.Layout.allCases)
  func `sums equal the oracle's`(layout: SortedCase.Layout) {
    for bandwidth in [1e-9, 1e-4, 0.013, 0.27, 3, 1e7] {
      let data = SortedCase(layout, count: 1500, weighted: bandwidth > 0.1)
      let engine = RecursiveEngine(data.problem(.laplacian, bandwidth))
      let queries = data.queries(120, bandwidth: bandwidth)
      for instructions in InstructionSet.available {
        let worst = data.deviation(
          engine, .laplacian, bandwidth, at: queries,
          execution: Execution(instructions: instructions))
        #expect(worst.sums < Self.tolerance, "\(bandwidth) \(instructions.name)")
        #expect(worst.squares < 2 * Self.tolerance, "\(bandwidth) \(instructions.name)")
      }
    }
  }

  // Neighbours in heavy tails are further apart than the oracle's weights reach; see below.
  @Test(.slow, arguments: SortedCase.Layout.allCases.filter { $0 != .heavyTailed })
  func `leave-one-out equals the oracle without the row`(layout: SortedCase.Layout) {
    for bandwidth in [2e-3, 0.07, 0.4, 20] {
      let data = SortedCase(layout, count: 500, weighted: bandwidth > 0.1)
      let worst = data.deviation(
        RecursiveEngine(data.problem(.laplacian, bandwidth)), .laplacian, bandwidth, at: data.keys,
        omission: .own)
      #expect(worst.sums < Self.tolerance, "\(bandwidth)")
    }
  }

  @Test func `ratios far from all keys and in wide gaps are the direct engine's`() {
    var random = SplitMix64(seed: 5)
    let keys = (0..<200).map { Double($0 % 2) * 1e4 + random.uniform() } + [1e4 + 2, -3]
    let data = SortedCase(
      keys: keys, columns: [keys.map { _ in 2 * random.uniform() - 1 }],
      observationWeights: keys.indices.map { $0 % 9 == 4 ? 0 : 0.1 + random.uniform() })
    let queries = [5e3, 5000.37, 4999.8, 1e8, -1e8, 1e300, -1e15, 7e3]
    for bandwidth in [0.003, 0.7, 4] {
      let problem = data.problem(.laplacian, bandwidth)
      let expected = DirectEngine(problem).sums(at: Points(queries), squares: true)
      let actual = RecursiveEngine(problem).sums(at: Points(queries), squares: true)
      for index in queries.indices {
        let (left, right) = (actual[index], expected[index])
        // Ratios lie between −1 and 1.
        #expect(
          abs(left.columns[0] / left.weight - right.columns[0] / right.weight) < Promise.oneInput)
        #expect(
          abs(
            left.weight * left.weight / left.squaredWeight
              / (right.weight * right.weight / right.squaredWeight) - 1) < Promise.oneInput)
        let logs = (left.logAnchor + .log(left.weight), right.logAnchor + .log(right.weight))
        // The logarithms are known to a few units in the last place.
        #expect(abs(logs.0 - logs.1) <= 4e-16 * max(1, abs(logs.1)))
      }
    }
  }

  @Test func `leave-one-out in heavy tails is the direct engine's`() {
    let data = SortedCase(.heavyTailed, count: 700, weighted: true)
    for bandwidth in [1e-6, 0.003, 0.7] {
      let problem = data.problem(.laplacian, bandwidth)
      let expected = DirectEngine(problem).sums(at: Points(data.keys), omission: .own)
      let actual = RecursiveEngine(problem).sums(at: Points(data.keys), omission: .own)
      // Values lie between −2 and 2.
      #expect(
        data.keys.indices.allSatisfy {
          abs(
            actual[$0].columns[0] / actual[$0].weight
              - expected[$0].columns[0] / expected[$0].weight) < 2 * Promise.oneInput
        })
    }
  }

  @Test(.sweep) func `a million even steps sum to the geometric series`() {
    // Σ over both sides of exp(−jδ) is 1 + 2(1 − exp(−mδ))/(exp(δ) − 1) in the middle.
    let half = 500_000
    let keys = (-half...half).map { Double($0) * 0x1p-20 }
    let data = SortedCase(keys: keys, columns: [[Double](repeating: 0.1, count: keys.count)])
    for bandwidth in [1e-5, 0.01, 30, 1e9] {
      let delta = Extended(0x1p-20) / Extended(bandwidth)
      let exact =
        1 - 2 * Extended.expMinusOne(-Extended(half) * delta) / Extended.expMinusOne(delta)
      let entry = RecursiveEngine(data.problem(.laplacian, bandwidth)).sums(at: Points([0]))[0]
      // What is promised of sums that are at least 1, and a tenth of it.
      #expect((Extended(entry.weight) / exact - 1).magnitude < 1e-13)
      #expect(abs(entry.columns[0] / entry.weight - 0.1) < 1e-14)
    }
  }

  @Test func `threads and the cut into runs change no bit`() {
    let data = SortedCase(.clusters, count: 20_000, weighted: false)
    let problem = data.problem(.laplacian, 0.02)
    let queries = Points(data.queries(9000, bandwidth: 0.02))
    let one = RecursiveEngine(problem, execution: Execution(threads: 1)).sums(
      at: queries, execution: Execution(threads: 1))
    let several = RecursiveEngine(problem, execution: Execution(threads: 3)).sums(
      at: queries, in: 100..<8000, omission: .none, squares: false, execution: Execution(threads: 5)
    )
    #expect(
      (100..<8000).allSatisfy {
        one[$0].weight == several[$0 - 100].weight && one[$0].columns == several[$0 - 100].columns
      })
  }

  @Test func `no keys and one key are answered`() {
    let lone = RecursiveEngine(SortedCase(keys: [2], columns: [[7]]).problem(.laplacian, 1))
    #expect(lone.sums(at: Points([])).count == 0)
    let far = lone.sums(at: Points([2, 1e200]))
    #expect(far[0].weight == 1 && far[1].columns[0] == 7 * far[1].weight)
    #expect(far[1].logAnchor == -1e200)
    #expect(lone.sums(at: Points([2]), omission: .own)[0].weight == 0)
    let none = RecursiveEngine(
      SortedCase(keys: [1, 2], columns: [[1, 2]], observationWeights: [0, 0])
        .problem(.laplacian, 1))
    #expect(none.sums(at: Points([1.5]))[0].weight == 0)
  }
}
