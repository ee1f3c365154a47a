import Nadaraya
import Tables

extension Run {
  /// Reads a model, which holds its own data, and the queries.
  ///
  /// - Parameters:
  ///   - path: the model's file, or `-` for standard input.
  ///   - missing: what becomes of queries with missing values.
  ///   - text: how tables in text are written.
  ///   - place: makes a command's own queries; nil for those of the options.
  ///   - check: checks what a command requires of the data, before any time is spent on them.
  init(
    model path: String, _ queryOptions: QueryOptions, _ compute: ComputeOptions,
    missing: MissingPolicy, text: TextOptions, placing place: (DataTable) throws -> Points?,
    checking check: (DataTable, Points) throws -> Void
  ) async throws {
    try queryOptions.check(path)
    let timings = Timings()
    let bar = ProgressBar("computing")
    var execution = try compute.execution()
    var model = try timings.measure(.read) { try ModelFile.read(path) }
    let data = DataTable(model, source: path)
    let queries = try await timings.measure(.read) {
      if let own = try place(data) { return own }
      return try await queryOptions.queries(for: data, missing: missing, text: text)
    }
    try check(data, queries)
    execution.progress = bar.report
    model.execution = execution
    self.init(
      data: data, queries: queries,
      parts: [EstimatorPart(estimator: .model(model), values: data.valueNames.indices)],
      omitsOwnKey: queryOptions.leaveOneOut, timings: timings, bar: bar, compute: compute)
    if compute.verbose { describe("model: \(model.words)") }
  }

  private var isModel: Bool { if case .model = estimator { true } else { false } }

  /// The local polynomial that intervals belong to.
  func polynomialWithIntervals(_ estimator: Estimator) throws(Failure) -> KernelSmoother {
    guard let polynomial = estimator.polynomial else {
      throw .usage(
        "intervals are not available for \(isModel ? "a learned model" : "other scores and shares")"
      )
    }
    return polynomial
  }
}

extension DataTable {
  /// The rows that a model contains; columns without a name are named like those of an array.
  init(_ model: LearnedModel, source: String) {
    let count = model.keys.dimension
    let continuousCount = model.similarity.continuousCount
    let names = model.inputNames ?? (0..<count).map { "c\($0)" }
    let labels = model.similarity.levelCounts.enumerated().map { factor, levelCount in
      LabelColumn(
        name: names[continuousCount + factor],
        levels: model.levels.isEmpty
          ? (0..<levelCount).map { "\($0)" } : model.levels[factor],
        numbers: model.keys.column(continuousCount + factor))
    }
    self.init(
      source: source, keyNames: Array(names.prefix(continuousCount)),
      keyColumns: (0..<continuousCount).map(model.keys.column), labels: labels,
      factorCount: labels.count,
      valueNames: model.valueNames ?? model.values.indices.map { "c\(count + $0)" },
      values: model.values, observationWeights: model.observationWeights, rowCount: model.keys.count
    )
  }
}
