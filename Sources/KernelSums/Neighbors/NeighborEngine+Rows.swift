package import SimilarityKernels

extension NeighborEngine {
  /// Calls `body` with the row of each query of a range; see
  /// ``KernelSumProblem/forEachRow(of:in:omission:selection:execution:body:)``.
  ///
  /// - Complexity: with bandwidths of the queries that of a problem under the bandwidth of each; with those
  ///   of the keys O(n·d) for each query.
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
      // Whole rows in parts of at most 32 MB.
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
        of: range.count, atMost: DirectEngine.blockLength, scratch: { () }
      ) { block, _ in
        for place in block {
          let index = range.lowerBound + place
          let query = coordinates.row(index, queries.dimension)
          let excluded = omission == .own ? index : nil
          guard let width = width(query, excluding: excluded),
            let similarity = similarity(at: width)
          else {
            body(place, .empty)
            continue
          }
          let pass = RowPass(tree, similarity: similarity, instructions: execution.instructions)
          let asked = (query: query, excluded: excluded.map { Int(tree.places[$0]) })
          body(place, pass.row(asked, selection, pass.totals([asked])[0]))
        }
      }
    }
  }
}
