internal import RealModule
package import SimilarityKernels

/// Queries whose total sum of weights is known, in groups.
package struct GroupedQueries: Sendable {
  /// Shape `[m, d]`, in the units of the keys; finite.
  let queries: Points
  /// ln Σw of each query; −∞ if no key supports it.
  let logSums: [Double]
  /// The group of each query.
  let groups: [Int]
  /// The queries group by group, scattered within each so that a large share is likely to be met early.
  let order: [Int]
  /// The data in that order, so that a pass over all queries is sequential.
  let ordered: (queries: [Double], logSums: [Double], groups: [Int])
  let groupCount: Int
  let omission: Omission

  /// - Precondition: `groups` are below `groupCount`; with ``Omission/own`` the queries are the keys.
  package init(
    _ queries: Points, logSums: [Double], groups: [Int], groupCount: Int, omission: Omission
  ) {
    self.queries = queries
    self.logSums = logSums
    self.groups = groups
    self.groupCount = groupCount
    self.omission = omission
    var members = [[Int]](repeating: [], count: groupCount)
    for query in queries.indices where logSums[query] > -.infinity {
      members[groups[query]].append(query)
    }
    let order = members.flatMap(Self.scattered)
    self.order = order
    ordered = (
      order.flatMap { queries[$0] }, order.map { logSums[$0] }, order.map { groups[$0] }
    )
  }

  /// The same numbers, each far from the next: multiples of a step near the golden section of their
  /// count and coprime to it.
  private static func scattered(_ numbers: [Int]) -> [Int] {
    func sharesFactor(_ step: Int) -> Bool {
      var (a, b) = (numbers.count, step)
      while b > 0 { (a, b) = (b, a % b) }
      return a > 1
    }
    var step = max(1, Int(Double(numbers.count) * 0.618))
    while step > 1, sharesFactor(step) { step -= 1 }
    return numbers.indices.map { numbers[$0 * step % numbers.count] }
  }
}

extension GroupedQueries {
  /// The share that some keys have of each group's attention: Σw/S over keys and queries, and the
  /// largest w/S of any pair.
  ///
  /// The sums come from an engine for these keys alone, at the queries in reach; the largest from a
  /// search that stops where nothing can exceed the group's current largest. Shares below 10⁻¹⁷ count
  /// as 0.
  ///
  /// - Parameters:
  ///   - rows: the keys.
  ///   - problem: the problem that weights the keys.
  ///   - execution: how the computation runs, without reports.
  /// - Precondition: there are no labels, and the kernel is a built-in one.
  /// - Complexity: O(m) bounds; for the queries in reach, the engine's time for these keys, and O(log
  ///   n) for each that may have the largest share of its group.
  package func shares(
    ofKeys rows: [Int], of problem: KernelSumProblem, execution: Execution
  ) -> (sums: [Double], largest: [Double]) {
    let bin = KernelSumProblem(
      keys: problem.keys.selecting(rows),
      columns: [],
      observationWeights: problem.observationWeights.map { weights in rows.map { weights[$0] } },
      similarity: problem.similarity)
    var pass = SharePass(bin, rows: rows, self, execution: execution)
    pass.findLargest()
    pass.addSums()
    return (pass.sums, pass.largest)
  }
}

/// The work on one bin of keys.
private struct SharePass {
  let bin: KernelSumProblem
  let asked: GroupedQueries
  let execution: Execution
  private(set) var sums: [Double]
  private(set) var largest: [Double]

  /// For leave-one-out, the place in the bin of each of its keys.
  private let places: [Int: Int]
  private let logScale: Double
  private var inReach: [Int] = []

  /// ln of the smallest share at which a query counts.
  private static var least: Double { -40 }

  init(
    _ bin: KernelSumProblem, rows: [Int], _ asked: GroupedQueries, execution: Execution
  ) {
    self.bin = bin
    self.asked = asked
    self.execution = execution
    sums = [Double](repeating: 0, count: asked.groupCount)
    largest = sums
    places =
      asked.omission == .own
      ? Dictionary(uniqueKeysWithValues: zip(rows, rows.indices)) : [:]
    logScale = bin.orders.weights(bin).logScale
  }

  /// Finds which queries are in reach, and the largest share of each group.
  mutating func findLargest() {
    let tree = bin.orders.tree(bin, execution: execution)
    let engine = DirectEngine(tree.columns, similarity: bin.similarity)
    let pass = TilePass(engine, instructions: execution.instructions)
    let nearby = NearbySearch(tree, similarity: bin.similarity, looksAtColumns: false)
    let bound = WeightBound(nearby, similarity: bin.similarity)
    let search = LargestSearch(nearby, similarity: bin.similarity, pass: pass)
    let logCount = Double.log(Double(bin.keys.count))
    var group = -1
    var logLargest = -Double.infinity
    asked.ordered.queries.withUnsafeBufferPointer { coordinates in
      for (place, index) in asked.order.enumerated() {
        if asked.ordered.groups[place] != group {
          group = asked.ordered.groups[place]
          logLargest = -.infinity
        }
        let query = coordinates.row(place, asked.queries.dimension)
        nearby.queries.enclose(query)
        let logSum = asked.ordered.logSums[place] - logScale
        let log = bound.logarithm(1) - logSum
        guard log + logCount >= Self.least else { continue }
        inReach.append(index)
        guard log > logLargest else { continue }
        // If the sum is in range, so are the weights that matter to it.
        let isPlain = logSum > -230
        let floor = logLargest + logSum
        let found = search.largest(
          1, of: query, excluding: places[index].map { Int(tree.places[$0]) },
          atLeast: isPlain ? .exp(floor) : floor, on: isPlain ? .weights : .logarithms)
        guard let first = found.first else { continue }
        let share =
          isPlain ? .log(first.score) - logSum : exact(first, query) - asked.logSums[index]
        if share > logLargest {
          logLargest = share
          largest[group] = min(.exp(share), 1)
        }
      }
    }
  }

  /// ln w of a key for which the search has a bound.
  private func exact(_ found: Ranked, _ query: UnsafeBufferPointer<Double>) -> Double {
    let key = Int(found.key)
    let observation = bin.observationWeights.map { Double.log($0[key]) } ?? 0
    return bin.similarity.logWeight(query: query, key: bin.keys[key]).map { $0 + observation }
      ?? found.score + logScale
  }

  /// Adds up the shares of the queries in reach.
  mutating func addSums() {
    let own = inReach.filter { places[$0] != nil }
    let others = places.isEmpty ? inReach : inReach.filter { places[$0] == nil }
    // Choosing an engine cannot fail unless one is requested by name.
    guard
      let engine = try? EngineChoice.automatic.engine(
        for: bin, queryCount: inReach.count, execution: execution
      ).engine
    else { return }
    let dimension = bin.keys.dimension
    let points = Points(
      rowMajor: others.flatMap { asked.queries[$0] }, dimension: dimension)
    add(engine, points, others) { $0 }
    guard !own.isEmpty else { return }
    add(engine, bin.keys, own, omission: .own) { [places] in places[own[$0]] ?? 0 }
  }

  private mutating func add(
    _ engine: any KernelSumEngine, _ points: Points, _ indices: [Int], omission: Omission = .none,
    slot: (Int) -> Int
  ) {
    guard points.count > 0 else { return }
    let result = engine.sums(
      at: points, in: points.indices, omission: omission, squares: false, execution: execution)
    result.withUnsafeSums { result in
      for (place, index) in indices.enumerated() {
        let slot = slot(place)
        guard result.weights[slot] > 0 else { continue }
        sums[asked.groups[index]] +=
          result.weights[slot] * .exp(result.logAnchors[slot] - asked.logSums[index])
      }
    }
  }
}
