internal import SimilarityKernels

extension PlainKeys {
  /// Calls `body` with the row of each query of a range; see ``KeyWeights``.
  ///
  /// - Complexity: O(n·d·log n) the first time; then for totals of a query O(d) for each key that can
  ///   matter to it, or as in ``rowTotals(of:in:omission:execution:)``; for its listed keys as in
  ///   `LargestSearch`. A whole row, a causal one, and a row under a closure cost O(n·d).
  func forEachRow(
    of queries: Points, in range: Range<Int>, omission: Omission, selection: RowSelection,
    execution: Execution, body: (_ place: Int, _ row: WeightRow) -> Void
  ) {
    let keyCount = problem.keys.count
    omission.check(
      queries, in: range, dimension: problem.similarity.inputCount, keyCount: keyCount)
    guard !range.isEmpty, keyCount > 0 else { return }
    let totals =
      selection.isWhole || problem.isCausal
      ? nil : rowTotals(of: queries, in: range, omission: omission, execution: execution)
    forEachRow(
      Array(range), of: queries, omission: omission, selection: selection, totals: totals,
      execution: execution, body: body)
  }

  /// The same for some queries, with their totals where known.
  func forEachRow(
    _ indices: [Int], of queries: Points, omission: Omission, selection: RowSelection,
    totals: [RowTotals?]?, execution: Execution, body: (_ place: Int, _ row: WeightRow) -> Void
  ) {
    guard !selection.isWhole, case .builtIn = problem.similarity.kernel.form else {
      return forEachWholeRow(
        indices, of: queries, omission: omission, selection: selection, execution: execution,
        body: body)
    }
    let tree = problem.orders.tree(problem, execution: execution.silent)
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      let places = totals == nil ? tree.ordered(indices, of: coordinates) : Array(indices.indices)
      execution.forEachBlock(
        of: indices.count, atMost: NearbyDirect.groupLength,
        scratch: {
          RowPass(
            tree, similarity: problem.similarity, isCausal: problem.isCausal,
            instructions: execution.instructions)
        }
      ) { block, pass in
        let asked = block.map { slot in
          let index = indices[places[slot]]
          return (
            query: coordinates.row(index, queries.dimension),
            excluded: omission == .own ? Int(tree.places[index]) : nil
          )
        }
        let own = totals == nil ? pass.totals(asked) : []
        for (slot, place) in places[block].enumerated() {
          let found = totals.map { $0[place] ?? pass.totals([asked[slot]])[0] } ?? own[slot]
          body(place, pass.row(asked[slot], selection, found))
        }
      }
    }
  }

  /// Rows whose weights are all visited.
  private func forEachWholeRow(
    _ indices: [Int], of queries: Points, omission: Omission, selection: RowSelection,
    execution: Execution, body: (_ place: Int, _ row: WeightRow) -> Void
  ) {
    let engine = DirectEngine(problem)
    let count = problem.keys.count
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(
        of: indices.count, atMost: DirectEngine.blockLength,
        scratch: {
          (TilePass(engine, instructions: execution.instructions), AlignedMemory(count: count))
        }
      ) { block, scratch in
        for place in block {
          let index = indices[place]
          let row = UnsafeMutableBufferPointer(start: scratch.1.base, count: count)
          engine.weights(
            query: coordinates.row(index, queries.dimension),
            excluding: omission == .own ? index : nil, over: scratch.0.everyKey, pass: scratch.0,
            into: row)
          body(place, WeightRow(shares: UnsafeBufferPointer(row), selection))
        }
      }
    }
  }
}

extension WeightRow {
  /// The row from the shares of all keys, in their order.
  init(shares: UnsafeBufferPointer<Double>, _ selection: RowSelection) {
    let spread = WeightSpread(shares: shares)
    guard spread.effectiveSize > 0 else {
      self = .empty
      return
    }
    self.init(
      entries: selection.applied(
        to: shares.enumerated().lazy.map { (key: $0.offset, weight: $0.element) }),
      entropy: spread.entropy, effectiveSize: spread.effectiveSize)
  }
}

extension KeyTree {
  /// The places of some queries in the order of their leaves.
  ///
  /// - Complexity: O(m·log m).
  fileprivate func ordered(
    _ indices: [Int], of coordinates: UnsafeBufferPointer<Double>
  ) -> [Int] {
    let leaves = indices.map { leaf(of: coordinates.row($0, dimension)) }
    return indices.indices.sorted { (leaves[$0], $0) < (leaves[$1], $1) }
  }
}
