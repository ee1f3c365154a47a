public import SimilarityKernels

extension NeighborEngine {
  /// The weights of all keys for each query, over their sum: `[m, n]`, query after query; see
  /// ``KernelSumProblem/normalizedWeights(at:range:omission:execution:)``.
  ///
  /// - Complexity: O(n·m·d) time, O(n·m) memory, for m queries asked about.
  public func normalizedWeights(
    at queries: Points, range: Range<Int>, omission: Omission = .none,
    execution: Execution = Execution()
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
          scratch: { keyBandwidths.map { WidePass(self, $0, execution.instructions) } }
        ) { block, wide in
          for slot in block {
            let query = coordinates.row(range.lowerBound + slot, queries.dimension)
            let excluded = omission == .own ? range.lowerBound + slot : nil
            let row = UnsafeMutableBufferPointer(
              rebasing: results[slot * count..<(slot + 1) * count])
            if let wide {
              wide.weights(query: query, excluding: excluded, into: row)
            } else if let width = width(query, excluding: excluded),
              let similarity = similarity(at: width)
            {
              let engine = DirectEngine(columns, similarity: similarity)
              let pass = TilePass(engine, instructions: execution.instructions)
              engine.weights(
                query: query, excluding: excluded, over: pass.everyKey, pass: pass, into: row)
            }
          }
        }
      }
      used = size
    }
  }

  /// The distance of each query to its nearest key, in the bandwidths of the query or of that key; NaN
  /// where those are not known.
  ///
  /// - Parameters:
  ///   - nearest: the nearest keys, in units of the scales.
  ///   - queries: shape `[m, d]`, in the units of the keys.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in their order.
  public func distances(
    to nearest: [NearestKeys], of queries: Points, omission: Omission
  ) -> [Double] {
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      zip(queries.indices, nearest).map { query, nearest in
        // In one input D is in the units of the keys.
        let scale = queries.dimension == 1 ? problem.similarity.bandwidths[0] : 1
        let excluded = omission == .own ? query : nil
        let widths: [Double]
        if let keyBandwidths {
          let dependents = excluded.map { keyBandwidths.dependents[$0] } ?? []
          widths = nearest.keys.map {
            dependents.contains(Int32($0))
              ? keyBandwidths.widthsWithoutOne[$0] : keyBandwidths.widths[$0]
          }
        } else {
          let width = width(coordinates.row(query, queries.dimension), excluding: excluded)
          widths = width.map { [$0] } ?? []
        }
        guard let width = widths.max(), width > 0 else { return .nan }
        return nearest.distance * scale / width
      }
    }
  }
}
