internal import KernelRegression

extension LearnedSimilarity: Codable {
  private enum CodingKeys: String, CodingKey {
    case form
    case rank
    case centers
    case scales
    case levelCounts
    case inverseBandwidths
    case metric
    case queryProjection
    case queryBias
    case keyProjection
    case temperature
  }

  /// Writes the form and the parts that belong to it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(form.name, forKey: .form)
    try container.encode(centers, forKey: .centers)
    try container.encode(scales, forKey: .scales)
    try container.encode(levelCounts, forKey: .levelCounts)
    switch form {
    case .bandwidth, .bandwidths:
      try container.encode(inverseBandwidths, forKey: .inverseBandwidths)
    case .metric(let rank):
      try container.encode(rank, forKey: .rank)
      try container.encode(metric, forKey: .metric)
    case .projections(let rank):
      try container.encode(rank, forKey: .rank)
      try container.encode(queryProjection, forKey: .queryProjection)
      try container.encode(queryBias, forKey: .queryBias)
      try container.encode(keyProjection, forKey: .keyProjection)
      try container.encode(temperature, forKey: .temperature)
    }
  }

  /// Reads a similarity.
  ///
  /// - Throws: ``ModelError`` if its form is unknown or its parts do not agree; a `DecodingError` if
  ///   something is missing or has another type.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func list(_ key: CodingKeys) throws -> [Double] {
      try container.decode([Double].self, forKey: key)
    }
    func matrix(_ key: CodingKeys) throws -> [[Double]] {
      try container.decode([[Double]].self, forKey: key)
    }
    let (centers, scales) = (try list(.centers), try list(.scales))
    let levelCounts = try container.decode([Int].self, forKey: .levelCounts)
    // Limits each count, so that their sum does not overflow; no factor has more levels than columns.
    guard levelCounts.count <= centers.count,
      levelCounts.allSatisfy({ $0 >= 1 && $0 <= centers.count })
    else {
      throw ModelError(.inconsistent, "\"levelCounts\" does not fit \(centers.count) columns")
    }
    let name = try container.decode(String.self, forKey: .form)
    do {
      func check(_ rows: Int, of name: String) throws {
        let rank = try container.decode(Int.self, forKey: .rank)
        try Self.validate(rank: rank, columns: centers.count)
        guard rank == rows else {
          throw KernelRegressionError(
            .dimensionMismatch, "the number of rows in \(name) must be \(rank), not \(rows)")
        }
      }
      let numbers: Numbers
      switch name {
      case Form.bandwidth.name:
        let inverse = try list(.inverseBandwidths)
        guard inverse.count == 1 else {
          throw KernelRegressionError(
            .dimensionMismatch, "the number of inverse bandwidths must be 1, not \(inverse.count)")
        }
        numbers = .bandwidth(inverse: inverse[0])
      case Form.bandwidths.name: numbers = .bandwidths(inverse: try list(.inverseBandwidths))
      case Form.metric(rank: 1).name:
        let metric = try matrix(.metric)
        try check(metric.count, of: "the metric")
        numbers = .metric(metric)
      case Form.projections(rank: 1).name:
        let projections = Projections(
          queries: try matrix(.queryProjection), queryBias: try list(.queryBias),
          keys: try matrix(.keyProjection),
          temperature: try container.decode(Double.self, forKey: .temperature))
        try check(projections.queries.count, of: "the projection of queries")
        numbers = .projections(projections)
      default:
        throw ModelError(
          .unknownForm,
          "\"\(name)\" is not a form of similarity: bandwidth, bandwidths, metric or projections")
      }
      try self.init(numbers, centers: centers, scales: scales, levelCounts: levelCounts)
    } catch let error as KernelRegressionError {
      throw ModelError(.inconsistent, error.description)
    }
  }
}

extension LearnedSimilarity.Form {
  /// The name in options, reports and files.
  package var name: String {
    switch self {
    case .bandwidth: "bandwidth"
    case .bandwidths: "bandwidths"
    case .metric: "metric"
    case .projections: "projections"
    }
  }
}
