extension Predictions {
  /// The same at some of the queries.
  func restricted(to places: [Int]) -> Predictions {
    var numbers: [Int: Int] = [:]
    for (number, place) in places.enumerated() { numbers[place] = number }
    func some(_ column: [Double]) -> [Double] { places.map { column[$0] } }
    return Predictions(
      estimates: estimates.map(some), gradients: gradients?.map { $0.map(some) },
      emptyWindows: emptyWindows.compactMap { numbers[$0] }.sorted(),
      loweredDegrees: loweredDegrees.compactMap { lowered in
        numbers[lowered.query].map(lowered.asked(at:))
      }.sorted { $0.query < $1.query },
      extrapolations: extrapolations.compactMap { numbers[$0] }.sorted(),
      effectiveSampleSizes: effectiveSampleSizes.map(some),
      nearestDistances: nearestDistances.map(some))
  }

  /// The predictions of several groups of queries, each with its queries' places among all.
  init(
    merging parts: [(predictions: Predictions, places: [Int])], count: Int, valueCount: Int
  ) {
    func merged(_ column: (Predictions) -> [Double]?) -> [Double]? {
      var all = [Double](repeating: .nan, count: count)
      for (predictions, places) in parts {
        guard let own = column(predictions) else { return nil }
        for (number, place) in places.enumerated() { all[place] = own[number] }
      }
      return all
    }
    func all(_ numbers: (Predictions) -> [Int]) -> [Int] {
      parts.flatMap { part in numbers(part.predictions).map { part.places[$0] } }.sorted()
    }
    let inputCount = parts.first?.predictions.gradients?.first?.count
    self.init(
      estimates: (0..<valueCount).map { value in
        merged { $0.estimates[value] } ?? []
      },
      gradients: inputCount.map { inputCount in
        (0..<valueCount).map { value in
          (0..<inputCount).map { input in merged { $0.gradients?[value][input] } ?? [] }
        }
      },
      emptyWindows: all(\.emptyWindows),
      loweredDegrees: parts.flatMap { part in
        part.predictions.loweredDegrees.map { $0.asked(at: part.places[$0.query]) }
      }.sorted { $0.query < $1.query },
      extrapolations: all(\.extrapolations),
      effectiveSampleSizes: merged(\.effectiveSampleSizes),
      nearestDistances: merged(\.nearestDistances))
  }
}

extension Predictions.LoweredDegree {
  /// The same with another query number.
  fileprivate func asked(at query: Int) -> Self {
    Self(query: query, degree: degree, attainableDegree: attainableDegree)
  }
}
