public import SimilarityKernels

/// The engine for bandwidths from nearest keys; see ``NeighborBandwidths``.
///
/// Goals, in order of priority:
/// 1. The accuracy of the direct engine, and leave-one-out that equals a refit without the row,
///    bandwidths included.
/// 2. With bandwidths of the queries, no more keys than can matter to a query under its own bandwidth:
///    those that the tree finds, weighed by the direct engine's loops.
/// 3. With bandwidths of the keys, the processor's width: differences over each key's own bandwidth
///    pass through the same loops, tile by tile; all pairs are visited.
///
/// A query or key with too few different distances has no bandwidth, and no weight.
///
/// - Complexity: with bandwidths of the queries O(log n + K) for each query in one input, O(n·d) in
///   several, and O(d + p) for each key that matters to it; with those of the keys O(n·(d + p)).
///
/// ## Accuracy
/// That of ``DirectEngine``. With bandwidths of the keys, a query whose weights are all below
/// 10⁻¹⁰⁰ has a relative error of some units in the last place of its largest log-weight.
public struct NeighborEngine: KernelSumEngine {
  /// What options and reports call it.
  public static var name: String { "neighbors" }

  let problem: KernelSumProblem
  let neighbors: NeighborBandwidths
  let search: NeighborSearch
  let tree: KeyTree
  /// Where bandwidths are those of the keys.
  let keyBandwidths: KeyBandwidths?

  /// An engine for a problem without labels.
  ///
  /// - Complexity: O(n·d·log n), with bandwidths of the keys also the search for them, O(n·(log n + K))
  ///   in one input and O(n²·d) in several.
  public init(
    _ problem: KernelSumProblem, neighbors: NeighborBandwidths, execution: Execution = Execution()
  ) {
    precondition(problem.similarity.labels.isEmpty, "neighbours are those of continuous inputs")
    self.problem = problem
    self.neighbors = neighbors
    search = NeighborSearch(problem)
    tree = problem.orders.tree(problem, execution: execution)
    keyBandwidths =
      neighbors.center == .ofKeys
      ? KeyBandwidths(
        search, keys: problem.keys, count: neighbors.count, execution: execution) : nil
  }

  /// A distance just below one that has been rounded, so that a key at it is never inside.
  static func inward(_ distance: Double, dimension: Int) -> Double {
    dimension == 1
      ? distance.nextDown : distance * (1 - 4 * Double(dimension + 2) * .ulpOfOne)
  }

  /// D of a query; nil where there are too few distances.
  func width(_ query: UnsafeBufferPointer<Double>, excluding excluded: Int?) -> Double? {
    let distances = search.nearest(
      neighbors.count + 1, to: query, excluding: excluded
    ).distances
    guard distances.count > neighbors.count else { return nil }
    return Self.inward(distances[neighbors.count], dimension: query.count)
  }

  /// The similarity at a distance D; nil where its bandwidths are no normal numbers.
  func similarity(at width: Double) -> Similarity? {
    let bandwidths =
      problem.keys.dimension == 1 ? [width] : problem.similarity.bandwidths.map { $0 * width }
    guard bandwidths.allSatisfy({ $0.isNormal && $0 > 0 }) else { return nil }
    return Similarity(
      kernel: problem.similarity.kernel, bandwidths: bandwidths,
      combination: problem.similarity.combination)
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  public func sums(
    at queries: Points, in range: Range<Int>, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    omission.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    return AnchoredSums(
      count: range.count, columnCount: problem.columns.count, execution: execution
    ) { results in
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(
          of: range.count, atMost: DirectEngine.blockLength,
          scratch: { keyBandwidths.map { WidePass(self, $0, execution.instructions) } }
        ) { block, wide in
          for slot in block {
            let query = coordinates.row(range.lowerBound + slot, queries.dimension)
            let excluded = omission == .own ? range.lowerBound + slot : nil
            if let wide {
              wide.sums(
                query: query, excluding: excluded, squares: squares, into: results, at: slot)
            } else {
              sums(
                query: query, excluding: excluded, squares: squares,
                instructions: execution.instructions, into: results, at: slot)
            }
          }
        }
      }
    }
  }

  /// The sums of one query under its own bandwidth.
  private func sums(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, squares: Bool,
    instructions: InstructionSet, into results: UnsafeSums, at slot: Int
  ) {
    guard let width = width(query, excluding: excluded), let similarity = similarity(at: width)
    else { return results.clear(slot) }
    let engine = DirectEngine(tree.columns, similarity: similarity)
    let pass = TilePass(engine, instructions: instructions)
    let nearby = NearbySearch(tree, similarity: similarity)
    nearby.queries.enclose(query)
    let own = excluded.map { Int(tree.places[$0]) }
    let runs = nearby.runs(excluding: own.map { [$0] } ?? [], witness: (query, pass)).runs
    engine.sums(
      of: [DirectEngine.BlockQuery(coordinates: query, excluded: own, place: slot)], over: runs,
      squares: squares, pass: pass, into: results)
  }
}

extension UnsafeSums {
  /// Writes the sums of a query that no key supports.
  func clear(_ slot: Int) {
    logAnchors[slot] = -.infinity
    weights[slot] = 0
    squaredWeights[slot] = 0
    for column in 0..<columnCount { self.column(column)[slot] = 0 }
  }
}
