internal import SimilarityKernels

/// The distinct combinations of labels among some queries, and the queries that have them.
///
/// All queries of one combination weigh the labels of a key equally, so anything that depends only on
/// labels is computed once for each combination.
struct LabelCombinations {
  /// The level of each label, combination after combination.
  private(set) var levels: [[Double]] = []

  /// The queries of each combination, in ascending order.
  private(set) var queries: [[Int]] = []

  /// - Complexity: O(m·l) for m queries with l labels.
  init(of queries: Points, in indices: some Sequence<Int>, after dimension: Int) {
    var places: [[Double]: Int] = [:]
    for query in indices {
      let labels = Array(queries[query].dropFirst(dimension))
      let place = places[labels] ?? levels.count
      if place == levels.count {
        places[labels] = place
        levels.append(labels)
        self.queries.append([])
      }
      self.queries[place].append(query)
    }
  }
}
