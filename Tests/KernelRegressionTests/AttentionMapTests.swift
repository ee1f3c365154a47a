import Nadaraya
import Testing
import _TestSupport

/// A map of too many pairs to be made from all of them, and the matrix that it stands for.
struct MapCase: Sendable, CustomStringConvertible {
  var kernel = Kernel.gaussian
  var dimension = 1
  var bandwidth = 0.05
  var combination = InputCombination.product
  var isWeighted = false
  var leavesOut = false
  var emptyWindow = EmptyWindowPolicy.notANumber
  var reach = 1.0

  var description: String {
    "\(kernel.name) in \(dimension), \(bandwidth), \(combination), \(emptyWindow)"
      + (isWeighted ? ", weighted" : "") + (leavesOut ? ", left out" : "")
  }

  static let all = [
    MapCase(), MapCase(isWeighted: true, leavesOut: true), MapCase(bandwidth: 0.001, reach: 1.5),
    MapCase(kernel: .logistic, bandwidth: 1e-3, reach: 2), MapCase(dimension: 2, bandwidth: 0.1),
    MapCase(kernel: .cauchy, dimension: 2, combination: .radial),
    MapCase(kernel: .epanechnikov, leavesOut: true),
    MapCase(kernel: .triangular, dimension: 3, bandwidth: 0.3, isWeighted: true),
    MapCase(kernel: .boxcar, bandwidth: 1e-4, emptyWindow: .nearest),
    MapCase(kernel: .boxcar, bandwidth: 1e-4, leavesOut: true, emptyWindow: .mean),
    MapCase(kernel: .boxcar, bandwidth: 0.02, reach: 1.2),
    // Some queries so far out that all weights underflow, others between.
    MapCase(bandwidth: 0.02, reach: 2), MapCase(bandwidth: 0.02, isWeighted: true, reach: 2),
    MapCase(kernel: .laplacian, bandwidth: 1e-3, isWeighted: true, leavesOut: true),
    MapCase(kernel: .tricube, bandwidth: 0.2, emptyWindow: .mean, reach: 1.5),
    MapCase(kernel: .cosine, bandwidth: 5, leavesOut: true), MapCase(kernel: .constant),
    MapCase(kernel: .cauchy, bandwidth: 0.01, isWeighted: true, reach: 30),
  ]
}

@Suite struct AttentionMapTests {
  @Test(.slow, arguments: MapCase.all)
  func `cells hold the mean and the largest of their pairs`(example: MapCase) throws {
    var random = SplitMix64(seed: 12)
    let count = 2100
    func points(_ reach: Double) -> Points {
      Points(
        rowMajor: (0..<count * example.dimension).map { _ in reach * random.uniform() },
        dimension: example.dimension)
    }
    let keys = points(1)
    let queries = example.leavesOut ? keys : points(example.reach)
    let estimator = try KernelSmoother(
      Sample(
        keys: keys, values: [keys.column(0)],
        weights: example.isWeighted ? (0..<count).map { Double($0 % 5) } : nil),
      Similarity(
        example.kernel,
        bandwidths: [Double](repeating: example.bandwidth, count: example.dimension),
        combination: example.combination), emptyWindow: example.emptyWindow)
    let map =
      try example.leavesOut
      ? estimator.attentionMap(at: .leaveOneOut, rows: 20, columns: 16)
      : estimator.attentionMap(at: .points(queries), rows: 20, columns: 16)
    let matrix =
      try example.leavesOut
      ? estimator.attentionMatrix(at: .leaveOneOut)
      : estimator.attentionMatrix(at: .points(queries))
    #expect(map.isBinned && map.rows.count == 20 && map.columns.count == 16)
    #expect(map.emptyWindows == matrix.emptyWindows)
    #expect(map.keyOrder.map { keys[$0].first ?? 0 } == keys.column(0).sorted())
    var rowOfKey = [Int](repeating: 0, count: count)
    for (row, places) in map.rows.enumerated() {
      for place in places { rowOfKey[map.keyOrder[place]] = row }
    }
    for (column, queryPlaces) in map.columns.enumerated() {
      var sums = [Double](repeating: 0, count: map.rows.count)
      var greatest = sums
      var queryCount = 0
      for query in queryPlaces.map({ map.queryOrder[$0] }) where !matrix[0, query].isNaN {
        queryCount += 1
        matrix.column(query).withUnsafeBufferPointer { weights in
          for key in weights.indices where weights[key] > 0 {
            sums[rowOfKey[key]] += weights[key]
            greatest[rowOfKey[key]] = max(greatest[rowOfKey[key]], weights[key])
          }
        }
      }
      for (row, keyPlaces) in map.rows.enumerated() {
        let mean = sums[row] / Double(keyPlaces.count * queryCount)
        let largest = greatest[row]
        let cell = row * map.columns.count + column
        guard queryCount > 0 else {
          #expect(map.mean[cell].isNaN && map.largest[cell].isNaN)
          continue
        }
        // The sums of weights of cells in several inputs err by 1e-9 too.
        let tolerance = example.dimension == 1 ? 1e-9 : 2e-9
        #expect(
          abs(map.mean[cell] - mean) <= tolerance * mean + 1e-15, "mean of \(row), \(column)")
        #expect(
          abs(map.largest[cell] - largest) <= tolerance * largest + 1e-15,
          "largest of \(row), \(column): \(map.largest[cell]) and \(largest)")
      }
    }
  }

  @Test func `a map without bins is the matrix in order`() throws {
    let data = RegressionCase.random(seed: 3, kernel: .gaussian, dimension: 2, count: 40)
    let labels = [LabelInput(kernel: .liRacine, levelCount: 3, bandwidth: 0.2)]
    for data in [data, data.labelled(seed: 4, labels)] {
      let estimator = try KernelSmoother(
        Sample(keys: data.keys, values: [data.values]),
        Similarity(
          bandwidths: data.similarity.inputBandwidths, labels: data.similarity.labels.map(\.kernel))
      )
      let matrix = try estimator.attentionMatrix(at: .points(data.queries))
      let map = try estimator.attentionMap(at: .points(data.queries))
      #expect(!map.isBinned && map.mean == map.largest)
      for (row, key) in map.keyOrder.enumerated() {
        for (column, query) in map.queryOrder.enumerated() {
          #expect(map[row, column] == matrix[key, query])
        }
      }
    }
  }

  @Test func `bins are of one size but the last`() throws {
    let estimator = try KernelSmoother(
      Sample((0..<10).map(Double.init), (0..<10).map(Double.init)), Similarity(bandwidths: [1]))
    let map = try estimator.attentionMap(at: .points([3, 1, 2]), rows: 4, columns: 2)
    #expect(map.rows == [0..<3, 3..<6, 6..<9, 9..<10])
    #expect(map.columns == [0..<2, 2..<3])
    #expect(map.queryOrder == [1, 2, 0])
  }

  @Test func `any number of cells may be asked for`() throws {
    let estimator = try KernelSmoother(Sample([0, 1, 2], [1, 2, 4]), Similarity(bandwidths: [1]))
    let map = try estimator.attentionMap(at: .points([0.5, 1]), rows: .max, columns: .max)
    #expect(map.rows.count == 3 && map.columns.count == 2)
  }
}
