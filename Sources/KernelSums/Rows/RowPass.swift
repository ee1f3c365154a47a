internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// One thread's way to the rows of queries.
///
/// Goals, in order of priority:
/// 1. Totals are those of all keys, at every query: where weights are tiny, and where one key has nearly
///    all of them, they come from logarithms relative to the largest weight.
/// 2. A row costs the keys that can matter to its totals, unless those are known, and a search for the
///    keys that are listed.
final class RowPass {
  private let nearby: NearbySearch
  private let pass: TilePass
  private let search: LargestSearch
  private let negativeLogs: AlignedMemory
  private let knowsLogs: Bool

  /// Below this an entropy is computed anew from logarithms: ln S − Σ w ln w / S is then a small
  /// difference.
  private static var leastEntropy: Double { 0.5 }

  init(_ tree: KeyTree, similarity: Similarity, instructions: InstructionSet) {
    let engine = DirectEngine(tree.columns, similarity: similarity)
    pass = TilePass(engine, instructions: instructions)
    nearby = NearbySearch(tree, similarity: similarity, looksAtColumns: false)
    search = LargestSearch(nearby, similarity: similarity, pass: pass)
    negativeLogs = AlignedMemory(count: engine.tileLength)
    if case .builtIn(.gaussian) = similarity.kernel.form {
      knowsLogs = tree.columns.observationWeights == nil
    } else {
      knowsLogs = false
    }
  }

  /// The row of a query.
  ///
  /// - Parameters:
  ///   - excluded: the place of a key that does not count.
  ///   - selection: which keys are wanted, not all of them.
  ///   - known: totals, where they are known.
  func row(
    _ query: UnsafeBufferPointer<Double>, excluding excluded: Int?, _ selection: RowSelection,
    known: RowTotals?
  ) -> WeightRow {
    nearby.queries.enclose(query)
    guard let totals = known ?? totals(query, excluded), totals.entropy >= Self.leastEntropy else {
      return rowFromLogarithms(query, excluded, selection)
    }
    let entries = search.largest(
      selection.count ?? .max, of: query, excluding: excluded,
      atLeast: (selection.threshold ?? 0) * totals.sum * (1 - 1e-14), on: .weights
    ).map { (key: Int($0.key), weight: $0.score / totals.sum) }
    return WeightRow(
      entries: entries.filter { $0.weight > 0 && $0.weight >= selection.threshold ?? 0 },
      entropy: totals.entropy, effectiveSize: totals.effectiveSize)
  }

  /// The totals by a pass over the keys that can matter; nil where their weights are too small.
  private func totals(_ query: UnsafeBufferPointer<Double>, _ excluded: Int?) -> RowTotals? {
    let runs = nearby.runs(
      excluding: excluded.map { [$0] } ?? [], witness: (query, pass)
    ).runs
    var sums = (0.0, 0.0, 0.0)
    var lost = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &sums) { sums in
      withUnsafeMutableBytes(of: &lost) { lost in
        let sums = sums.bindMemory(to: Double.self).baseAddress
        let lost = lost.bindMemory(to: Double.self).baseAddress
        pass.forEachTile(in: runs) { tile, pass in
          if knowsLogs {
            pass.weighWithLogs(
              query: query, tile: tile, excluding: excluded, negativeLogs: negativeLogs.base)
          } else {
            pass.weigh(query: query, tile: tile, excluding: excluded)
          }
          pass.loops.row_sums(
            tile.count, pass.weights, knowsLogs ? negativeLogs.base : nil, sums, lost)
        }
      }
    }
    let sum = sums.0 + lost.0
    guard !pass.engine.needsAnchor(sum) else { return nil }
    return RowTotals(
      sum: sum, entropy: .log(sum) + (sums.2 + lost.2) / sum,
      effectiveSize: sum / (sums.1 + lost.1) * sum)
  }

  /// The row from the logarithms of all weights that leave a trace in what is asked for.
  private func rowFromLogarithms(
    _ query: UnsafeBufferPointer<Double>, _ excluded: Int?, _ selection: RowSelection
  ) -> WeightRow {
    let count = max(selection.count ?? 2, 2)
    let first = search.largest(
      count, of: query, excluding: excluded, atLeast: -.infinity, on: .logarithms)
    // Totals are told by what comes within exp(−60) of the second key.
    func depthOf(_ rank: Int) -> Double {
      first.indices.contains(rank) ? first[0].score - first[rank].score + pass.excess : 0
    }
    var depth = 60 + depthOf(1)
    let listed = selection.threshold.map { $0 > 0 ? 1 - .log($0) : .infinity } ?? .infinity
    let counted = selection.count == nil ? .infinity : 1 + depthOf(first.count - 1)
    depth = min(max(depth, min(listed, counted)), DirectEngine.greatestDepth)
    let runs = nearby.runs(
      excluding: excluded.map { [$0] } ?? [], depth: depth, witness: (query, pass)
    ).runs
    let logs = pass.engine.anchoredLogWeights(
      query: query, excluding: excluded, over: runs, depth: depth, pass: pass
    ).logWeights
    guard !logs.isEmpty else { return .empty }
    let spread = WeightSpread(logWeights: logs.map(\.logWeight))
    let sum = logs.reduce(0) { $0 + .exp($1.logWeight) }
    let tree = search.tree
    return WeightRow(
      entries: selection.applied(
        to: logs.lazy.map { (Int(tree.order[$0.key]), .exp($0.logWeight) / sum) }),
      entropy: spread.entropy, effectiveSize: spread.effectiveSize)
  }
}

extension TilePass {
  /// The Gaussian weights of a tile's keys for one query, with −ln of them.
  fileprivate func weighWithLogs(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?,
    negativeLogs: UnsafeMutablePointer<Double>
  ) {
    var description = description(of: tile, query: query)
    loops.gaussian_with_logs(&description, weights, negativeLogs)
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = 0 }
  }
}
