package import SimilarityKernels

/// The engine for bandwidths from nearest keys; see ``NeighborBandwidths``.
///
/// Goals, in order of priority:
/// 1. The accuracy of the direct engine, even at the edges of windows, and leave-one-out that equals a
///    refit without the row, including its bandwidths.
/// 2. With bandwidths of the queries, only the keys that can matter to a query under its own bandwidth,
///    found by the tree.
/// 3. With bandwidths of the keys, the processor's full width; all pairs are visited.
///
/// The exact differences of the doubles decide which key is the K-th nearest, and how far inside a
/// window another key is. Rounding D to a double would move the edge of a window, and for a far query
/// all keys are near that edge.
///
/// - Complexity: with bandwidths of the queries, O(log n) for each query in one input, O(n·d) in
///   several, and O(d + p) for each key that matters to it; with bandwidths of the keys, O(n·(d + p)).
///
/// ## Accuracy
/// That of ``DirectEngine``. With bandwidths of the keys and a decaying kernel, a query whose weights
/// are all below 10⁻¹⁰⁰ has a relative error of a few units in the last place of its largest
/// log-weight.
package struct NeighborEngine: KernelSumEngine {
  /// The name in options and reports.
  package static var name: String { "neighbors" }

  package let problem: KernelSumProblem
  let neighbors: NeighborBandwidths
  let search: NeighborSearch
  let tree: KeyTree
  /// Set if bandwidths are those of the keys.
  let keyBandwidths: KeyBandwidths?
  let keyWidths: KeyWidths?

  /// An engine for a problem without labels.
  ///
  /// - Complexity: O(n·d·log n); with bandwidths of the keys also the search for them, O(n·log n) in
  ///   one input and O(n²·d) in several.
  package init(
    _ problem: KernelSumProblem, neighbors: NeighborBandwidths, execution: Execution = Execution()
  ) {
    precondition(
      problem.similarity.labels.isEmpty, "nearest neighbours need continuous inputs, not labels")
    self.problem = problem
    self.neighbors = neighbors
    search = NeighborSearch(problem)
    tree = problem.orders.tree(problem, execution: execution)
    guard neighbors.center == .ofKeys else {
      (keyBandwidths, keyWidths) = (nil, nil)
      return
    }
    let bandwidths = KeyBandwidths(search, count: neighbors.count, execution: execution)
    keyBandwidths = bandwidths
    keyWidths = KeyWidths(bandwidths, problem.orders.given(problem))
  }

  /// The keys that matter to a query, and how.
  enum Reach {
    /// No key is left.
    case nothing
    /// The keys at the query itself, with equal weights.
    case copies([Int])
    /// The keys within reach of a similarity.
    case similarity(Similarity)
    /// The keys of some runs, each in its own window, or all in one.
    case windows(NeighborPass.Asked, [Range<Int>])
  }

  /// - Parameter query: shape `[d]`.
  func reach(_ query: UnsafeBufferPointer<Double>, excluding excluded: Int?) -> Reach {
    guard keyBandwidths == nil else {
      return .windows(
        NeighborPass.Asked(query: query, excluded: excluded, window: nil),
        [0..<problem.keys.count])
    }
    guard let width = width(query, excluding: excluded) else { return .nothing }
    if case .builtIn(.constant) = problem.similarity.kernel.form {
      return .similarity(problem.similarity)
    }
    if width.distance == 0 {
      return .copies(
        search.keys(at: query, excluding: excluded).map { Int(tree.places[$0]) })
    }
    let similarity = similarity(at: width.distance)
    if let similarity, similarity.kernel.support == .infinity { return .similarity(similarity) }
    let runs = similarity.map { similarity in
      let nearby = NearbySearch(tree, similarity: similarity)
      nearby.queries.enclose(query)
      return nearby.runs(excluding: []).runs
    }
    let asked = NeighborPass.Asked(
      query: query, excluded: excluded.map { Int(tree.places[$0]) }, window: width)
    return .windows(asked, runs ?? [0..<problem.keys.count])
  }

  /// D of a query; nil if no key is left.
  func width(_ query: UnsafeBufferPointer<Double>, excluding excluded: Int?) -> NeighborWidth? {
    let count = min(neighbors.count, search.available(excluding: excluded))
    return count > 0 ? search.widths([count], from: query, excluding: excluded)[0] : nil
  }

  /// The similarity at a distance D; nil if its bandwidths are not normal numbers.
  private func similarity(at width: Double) -> Similarity? {
    let bandwidths =
      problem.keys.dimension == 1 ? [width] : problem.similarity.bandwidths.map { $0 * width }
    guard bandwidths.allSatisfy({ $0.isNormal && $0 > 0 }) else { return nil }
    return Similarity(
      problem.similarity.kernel, bandwidths: bandwidths,
      combination: problem.similarity.combination)
  }

  /// The sums at each query of a range; see
  /// ``KernelSumEngine/sums(at:in:omission:squares:execution:)``.
  package func sums(
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
          scratch: { NeighborPass(self, execution.instructions) }
        ) { block, pass in
          for slot in block {
            let query = coordinates.row(range.lowerBound + slot, queries.dimension)
            let excluded = omission == .own ? range.lowerBound + slot : nil
            switch reach(query, excluding: excluded) {
            case .nothing: results.clear(slot)
            case .copies(let keys):
              pass.write(pass.alike(keys), squares: squares, into: results, at: slot)
            case .windows(let asked, let runs):
              pass.sums(asked, over: runs, squares: squares, into: results, at: slot)
            case .similarity(let similarity):
              sums(
                query: query, excluding: excluded, similarity: similarity, squares: squares,
                instructions: execution.instructions, into: results, at: slot)
            }
          }
        }
      }
    }
  }

  /// The sums of one query under its own similarity.
  private func sums(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, similarity: Similarity,
    squares: Bool, instructions: InstructionSet, into results: UnsafeSums, at slot: Int
  ) {
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
