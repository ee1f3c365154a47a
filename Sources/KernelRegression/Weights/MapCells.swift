internal import KernelSums

/// How keys and queries are gathered into bins.
struct AttentionBins {
  let keyOrder: [Int]
  let queryOrder: [Int]
  let rows: [Range<Int>]
  let columns: [Range<Int>]

  /// The column of each query, and the row of each key.
  let columnOfQuery: [Int]
  let rowOfKey: [Int]

  init(keys: [Double], queries: [Double], rows: Int, columns: Int, execution: Execution) {
    keyOrder = keys.ascendingPlaces(execution: execution)
    queryOrder = queries == keys ? keyOrder : queries.ascendingPlaces(execution: execution)
    self.rows = Self.bins(keys.count, atMost: rows)
    self.columns = Self.bins(queries.count, atMost: columns)
    rowOfKey = Self.places(keyOrder, self.rows)
    columnOfQuery = Self.places(queryOrder, self.columns)
  }

  /// Ranges of equal length, except the last.
  private static func bins(_ count: Int, atMost bins: Int) -> [Range<Int>] {
    let length = max(1, (count - 1) / bins + 1)
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  private static func places(_ order: [Int], _ bins: [Range<Int>]) -> [Int] {
    var places = [Int](repeating: 0, count: order.count)
    for (bin, range) in bins.enumerated() {
      for place in range { places[order[place]] = bin }
    }
    return places
  }
}

/// The cells of a map while it is filled.
struct MapCells {
  let bins: AttentionBins
  var emptyWindows: [Int] = []
  private var sums: [Double]
  private var largest: [Double]
  private var queryCounts: [Int]

  init(_ bins: AttentionBins) {
    self.bins = bins
    sums = [Double](repeating: 0, count: bins.rows.count * bins.columns.count)
    largest = sums
    queryCounts = [Int](repeating: 0, count: bins.columns.count)
  }

  /// Counts a query that has weights.
  mutating func addQuery(_ query: Int) { queryCounts[bins.columnOfQuery[query]] += 1 }

  mutating func add(_ weight: Double, key: Int, query: Int) {
    let cell = bins.rowOfKey[key] * bins.columns.count + bins.columnOfQuery[query]
    sums[cell] += weight
    largest[cell] = max(largest[cell], weight)
  }

  /// Adds the shares of queries that have not been added, row by row.
  mutating func add(_ shares: [Double], _ most: [Double]) {
    for cell in sums.indices {
      sums[cell] += shares[cell]
      largest[cell] = max(largest[cell], most[cell])
    }
  }

  var map: AttentionMap {
    var mean = sums
    var largest = largest
    for cell in sums.indices {
      let (row, column) = (cell / bins.columns.count, cell % bins.columns.count)
      let pairs = Double(bins.rows[row].count) * Double(queryCounts[column])
      mean[cell] = pairs > 0 ? sums[cell] / pairs : .nan
      if pairs == 0 { largest[cell] = .nan }
    }
    return AttentionMap(
      keyOrder: bins.keyOrder, queryOrder: bins.queryOrder, rows: bins.rows, columns: bins.columns,
      mean: mean, largest: largest, emptyWindows: emptyWindows)
  }
}
