internal import RealModule
package import SimilarityKernels

/// Keys that are added and removed over time, with their columns and observation weights; they can be
/// summed at any time.
///
/// Goals, in order of priority:
/// 1. No history. Nothing is ever subtracted, because nothing is summed in advance: the direct engine's
///    loops compute sums on request from the current keys. Boxes and largest weights, which are also
///    stored, are recomputed from the keys. After a million changes a sum differs from that of keys
///    that were never changed only in the order of its terms.
/// 2. A few microseconds for a change, whatever the order in which keys are added and removed.
/// 3. A query visits the keys that can matter to it, and few others.
///
/// Keys are stored in leaves of up to 64, each a stretch of one pool of columns that the loops read.
/// The leaves form an R-tree, whose full nodes split from the bottom up, so that all leaves have the
/// same depth even if keys are always added at one end and removed at the other, as with time.
///
/// ## Source
/// A. Guttman, R-trees: a dynamic index structure for spatial searching, SIGMOD (1984),
/// doi:10.1145/602259.602266.
package struct MovingKeys: Sendable {
  /// α of d continuous inputs.
  package let similarity: Similarity

  private var storage: MovingStorage

  /// Identifies a key until it is removed.
  package struct Name: Hashable, Sendable {
    let slot: Int32
    let generation: Int32
  }

  /// An empty collection of keys.
  ///
  /// - Precondition: the similarity has no labels.
  package init(similarity: Similarity, columnCount: Int) {
    precondition(similarity.labels.isEmpty, "moving keys cannot have labels")
    self.similarity = similarity
    storage = MovingStorage(
      bandwidths: similarity.bandwidths, columnCount: columnCount)
  }

  /// The number of keys.
  package var count: Int { storage.count }

  /// Adds a key.
  ///
  /// - Parameters:
  ///   - key: d finite numbers.
  ///   - columns: one finite number for each column.
  ///   - weight: ω, from 1e-90 to 1e90.
  /// - Complexity: O((d + p)·log n).
  package mutating func add(
    _ key: some Collection<Double>, columns: some Collection<Double>, weight: Double
  ) -> Name {
    makeUnique()
    return storage.add(Array(key), Array(columns), weight)
  }

  /// Removes a key.
  ///
  /// - Returns: whether it was present.
  /// - Complexity: O((d + p)·log n).
  package mutating func remove(_ name: Name) -> Bool {
    guard contains(name) else { return false }
    makeUnique()
    storage.remove(Int(name.slot))
    return true
  }

  /// Whether a key is present.
  package func contains(_ name: Name) -> Bool { storage.contains(name) }

  /// A present key, with its columns and weight.
  package func row(_ name: Name) -> (key: [Double], columns: [Double], weight: Double) {
    precondition(contains(name), "there is no such key")
    return storage.row(at: storage.place(of: Int(name.slot)))
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = MovingStorage(copying: storage) }
  }
}

extension MovingKeys {
  /// The sums at each query.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - squares: whether to compute Σw² as well.
  ///   - execution: threads, instruction set.
  /// - Complexity: O(log n) for a query and O(d + p) for each key that can matter to it, on all threads.
  package func sums(
    at queries: Points, squares: Bool = false, execution: Execution = Execution()
  ) -> AnchoredSums {
    AnchoredSums(count: queries.count, columnCount: storage.columnCount, execution: execution) {
      results in
      forEachQuery(queries, execution: execution) { index, query, runs, pass in
        pass.engine.sums(
          of: [DirectEngine.BlockQuery(coordinates: query, excluded: nil, place: index)],
          over: runs, squares: squares, pass: pass, into: results)
      }
    }
  }

  /// Calls `body` with each query and the normalised weights of the keys that can have any, in no
  /// particular order; none if no key supports the query.
  ///
  /// - Parameter body: is called from several threads at once.
  package func forEachQuery(
    _ queries: Points, execution: Execution,
    body: (_ index: Int, _ weights: [(key: Name, weight: Double)]) -> Void
  ) {
    forEachQuery(queries, depth: DirectEngine.greatestDepth, execution: execution) {
      index, query, runs, pass in
      let row = AlignedMemory(count: storage.placeCount, isZeroed: false)
      pass.engine.weights(
        query: query, excluding: nil, over: runs, pass: pass,
        into: UnsafeMutableBufferPointer(start: row.base, count: storage.placeCount))
      body(
        index,
        runs.joined().filter { row.base[$0] > 0 }.map { (storage.name(at: $0), row.base[$0]) })
    }
  }

  /// The keys nearest to a query, in bandwidths; several if they tie.
  ///
  /// - Complexity: O(n·d).
  package func nearestKeys(to query: ArraySlice<Double>) -> (distance: Double, keys: [Name]) {
    var found = NearestKeys(distance: .infinity, keys: [])
    let pass = TilePass(
      DirectEngine(storage.columns, similarity: similarity), instructions: .best)
    query.withUnsafeBufferPointer { query in
      found = pass.engine.nearestKeys(
        query: query, excluding: nil, over: storage.everyRun, pass: pass)
    }
    return (found.distance, found.keys.map(storage.name))
  }

  /// The names of all keys, in no particular order.
  package var names: [Name] { storage.everyRun.joined().map(storage.name) }

  private func forEachQuery(
    _ queries: Points, depth: Double = NearbySearch.depthForSums, execution: Execution,
    body: (
      _ index: Int, _ query: UnsafeBufferPointer<Double>, _ runs: [Range<Int>], _ pass: TilePass
    ) -> Void
  ) {
    precondition(
      queries.dimension == similarity.bandwidths.count,
      "queries and keys must have the same number of inputs")
    let engine = DirectEngine(storage.columns, similarity: similarity)
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      storage.withBounds { bounds in
        nonisolated(unsafe) let bounds = bounds
        execution.unreported.forEachBlock(
          of: queries.count, atMost: DirectEngine.blockLength,
          scratch: {
            (
              TilePass(engine, instructions: execution.instructions),
              MovingSearch(storage, similarity: similarity, bounds: bounds)
            )
          }
        ) { block, scratch in
          for index in block {
            let query = coordinates.row(index, queries.dimension)
            body(index, query, scratch.1.runs(for: query, depth: depth), scratch.0)
          }
        }
      }
    }
  }
}

extension MovingKeys {
  /// Calls `body` with each violated invariant; for tests.
  package func checkInvariants(_ body: (String) -> Void) { storage.checkInvariants(body) }
}
