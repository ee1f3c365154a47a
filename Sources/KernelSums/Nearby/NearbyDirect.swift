internal import SimilarityKernels

/// The direct engine over only the keys that can matter to each query, with the same accuracy at a cost
/// that does not grow with the number of keys out of reach.
///
/// It computes queries that a faster engine cannot, and anything that needs a few of many keys. The
/// keys left out would change no sum by more than 10⁻¹⁷ of it; see ``NearbySearch``.
///
/// For the Gaussian in one input most sums come from the sorted keys; see ``NearbyGaussian``.
///
/// Queries are processed in the order of the tree, and up to ``groupLength`` of them share a walk
/// through it and the tiles of keys, as long as they are close together.
struct NearbyDirect: Sendable {
  /// The largest number of queries that share a walk.
  static var groupLength: Int { 16 }

  /// If boxes leave the largest log-weight uncertain by more than this, the queries of a walk are
  /// processed one by one.
  static var greatestSlack: Double { 16 }

  let problem: KernelSumProblem

  /// - Complexity: O(1); the first call makes the tree, once for all problems made from each other.
  init(_ problem: KernelSumProblem) { self.problem = problem }

  /// The state one thread needs.
  final class Scratch {
    let pass: TilePass
    let search: NearbySearch
    private var rowMemory: AlignedMemory?

    init(_ tree: KeyTree, _ problem: KernelSumProblem, _ instructions: InstructionSet) {
      pass = TilePass(
        DirectEngine(
          tree.columns, similarity: problem.similarity, degree: problem.degree,
          isCausal: problem.isCausal),
        instructions: instructions)
      search = NearbySearch(tree, similarity: problem.similarity, isCausal: problem.isCausal)
    }

    /// Room for a number for each key.
    func row(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
      let memory = rowMemory ?? AlignedMemory(count: count)
      rowMemory = memory
      return UnsafeMutableBufferPointer(start: memory.base, count: count)
    }
  }

  /// Overwrites the sums of some queries.
  ///
  /// - Parameters:
  ///   - indices: the queries to compute.
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - squares: whether to compute Σw² as well.
  ///   - results: where the sums of query i go to place `i − first`.
  ///   - first: the query whose sums come first in `results`.
  /// - Complexity: O(log n) for a query and O(d + p) for each key that can matter to it, on all
  ///   threads.
  func sums(
    ofQueries indices: [Int], at queries: Points, omission: Omission, squares: Bool,
    execution: Execution, into results: UnsafeSums, first: Int
  ) {
    // Without queries, not even an order of the keys is made.
    guard !indices.isEmpty, !execution.isStopped else { return }
    var indices = indices
    if let line = NearbyGaussian(problem, execution: execution) {
      indices = line.sums(
        ofQueries: indices, at: queries, omission: omission, squares: squares,
        execution: execution, into: results, first: first)
    }
    guard !indices.isEmpty else { return }
    let tree = problem.orders.tree(problem, execution: execution)
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      let block = tree.ordered(
        indices, of: coordinates, omission: omission, first: first, execution: execution)
      let groups = (block.count + Self.groupLength - 1) / Self.groupLength
      execution.forEachBlock(
        of: groups, atMost: 8,
        scratch: { Scratch(tree, problem, execution.instructions) }
      ) { range, scratch in
        for group in range {
          let start = group * Self.groupLength
          sums(
            of: block[start..<min(start + Self.groupLength, block.count)], squares: squares,
            scratch: scratch, into: results)
        }
      }
    }
  }

  /// The sums of a group, or of its halves if the group is too spread out.
  private func sums(
    of group: ArraySlice<DirectEngine.BlockQuery>, squares: Bool, scratch: Scratch,
    into results: UnsafeSums
  ) {
    guard let first = group.first else { return }
    let search = scratch.search
    search.queries.enclose(first.coordinates)
    for query in group.dropFirst() { search.queries.extend(by: query.coordinates) }
    let isNarrow = group.count == 1 || search.tree.isNarrow(search.queries)
    if isNarrow {
      let (runs, slack) = search.runs(
        excluding: group.compactMap(\.excluded),
        witness: group.count == 1 ? (first.coordinates, scratch.pass) : nil)
      if group.count == 1 || slack <= Self.greatestSlack {
        return scratch.pass.engine.sums(
          of: Array(group), over: runs, squares: squares, pass: scratch.pass, into: results)
      }
    }
    let middle = (group.startIndex + group.endIndex) / 2
    sums(of: group[..<middle], squares: squares, scratch: scratch, into: results)
    sums(of: group[middle...], squares: squares, scratch: scratch, into: results)
  }
}

extension KeyTree {
  /// Whether queries are so close together that few keys matter to only some of them.
  fileprivate func isNarrow(_ queries: QueryBox) -> Bool {
    (0..<dimension).allSatisfy { queries.width($0) <= 0.5 }
  }
}
