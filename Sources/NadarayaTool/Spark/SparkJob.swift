import Nadaraya

/// What a statement computes: sums of a table's rows at some queries.
struct SparkJob {
  let table: SparkTable
  let similarity: Similarity
  let degree: Int
  /// Shape [m, d], labels as level numbers after the continuous inputs.
  let queries: Points
  /// The number of partitions into which rows are dealt first; nil leaves them as the files lie.
  let partitions: Int?
}

/// Who computes the sums on the executors.
enum SparkEngine: String, CaseIterable {
  /// The program itself, shipped to the executors.
  case native
  /// Spark's own SQL.
  case sql
}
