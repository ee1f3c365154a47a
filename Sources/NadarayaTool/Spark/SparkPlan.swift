import Nadaraya
import Tables
import Wording

/// What the options say about a job, before Spark runs.
struct SparkPlan {
  let kernel: Kernel
  let bandwidths: [Double]
  let similarity: SimilarityOptions
  let table: SparkTable
  let queries: SparkQueryOptions

  /// - Throws: ``Failure`` for options that contradict each other, or that need all keys in one place.
  init(
    _ table: SparkTable, _ similarity: SimilarityOptions, _ queries: SparkQueryOptions
  ) throws(Failure) {
    try Self.check(similarity)
    let (kernel, choice) = try similarity.parsed(hasLabels: !table.labels.isEmpty)
    guard similarity.degree <= 1 else {
      throw .usage(
        "--degree \(similarity.degree) is not supported on a cluster", hint: "use --degree 0 or 1")
    }
    if similarity.degree == 1, table.keyNames.isEmpty {
      throw .usage("--degree 1 needs a numeric input, but all inputs are labels")
    }
    switch choice {
    case .given(let bandwidths): self.bandwidths = bandwidths
    case .method where kernel == .constant && table.labels.isEmpty:
      bandwidths = [Double](repeating: 1, count: table.keyNames.count)
    case .method:
      throw .usage(
        "no bandwidth is given, and none can be chosen, because the rows are on the cluster",
        hint: "use --bandwidth H, or --bandwidth loo --path N for the criterion at N bandwidths")
    }
    let inputs = table.inputNames.count
    if bandwidths.count != inputs, bandwidths.count > 1 || !table.labels.isEmpty {
      throw .usage(
        "--bandwidth gives \(counted(bandwidths.count, "number")) for \(counted(inputs, "input"))")
    }
    try queries.check()
    self.kernel = kernel
    self.similarity = similarity
    self.table = table
    self.queries = queries
  }

  /// Refuses what tables in parts do not support.
  static func check(_ similarity: SimilarityOptions) throws(Failure) {
    if similarity.neighbors != nil || similarity.adaptive {
      throw .usage(
        "--neighbors is not supported on a cluster, because it spreads the nearest keys of a query",
        hint: "--bandwidth H says how far to look")
    }
    if similarity.causal { throw .usage("--causal is not supported on a cluster") }
    if similarity.empty == .nearest {
      throw .usage(
        "--empty nearest is not supported on a cluster, because the sums do not include the nearest key",
        hint: "use --empty nan, mean or fail")
    }
  }

  /// Whether the table must be surveyed before its job can be written.
  var needsSurvey: Bool { queries.grid != nil || !table.labels.isEmpty }

  /// The job, given what the survey found.
  func job(
    _ survey: SparkSurvey?, orders: [String], partitions: Int?
  ) async throws -> SparkJob {
    var table = table
    if let survey { table.labels = try survey.labels(of: table, orders: orders) }
    let data = DataTable(
      source: table.name, keyNames: table.keyNames, keyColumns: survey?.ranges ?? [],
      labels: table.labels, factorCount: table.factorCount, valueNames: table.valueNames,
      values: [],
      observationWeights: nil, rowCount: survey?.rowCount ?? 0)
    let queries = try await queries.options.queries(
      for: data, missing: table.missing, text: queries.text)
    guard queries.count > 0 else { throw Failure(.badData, "there are no queries") }
    let sums = try PartialSums(
      queries: queries,
      similarity: table.question.similarity(kernel, bandwidths, similarity),
      valueCount: table.valueNames.count, degree: similarity.degree)
    return SparkJob(table: table, sums: sums, partitions: partitions)
  }
}
