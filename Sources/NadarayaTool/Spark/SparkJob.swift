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
