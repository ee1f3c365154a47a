package import SimilarityKernels

extension NeighborEngine {
  /// The weights of all keys for each query, divided by their sum: `[m, n]`, query after query; see
  /// ``KeyWeights``.
  ///
  /// - Complexity: O(n·m·d) time, O(n·m) memory, for m computed queries.
  package func normalizedWeights(
    at queries: Points, range: Range<Int>, omission: Omission, execution: Execution
  ) -> [Double] {
    omission.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    let count = problem.keys.count
    let columns = problem.orders.given(problem)
    let size = range.count * count
    return [Double](unsafeUninitializedCapacity: size) { results, used in
      let results = results
      results.initialize(repeating: 0)
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(
          of: range.count, atMost: DirectEngine.blockLength,
          scratch: { NeighborPass(self, execution.instructions) }
        ) { block, pass in
          for slot in block {
            let query = coordinates.row(range.lowerBound + slot, queries.dimension)
            let excluded = omission == .own ? range.lowerBound + slot : nil
            let row = UnsafeMutableBufferPointer(
              rebasing: results[slot * count..<(slot + 1) * count])
            let shares: [DirectEngine.AnchoredWeight]
            switch reach(query, excluding: excluded) {
            case .nothing: continue
            case .copies(let keys): shares = pass.alike(keys).shares
            case .windows(let asked, let runs): shares = pass.shares(asked, over: runs)
            case .similarity(let similarity):
              let engine = DirectEngine(columns, similarity: similarity)
              let pass = TilePass(engine, instructions: execution.instructions)
              engine.weights(
                query: query, excluding: excluded, over: pass.everyKey, pass: pass, into: row)
              continue
            }
            for share in shares { row[key(at: share.key)] = share.weight }
          }
        }
      }
      used = size
    }
  }

  /// The key at a place that a pass uses.
  func key(at place: Int) -> Int { keyBandwidths == nil ? Int(tree.order[place]) : place }

  /// The distance of each query to its nearest key, in the bandwidths of the query or of that key; NaN
  /// if those are unknown.
  ///
  /// - Parameters:
  ///   - nearest: the nearest keys, in units of the scales.
  ///   - queries: shape `[m, d]`, in the units of the keys.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  func distances(
    to nearest: [NearestKeys], of queries: Points, omission: Omission
  ) -> [Double] {
    let pass = NeighborPass(self, .best)
    return queries.coordinates.withUnsafeBufferPointer { coordinates in
      zip(queries.indices, nearest).map { query, nearest in
        // In one input D is in the units of the keys.
        let scale = queries.dimension == 1 ? problem.similarity.bandwidths[0] : 1
        let excluded = omission == .own ? query : nil
        let place = coordinates.row(query, queries.dimension)
        let widths: [Double]
        if keyBandwidths != nil {
          let asked = NeighborPass.Asked(query: place, excluded: excluded, window: nil)
          widths = nearest.keys.compactMap { pass.reducedWidth(of: $0, asked)?.distance }
        } else {
          widths = width(place, excluding: excluded).map { [$0.distance] } ?? []
        }
        if nearest.distance == 0 { return 0 }
        guard let width = widths.max(), width > 0 else { return .nan }
        return nearest.distance * scale / width
      }
    }
  }
}
