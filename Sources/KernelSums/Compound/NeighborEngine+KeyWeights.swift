internal import RealModule
package import SimilarityKernels

extension NeighborEngine: KeyWeights {
  /// The nearest keys in the units of the scales.
  package func nearestKeys(
    to queries: Points, excluding excluded: [Int]?, execution: Execution
  ) -> [NearestKeys] {
    PlainKeys(problem).nearestKeys(to: queries, excluding: excluded, execution: execution)
  }

  package func nearestDistances(
    of queries: Points, omission: Omission, execution: Execution
  ) -> [Double] {
    let nearest = nearestKeys(
      to: queries, excluding: omission == .own ? Array(problem.keys.indices) : nil,
      execution: execution)
    return distances(to: nearest, of: queries, omission: omission)
  }

  package func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (_ place: Int, _ weights: [(key: Int, weight: Double)]) -> Void
  ) {
    for (place, index) in indices.enumerated() where !execution.isStopped {
      forEachRow(
        of: queries, in: index..<index + 1, omission: omission,
        selection: RowSelection(count: nil, threshold: 0), execution: execution.alone
      ) { body(place, $1.entries.filter { $0.weight > 0 }) }
    }
  }

  /// Bandwidths from the nearest keys leave some of them a weight, so there is no need to search
  /// farther away.
  package func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, depth: Double, execution: Execution,
    body: (_ place: Int, _ logWeights: [(key: Int, logWeight: Double)], _ isWhole: Bool) -> Void
  ) {
    forEachQuery(indices, of: queries, omission: omission, execution: execution) {
      place, weights in
      let largest = weights.reduce(0) { max($0, $1.weight) }
      body(place, weights.map { ($0.key, .log($0.weight / largest)) }, true)
    }
  }

  /// Calls `body` with the row of each query of a range; see ``KeyWeights``.
  ///
  /// - Complexity: with bandwidths of the queries, that of a problem with each query's bandwidth; with
  ///   bandwidths of the keys, O(n·d) for each query.
  package func forEachRow(
    of queries: Points, in range: Range<Int>, omission: Omission, selection: RowSelection,
    execution: Execution, body: (_ place: Int, _ row: WeightRow) -> Void
  ) {
    omission.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    let isSparse =
      if case .builtIn = problem.similarity.kernel.form {
        !selection.isWhole && keyBandwidths == nil
      } else { false }
    guard isSparse else {
      // Whole rows in batches of at most 32 MB.
      let step = max(1, (1 << 22) / max(problem.keys.count, 1))
      for start in stride(from: range.lowerBound, to: range.upperBound, by: step)
      where !execution.isStopped {
        let part = start..<min(start + step, range.upperBound)
        normalizedWeights(
          at: queries, range: part, omission: omission, execution: execution.unreported
        )
        .withUnsafeBufferPointer { weights in
          execution.forEachBlock(of: part.count, atMost: 8) { block in
            for slot in block {
              body(
                part.lowerBound + slot - range.lowerBound,
                WeightRow(shares: weights.row(slot, problem.keys.count), selection))
            }
          }
        }
        execution.progress?(
          Double(part.upperBound - range.lowerBound) / Double(max(range.count, 1)))
      }
      return
    }
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(
        of: range.count, atMost: DirectEngine.blockLength,
        scratch: { NeighborPass(self, execution.instructions) }
      ) { block, pass in
        for place in block {
          let index = range.lowerBound + place
          let query = coordinates.row(index, queries.dimension)
          let excluded = omission == .own ? index : nil
          switch reach(query, excluding: excluded) {
          case .nothing: body(place, .empty)
          case .copies(let keys): body(place, row(pass.alike(keys).shares, selection))
          case .windows(let asked, let runs):
            body(place, row(pass.shares(asked, over: runs), selection))
          case .similarity(let similarity):
            let pass = RowPass(tree, similarity: similarity, instructions: execution.instructions)
            let asked = (query: query, excluded: excluded.map { Int(tree.places[$0]) })
            body(place, pass.row(asked, selection, pass.totals([asked])[0]))
          }
        }
      }
    }
  }

  /// A row whose keys with weight are all known.
  private func row(
    _ shares: [DirectEngine.AnchoredWeight], _ selection: RowSelection
  ) -> WeightRow {
    let spread = shares.map(\.weight).withUnsafeBufferPointer { WeightSpread(shares: $0) }
    guard spread.effectiveSize > 0 else { return .empty }
    return WeightRow(
      entries: selection.applied(
        to: shares.lazy.map { (key: key(at: $0.key), weight: $0.weight) }),
      entropy: spread.entropy, effectiveSize: spread.effectiveSize)
  }
}
