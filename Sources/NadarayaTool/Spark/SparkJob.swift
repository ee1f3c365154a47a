import Nadaraya

/// What a statement computes: sums of a table's rows at some queries.
struct SparkJob {
  let table: SparkTable
  /// The sums of no rows, to which those of the table are added.
  let sums: PartialSums
  /// The number of partitions into which rows are dealt first; nil leaves them as the files lie.
  let partitions: Int?

  var similarity: Similarity { sums.similarity }
  var degree: Int { sums.degree }
  /// Shape [m, d], labels as level numbers after the continuous inputs.
  var queries: Points { sums.queries }

  /// What tells this job's sums from those of another.
  var signature: String { sums.signature }
}

/// Who computes the sums on the executors.
enum SparkEngine: String, CaseIterable {
  /// The program itself, shipped to the executors.
  case native
  /// Spark's own SQL.
  case sql
}
