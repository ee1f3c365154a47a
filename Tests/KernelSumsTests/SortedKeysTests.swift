import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

@Suite struct SortedKeysTests {
  static let layouts: [String] = [
    "uniform", "ties", "equal", "rising", "falling", "signs", "magnitudes", "far", "outlier",
  ]

  private func keys(_ layout: String, _ count: Int) -> [Double] {
    var random = SplitMix64(seed: 31)
    let numbers = (0..<count).map { index -> Double in
      let u = random.uniform()
      return switch layout {
      case "ties": (u * 9).rounded() / 8
      case "equal": 0.1
      case "rising": Double(index)
      case "falling": -Double(index)
      case "signs": index % 3 == 0 ? 0 : index % 3 == 1 ? -0.0 : u - 0.5
      case "magnitudes": random.wide()
      case "far": 1.6e9 + u
      case "outlier": index == count / 2 ? 1e300 : 1e9 + u
      default: u
      }
    }
    return numbers
  }

  private func sorted(_ keys: [Double], weights: [Double]? = nil, threads: Int = 1) -> SortedKeys {
    let problem = KernelSumProblem(
      keys: Points(keys), columns: [keys.indices.map(Double.init)], observationWeights: weights,
      similarity: Similarity(.boxcar, bandwidths: [1]))
    return SortedKeys(problem, execution: Execution(threads: threads))
  }

  @Test(.slow, arguments: layouts, [0, 1, 20, 21, 64, 1000, 150_000])
  func `the order is the stable one, whatever the keys and threads`(layout: String, count: Int) {
    let keys = keys(layout, count)
    // Swift's own sort is stable when ties are broken by the row.
    let expected = keys.indices.sorted { keys[$0] != keys[$1] ? keys[$0] < keys[$1] : $0 < $1 }
    for threads in count > 100_000 ? [1, 3] : [1] {
      let sorted = sorted(keys, threads: threads)
      #expect(sorted.count == count)
      #expect((0..<count).map(sorted.row) == expected)
      #expect((0..<count).allSatisfy { sorted.keys[$0] == keys[expected[$0]] })
      #expect((0..<count).allSatisfy { sorted.column(0)[$0] == Double(expected[$0]) })
      #expect(sorted.keys[count] == .infinity || count % SortedKeys.longestBlock == 0)
      let positions = sorted.positions
      #expect((0..<count).allSatisfy { Int(positions[expected[$0]]) == $0 })
    }
  }

  @Test func `rows without weight are left out`() {
    let sorted = sorted([3, 1, 2, 1], weights: [4, 0, 2, 1])
    #expect(sorted.count == 3)
    #expect((0..<3).map(sorted.row) == [3, 2, 0])
    #expect(sorted.positions == [2, -1, 1, 0])
    #expect((0..<3).map { sorted.observationWeights?[$0] } == [0.25, 0.5, 1])
    #expect(sorted.logObservationScale == .log(4))
  }

  @Test func `problems made from each other share one order`() {
    let data = SortedCase(.uniform, count: 100, weighted: false)
    let problem = data.problem(.boxcar, 1)
    let first = PiecewiseEngine(problem)
    let second = RecursiveEngine(
      problem.weighed(by: Similarity(.laplacian, bandwidths: [3])))
    #expect(first.sorted === second.sorted)
  }
}

extension SplitMix64 {
  /// A finite number of any magnitude.
  fileprivate mutating func wide() -> Double {
    Double(
      sign: next() % 2 == 0 ? .plus : .minus, exponent: Int(next() % 2000) - 1000,
      significand: 1 + uniform())
  }
}
