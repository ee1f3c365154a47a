import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// Keys and queries of one input, a kernel and bins.
struct BinnedCase: Sendable, CustomStringConvertible {
  let kernel: Kernel
  let bandwidth: Double
  var layout = Layout.even
  var isWeighted = false
  var omission = Omission.none

  enum Layout: String, CaseIterable, Sendable { case even, tied, clustered, tail, shifted }

  var description: String {
    "\(kernel.name) \(bandwidth), \(layout.rawValue)" + (isWeighted ? ", weighted" : "")
      + (omission == .own ? ", own left out" : "")
  }

  static let all = Kernel.all.flatMap { kernel in
    [1e-3, 0.02, 0.3, 2, 100].flatMap { bandwidth in
      Layout.allCases.enumerated().map { index, layout in
        BinnedCase(
          kernel: kernel, bandwidth: bandwidth, layout: layout, isWeighted: index % 2 == 1,
          omission: (index + Int(bandwidth)) % 3 == 0 ? .own : .none)
      }
    }
  }

  func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let uniform = random.uniform()
      switch layout {
      case .even: return uniform
      case .tied: return (uniform * 40).rounded() / 40
      case .clustered: return (uniform * 5).rounded(.down) / 5 + 1e-6 * random.uniform()
      case .tail: return uniform / (1.001 - uniform)
      case .shifted: return 1e6 + uniform
      }
    }
  }
}

@Suite struct BinnedSharesTests {
  /// Bins of equal counts but for the last.
  private func bins(_ count: Int, _ bins: Int) -> [Range<Int>] {
    let length = (count - 1) / bins + 1
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  private func order(_ numbers: [Double]) -> [Int] {
    numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
  }

  @Test(.slow, arguments: BinnedCase.all)
  func `cells are the sums and the largest of all their pairs`(example: BinnedCase) throws {
    let keys = example.numbers(300, seed: 1)
    let queries = example.omission == .own ? keys : example.numbers(260, seed: 2)
    let weights =
      example.isWeighted ? keys.indices.map { $0 % 7 == 0 ? 0 : Double($0 % 11 + 1) / 4 } : nil
    let problem = KernelSumProblem(
      keys: Points(keys), columns: [], observationWeights: weights,
      similarity: Similarity(example.kernel, bandwidths: [example.bandwidth]))
    let points = Points(queries)
    let sums = DirectEngine(problem).sums(at: points, omission: example.omission)
    let logSums = queries.indices.map { query in
      sums[query].weight > 0 ? sums[query].logAnchor + Double.log(sums[query].weight) : -.infinity
    }
    let (keyOrder, queryOrder) = (order(keys), order(queries))
    let shares = BinnedShares(
      problem, keyOrder: keyOrder, queries: points, queryOrder: queryOrder, logSums: logSums,
      omission: example.omission)
    let far = Set(shares.far)
    // The sums of weights are in units in which the largest observation weight is from 1 to 2.
    #expect(far == Set(queries.indices.filter { logSums[$0] > -.infinity && logSums[$0] < -229 }))
    let dense = DirectEngine(problem).normalizedWeights(at: points, omission: example.omission)
    for (rowCount, columnCount) in [(1, 1), (7, 5)] {
      let rows = bins(keys.count, rowCount)
      let columns = bins(queries.count, columnCount)
      let found = shares.shares(rows: rows, columns: columns, execution: Execution(threads: 2))
      for (row, keyPlaces) in rows.enumerated() {
        for (column, queryPlaces) in columns.enumerated() {
          var (sum, largest) = (0.0, 0.0)
          for query in queryPlaces.map({ queryOrder[$0] }) where !far.contains(query) {
            for key in keyPlaces.map({ keyOrder[$0] }) {
              let weight = dense[query * keys.count + key]
              sum += weight
              largest = max(largest, weight)
            }
          }
          let cell = row * columns.count + column
          // A cell whose largest share is below 1e-16 may count as 0.
          let least = 1.1e-16 * Double(keyPlaces.count * queryPlaces.count)
          // Nine digits are promised, and met where the least weight of a pair of stretches is a
          // thousandth of the largest.
          #expect(abs(found.sums[cell] - sum) <= 1e-9 * sum + least, "\(row), \(column)")
          // The search stops within 1e-12, and logarithms of sums down to −230 are rounded.
          #expect(
            abs(found.largest[cell] - largest) <= 2e-12 * largest + 1.1e-16, "\(row), \(column)")
        }
      }
    }
  }
}
