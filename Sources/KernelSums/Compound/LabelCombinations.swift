internal import SimilarityKernels

/// The different labels among some queries, and which queries have them.
///
/// All queries of one combination weigh the labels of a key alike, so that whatever depends on labels
/// alone is worked out once for each.
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
