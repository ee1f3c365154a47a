import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

@Suite struct KeyTreeTests {
  /// A problem whose columns and weights name their keys.
  func problem(_ keys: Points, weighted: Bool = false) -> KernelSumProblem {
    KernelSumProblem(
      keys: keys, columns: [keys.indices.map { Double($0) }],
      observationWeights: weighted ? keys.indices.map { Double($0 % 3) } : nil,
      similarity: Similarity(.boxcar, bandwidths: [Double](repeating: 1, count: keys.dimension)))
  }

  static let samples: [Points] = {
    var random = SplitMix64(seed: 1)
    var samples = [1, 2, 3, 8].map { dimension in
      Points(
        rowMajor: (0..<3000 * dimension).map { _ in random.uniform() }, dimension: dimension)
    }
    samples += [0, 1, 63, 64, 65, 129].map { count in
      Points(rowMajor: (0..<count * 2).map { _ in random.uniform() }, dimension: 2)
    }
    samples.append(Points([Double](repeating: 0.1, count: 5000)))
    samples.append(
      Points(
        rowMajor: (0..<4000).map { _ in (4 * random.uniform()).rounded() }, dimension: 2))
    samples.append(Points((0..<2000).map { Double($0) * 0x1p1010 - 0x1p1020 }))
    samples.append(Points((0..<2000).map { 1.6e9 + Double($0 * 7919 % 2000) }))
    return samples
  }()

  @Test(arguments: samples, [1, 2])
  func `a tree holds every key once, in boxes and leaves of even size`(keys: Points, threads: Int) {
    let tree = KeyTree(problem(keys, weighted: true), execution: Execution(threads: threads))
    let violations = tree.violations(of: keys)
    #expect(violations == [])
  }

  @Test(arguments: samples)
  func `each node knows the first of its keys`(keys: Points) {
    let tree = KeyTree(problem(keys), execution: Execution())
    for node in 1..<2 * tree.leafCount {
      #expect(tree.firstKeys[node] == tree.order[tree.run(of: node)].min() ?? .max)
    }
  }

  @Test func `the number of threads does not change a tree`() {
    for keys in Self.samples {
      let one = KeyTree(problem(keys), execution: Execution(threads: 1))
      let three = KeyTree(problem(keys), execution: Execution(threads: 3))
      #expect(one.order == three.order)
    }
  }

  @Test func `a key lies in a leaf beside its like`() {
    // A key may stand left of a split whose value it equals, but then only equal keys are between.
    for keys in Self.samples where keys.count > 0 {
      let tree = KeyTree(problem(keys), execution: Execution())
      keys.coordinates.withUnsafeBufferPointer { coordinates in
        for key in keys.indices {
          let point = coordinates.row(key, keys.dimension)
          let leaf = tree.leaf(of: point)
          let found = tree.run(of: leaf)
          let holds = tree.holds(point, leaf) || found.contains(Int(tree.places[key]))
          #expect(holds)
        }
      }
    }
  }
}

extension KeyTree {
  /// Whether a point lies in a node's box.
  func holds(_ point: UnsafeBufferPointer<Double>, _ node: Int) -> Bool {
    let box = box(of: node)
    return (0..<dimension).allSatisfy {
      box[$0] <= point[$0] && point[$0] <= box[dimension + $0]
    }
  }

  /// What a tree promises and does not keep, in words.
  func violations(of keys: Points) -> [String] {
    var violations: [String] = []
    func check(_ condition: Bool, _ words: @autoclosure () -> String) {
      if !condition { violations.append(words()) }
    }
    check(order.map(Int.init).sorted() == Array(keys.indices), "a key is missing or doubled")
    check(
      keys.indices.allSatisfy { Int(order[Int(places[$0])]) == $0 }, "places disagree with order")
    for place in order.indices {
      let key = Int(order[place])
      check(
        (0..<dimension).allSatisfy {
          columns.keys.column($0)[place] == keys[key][key * dimension + $0]
        },
        "place \(place) holds other coordinates")
      check(columns.columns.column(0)[place] == Double(key), "place \(place) has another's column")
    }
    guard keys.count > 0 else { return violations }
    check(run(of: 1) == 0..<keys.count, "the root lacks keys")
    for node in 1..<2 * leafCount {
      let run = run(of: node)
      check(!run.isEmpty, "node \(node) is empty")
      check(run.lowerBound % 8 == 0, "node \(node) starts between registers")
      let box = box(of: node)
      for input in 0..<dimension {
        let column = run.map { columns.keys.column(input)[$0] }
        check(
          column.min() == box[input] && column.max() == box[dimension + input],
          "the box of node \(node) does not touch its keys")
      }
      if !isLeaf(node) {
        let (left, right) = (self.run(of: 2 * node), self.run(of: 2 * node + 1))
        check(
          left.lowerBound == run.lowerBound && left.upperBound == right.lowerBound
            && right.upperBound == run.upperBound, "the halves of \(node) do not make it up")
        check(abs(left.count - right.count) <= 8, "node \(node) is lopsided")
      } else {
        // Each of the halvings moves the middle by up to half the padding.
        check(run.count <= KeyTree.leafLength + 8, "leaf \(node) has \(run.count) keys")
      }
    }
    return violations
  }
}
