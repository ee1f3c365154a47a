internal import KernelSums
internal import SimilarityKernels

extension StreamingRegression {
  /// Estimates at queries from the current rows.
  ///
  /// - Parameter queries: points; or the keys of ``estimator()``, or each of these left out in turn.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not finite;
  ///   under ``EmptyWindowPolicy/fail`` also if no row supports it.
  /// - Complexity: for each query O(log n), and O(d + p) for each row that can matter to it, on all
  ///   threads; a constant factor more for a degree above 0, and O(n·(d + p)) where only rows whose
  ///   weights underflow could determine the polynomial.
  public func predict(at queries: Queries) throws(KernelRegressionError) -> Predictions {
    guard case .points(let points) = queries.place else {
      var computation = computation
      computation.queryCount = nil
      return try estimator(of: rows.names, computation: computation).predict(at: queries)
    }
    try validate(points)
    return try finished { stream throws(KernelRegressionError) in
      try stream.estimates(at: points)
    }
  }

  private func estimates(at queries: Points) throws(KernelRegressionError) -> Predictions {
    guard degree == 0 else { return try polynomials(at: queries) }
    let sums = rows.sums(at: queries, execution: execution.unreported)
    try execution.checkCancellation()
    var estimates = (0..<valueCount).map { _ in [Double](repeating: .nan, count: queries.count) }
    var empty: [Int] = []
    sums.withUnsafeSums { sums in
      for query in queries.indices {
        guard sums.weights[query] > 0 else {
          empty.append(query)
          continue
        }
        for column in 0..<valueCount {
          estimates[column][query] = sums.column(column)[query] / sums.weights[query]
        }
      }
    }
    try fill(empty, of: &estimates, at: queries)
    return Predictions(
      estimates: estimates, emptyWindows: empty, effectiveSampleSizes: nil, nearestDistances: nil)
  }

  /// Estimates at queries in one input, for a single value column.
  ///
  /// - Throws: ``KernelRegressionError``, as ``predict(at:)`` does, and if there are several value columns.
  public func predict(_ queries: [Double]) throws(KernelRegressionError) -> [Double] {
    guard valueCount == 1 else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "one list of estimates needs one value column, not \(valueCount)")
    }
    return try predict(at: .points(queries)).values
  }

  /// The attention of a query: the rows with weight for it, largest first, with their shares; empty if no
  /// row supports it.
  ///
  /// - Throws: ``KernelRegressionError`` if the query does not fit.
  /// - Complexity: O(log n), and O(d) for each row that can matter.
  public func weights(
    at query: [Double]
  ) throws(KernelRegressionError) -> [Entry] {
    guard !query.isEmpty else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "a query has no inputs, but keys have dimension \(similarity.bandwidths.count)")
    }
    let points = Points(rowMajor: query, dimension: query.count)
    try validate(points)
    try execution.checkCancellation()
    var entries: [Entry] = []
    rows.forEachQuery(points, execution: Execution(threads: 1)) { _, weights in
      entries = weights.map { Entry(row: Handle(name: $0.key), weight: $0.weight) }
    }
    return entries.sorted { $0.weight > $1.weight }
  }

  /// An estimator fitted to the current rows, which later changes do not affect.
  ///
  /// - Throws: ``KernelRegressionError`` if there are no rows.
  /// - Complexity: O(n·(d + p)).
  public func estimator() throws(KernelRegressionError) -> KernelSmoother {
    try estimator(of: rows.names)
  }

  private func estimator(
    of names: [MovingKeys.Name], emptyWindow: EmptyWindowPolicy? = nil,
    computation: Computation? = nil
  ) throws(KernelRegressionError) -> KernelSmoother {
    let found = names.map(rows.row)
    let isWeighted = found.contains { $0.weight != 1 }
    return try KernelSmoother(
      Sample(
        keys: Points(
          rowMajor: found.flatMap(\.key), dimension: similarity.bandwidths.count),
        values: (0..<valueCount).map { column in found.map { $0.columns[column] } },
        weights: isWeighted ? found.map(\.weight) : nil),
      similarity, degree: degree, emptyWindow: emptyWindow ?? self.emptyWindow,
      computation: computation
        ?? Computation(
          Execution(threads: 1, instructions: execution.instructions), queryCount: 1))
  }

  /// Each query's polynomial from the rows that matter to it; where these determine a lower degree, from
  /// all rows, because one whose weight underflows may still decide.
  private func polynomials(at queries: Points) throws(KernelRegressionError) -> Predictions {
    let fits = fits(at: queries)
    try execution.checkCancellation()
    var estimates = (0..<valueCount).map { _ in [Double](repeating: .nan, count: queries.count) }
    var empty: [Int] = []
    var lowered: [Predictions.LoweredDegree] = []
    var whole: KernelSmoother?
    for query in queries.indices {
      guard let fit = fits[query] else {
        empty.append(query)
        continue
      }
      var found = try fit.predictions.get()
      if !found.loweredDegrees.isEmpty, fit.rowCount < count {
        let all: KernelSmoother
        if let whole {
          all = whole
        } else {
          all = try estimator(of: rows.names, emptyWindow: .notANumber)
        }
        whole = all
        found = try all.predict(at: .points(queries.selecting(query..<query + 1)))
      }
      for column in 0..<valueCount { estimates[column][query] = found.estimates[column][0] }
      lowered += found.loweredDegrees.map {
        .init(query: query, degree: $0.degree, attainableDegree: $0.attainableDegree)
      }
    }
    try fill(empty, of: &estimates, at: queries)
    return Predictions(
      estimates: estimates, emptyWindows: empty, loweredDegrees: lowered,
      effectiveSampleSizes: nil, nearestDistances: nil)
  }

  /// A query's polynomial from the rows that matter to it, and their number.
  private typealias Fit = (
    predictions: Result<Predictions, KernelRegressionError>, rowCount: Int
  )

  /// The fits on all threads, each of which holds the rows of one query at a time; nil where no row
  /// supports a query.
  private func fits(at queries: Points) -> [Fit?] {
    var fits = [Fit?](repeating: nil, count: queries.count)
    fits.withUnsafeMutableBufferPointer { fits in
      // Each query writes only to its own place.
      nonisolated(unsafe) let fits = fits
      rows.forEachQuery(queries, execution: execution.unreported) { query, weights in
        guard !weights.isEmpty else { return }
        let predictions = Result { () throws(KernelRegressionError) -> Predictions in
          try estimator(of: weights.map(\.key), emptyWindow: .notANumber)
            .predict(at: .points(queries.selecting(query..<query + 1)))
        }
        fits[query] = (predictions, weights.count)
      }
    }
    return fits
  }

  /// Replaces missing estimates according to the policy.
  private func fill(
    _ empty: [Int], of estimates: inout [[Double]], at queries: Points
  ) throws(KernelRegressionError) {
    guard let first = empty.first else { return }
    func mean(of names: [MovingKeys.Name], _ column: Int) -> Double {
      let found = names.map(rows.row)
      let total = found.reduce(0) { $0 + $1.weight }
      return found.reduce(0) { $0 + $1.weight / total * $1.columns[column] }
    }
    switch emptyWindow {
    case .notANumber: break
    case .fail:
      let place = queries[first].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(.emptyWindow, "no row supports query \(first) at \(place)")
    case _ where count == 0: break
    case .mean:
      for column in 0..<valueCount {
        let mean = mean(of: rows.names, column)
        for query in empty { estimates[column][query] = mean }
      }
    case .nearest:
      for query in empty {
        let nearest = rows.nearestKeys(to: queries[query]).keys
        for column in 0..<valueCount { estimates[column][query] = mean(of: nearest, column) }
      }
    }
  }

  private func validate(_ queries: Points) throws(KernelRegressionError) {
    guard queries.dimension == similarity.bandwidths.count else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "queries have dimension \(queries.dimension), but keys have dimension \(similarity.bandwidths.count)"
      )
    }
    try Sample.validateFinite(queries, called: "query")
  }
}
