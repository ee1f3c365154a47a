internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// One thread's computation of rows.
///
/// Goals, in order of priority:
/// 1. Totals are those of all keys, at every query: if weights are tiny, or one key has nearly all the
///    weight, they come from logarithms relative to the largest weight.
/// 2. A row costs a pass over the keys that can matter to its totals, unless those are known, and a
///    search for the listed keys.
final class RowPass {
  private let nearby: NearbySearch
  private let pass: TilePass
  private let search: LargestSearch
  private let negativeLogs: AlignedMemory
  private let knowsLogs: Bool

  /// Below this, an entropy is recomputed from logarithms, because ln S − Σ w ln w / S is a small
  /// difference.
  private static var leastEntropy: Double { 0.5 }

  init(
    _ tree: KeyTree, similarity: Similarity, isCausal: Bool = false, instructions: InstructionSet
  ) {
    let engine = DirectEngine(tree.columns, similarity: similarity, isCausal: isCausal)
    pass = TilePass(engine, instructions: instructions)
    nearby = NearbySearch(
      tree, similarity: similarity, isCausal: isCausal, looksAtColumns: false)
    search = LargestSearch(nearby, similarity: similarity, pass: pass)
    negativeLogs = AlignedMemory(count: engine.tileLength)
    if case .builtIn(.gaussian) = similarity.kernel.form {
      knowsLogs = tree.columns.observationWeights == nil
    } else {
      knowsLogs = false
    }
  }

  /// A query, and the place of its left-out key.
  typealias Asked = (query: UnsafeBufferPointer<Double>, excluded: Int?)

  /// The row of a query.
  ///
  /// - Parameters:
  ///   - selection: the keys to return, not all of them.
  ///   - totals: nil if weights are too small for sums.
  func row(_ asked: Asked, _ selection: RowSelection, _ totals: RowTotals?) -> WeightRow {
    nearby.queries.enclose(asked.query)
    guard let totals, totals.entropy >= Self.leastEntropy else {
      return rowFromLogarithms(asked, selection)
    }
    let entries = search.largest(
      selection.count ?? .max, of: asked.query, excluding: asked.excluded,
      atLeast: (selection.threshold ?? 0) * totals.sum * (1 - 1e-14), on: .weights
    ).map { (key: Int($0.key), weight: $0.score / totals.sum) }
    return WeightRow(
      entries: entries.filter { $0.weight > 0 && $0.weight >= selection.threshold ?? 0 },
      entropy: totals.entropy, effectiveSize: totals.effectiveSize)
  }

  /// The totals of some queries by a pass over the keys that can matter; nil if their weights are too
  /// small.
  ///
  /// Queries that share most of those keys are processed together, while a tile is in the first-level
  /// cache.
  func totals(_ block: [Asked]) -> [RowTotals?] {
    let runs = block.map { asked in
      nearby.queries.enclose(asked.query)
      return nearby.runs(
        excluding: asked.excluded.map { [$0] } ?? [], witness: (asked.query, pass)
      ).runs
    }
    let shared = runs.union
    let (own, all) = (Self.length(runs.flatMap { $0 }), Self.length(shared) * block.count)
    guard 5 * own >= 4 * all else { return zip(block, runs).map { totals([$0], over: $1)[0] } }
    return totals(block, over: shared)
  }

  private func totals(_ block: [Asked], over runs: [Range<Int>]) -> [RowTotals?] {
    var sums = [Double](repeating: 0, count: 3 * block.count)
    var lost = sums
    sums.withUnsafeMutableBufferPointer { sums in
      lost.withUnsafeMutableBufferPointer { lost in
        guard let sums = sums.baseAddress, let lost = lost.baseAddress else { return }
        pass.forEachTile(in: runs) { tile, pass in
          for (slot, asked) in block.enumerated() {
            let logs = knowsLogs ? negativeLogs.base : nil
            pass.weigh(asked.query, tile: tile, excluding: asked.excluded, negativeLogs: logs)
            pass.loops.rows.sums(tile.count, pass.weights, logs, sums + 3 * slot, lost + 3 * slot)
          }
        }
      }
    }
    return block.indices.map { slot in
      let total = (0..<3).map { sums[3 * slot + $0] + lost[3 * slot + $0] }
      guard !pass.engine.needsAnchor(total[0]) else { return nil }
      return RowTotals(
        sum: total[0], entropy: .log(total[0]) + total[2] / total[0],
        effectiveSize: total[0] / total[1] * total[0])
    }
  }

  private static func length(_ runs: [Range<Int>]) -> Int { runs.reduce(0) { $0 + $1.count } }

  /// The row from the logarithms of all weights that affect it.
  private func rowFromLogarithms(_ asked: Asked, _ selection: RowSelection) -> WeightRow {
    let (query, excluded) = asked
    let count = max(selection.count ?? 2, 2)
    let first = search.largest(
      count, of: query, excluding: excluded, atLeast: -.infinity, on: .logarithms)
    // Totals depend only on keys within exp(−60) of the second key.
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

extension Collection where Element == [Range<Int>] {
  /// The union of some lists of runs, in ascending order.
  var union: [Range<Int>] {
    guard count > 1 else { return first ?? [] }
    var runs: [Range<Int>] = []
    for run in joined().sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = runs.last, run.lowerBound <= last.upperBound {
        runs[runs.count - 1] = last.lowerBound..<Swift.max(last.upperBound, run.upperBound)
      } else {
        runs.append(run)
      }
    }
    return runs
  }
}

extension TilePass {
  /// The weights of a tile's keys for one query; of the Gaussian also −ln of them, if there is room.
  fileprivate func weigh(
    _ query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?,
    negativeLogs: UnsafeMutablePointer<Double>?
  ) {
    guard let negativeLogs else {
      return weigh(query: query, tile: tile, excluding: excluded)
    }
    var description = description(of: tile, query: query)
    loops.rows.gaussian_with_logs(&description, weights, negativeLogs)
    if engine.isCausal { giveLater(0, query, tile) }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = 0 }
  }
}
