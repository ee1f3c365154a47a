import Nadaraya

/// What a statement computes: sums of a table's rows at some queries.
struct SparkJob {
  let table: SparkTable
  /// Empty sums, to which those of the table are added.
  let sums: PartialSums
  /// The number of partitions over which rows are distributed first; nil keeps those of the files.
  let partitions: Int?

  var similarity: Similarity { sums.similarity }
  var degree: Int { sums.degree }
  /// Shape [m, d], labels as level numbers after the continuous inputs.
  var queries: Points { sums.queries }

  /// Distinguishes this job's sums from those of other jobs.
  var signature: String { sums.signature }
}

/// What computes the sums on the executors.
enum SparkEngine: String, CaseIterable {
  /// The program itself, shipped to the executors.
  case native
  /// Spark's own SQL.
  case sql
}

/// Leave-one-out errors of some rows of a table at some bandwidths, with every row as a key.
struct SparkPathJob {
  let table: SparkTable
  let kernel: Kernel
  let bandwidths: [Double]
  /// The rows whose errors are computed, in the order of the table's columns: keys, values, perhaps a weight.
  let rows: [[Double]]

  private func column(_ place: Int) -> [Double] { rows.map { $0[place] } }

  private var values: [[Double]] { table.valueNames.indices.map { column(1 + $0) } }
  private var weights: [Double]? {
    table.weightName == nil ? nil : column(1 + table.valueNames.count)
  }

  /// Empty errors, to which those of the table are added.
  var sums: PartialLeaveOneOut {
    get throws {
      try PartialLeaveOneOut(
        Sample(keys: Points(column(0)), values: values, weights: weights),
        similarities: bandwidths.map { Similarity(kernel, bandwidths: [$0]) })
    }
  }

  /// The rows as a table under the aliases of their columns.
  var file: ShippedFile {
    let lines =
      [table.columns.map(\.alias)] + rows.map { $0.map { "\($0)" } }
    let text = lines.map { $0.joined(separator: ",") + "\n" }.joined()
    return ShippedFile("rows", ending: ".csv", Array(text.utf8))
  }
}

/// A requested path, and the number of rows whose errors are computed.
struct SparkPath {
  let ends: PathEnds
  let sample: Int

  init(count: Int, from: Double?, to: Double?, sample: Int) throws(Failure) {
    ends = try PathEnds(count: count, from: from, to: to)
    if sample < 2 { throw .usage("--sample \(sample) is fewer than 2 rows") }
    if count > 100_000_000 / sample {
      throw .usage(
        "--path \(count) at \(sample) rows makes more than 1e8 sums for each partition",
        hint: "--sample N uses fewer rows")
    }
    self.sample = sample
  }

  /// The bandwidths, between the given ends or those that the rows suggest.
  func bandwidths(_ kernel: Kernel, over rows: [[Double]], of table: SparkTable) throws -> [Double]
  {
    try ends.bandwidths(
      within: BandwidthCriterion(
        .leaveOneOut,
        of: Sample(
          keys: Points(rows.map { $0[0] }),
          values: table.valueNames.indices.map { value in rows.map { $0[1 + value] } }),
        similarity: Similarity(kernel)
      ).range)
  }
}
