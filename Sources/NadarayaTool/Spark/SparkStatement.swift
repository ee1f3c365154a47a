/// The statement of a job, and the settings before it.
///
/// The result has a line for each query, in any order: query, used, skipped, state. Query −1 stands for the
/// table as a whole: rows used, rows left out, and what identifies the job. Whatever goes wrong on an executor
/// ends the statement with `raise_error`; a result is complete or there is none.
enum SparkStatement {
  /// Settings under which no row is lost silently and texts are taken literally.
  static let settings = """
    SET spark.sql.files.ignoreCorruptFiles=false;
    SET spark.sql.files.ignoreMissingFiles=false;
    SET spark.sql.parser.escapedStringLiterals=false;
    SET spark.sql.variable.substitute=false;
    """

  private static let rowFormat = #"ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'"#

  /// A script's answer: five fields a line.
  private static func transform(_ columns: [String], by command: String) -> String {
    """
    SELECT TRANSFORM (\(columns.joined(separator: ", ")))
      \(rowFormat)
      USING '\(command)'
      AS (query BIGINT, used BIGINT, skipped BIGINT, state STRING, fault STRING)
      \(rowFormat)
    """
  }

  /// A script's answer, checked: a line that reports a fault, or cannot be read, ends the job.
  private static let checked = """
    SELECT CASE WHEN fault <> '' THEN CAST(raise_error(fault) AS BIGINT)
                WHEN query IS NULL OR used IS NULL OR skipped IS NULL
                THEN CAST(raise_error('an executor gave a line that is not of sums') AS BIGINT)
                ELSE query END AS query, used, skipped, state
    """

  /// One row that is left out goes through the script, so that a program or a file that is not there is told
  /// apart from a fault of the rows.
  static func check(_ table: SparkTable, scripts: SparkScripts) -> String {
    let columns = table.columns.map(\.alias)
    let row = columns.map { "CAST(NULL AS DOUBLE) AS \($0)" }.joined(separator: ", ")
    return """
      SELECT concat('the executors run the program, which read ', CAST(used + skipped AS STRING), ' row') AS checked
      FROM (
      \(checked.indented(by: 2))
        FROM (
      \(transform(columns, by: scripts.map).indented(by: 4))
          FROM (SELECT \(row))
        )
      )
      WHERE query = -1;
      """
  }

  /// The sums by the shipped program: each partition's, then those of each query merged.
  static func native(
    _ table: SparkTable, partitions: Int?, scripts: SparkScripts
  ) -> String {
    let map = """
      \(transform(table.columns.map(\.alias), by: scripts.map))
      FROM (
      \(rows(table, partitions: partitions).indented(by: 2))
      )
      """
    let merge = """
      \(transform(["query", "used", "skipped", "state"], by: scripts.merge))
      FROM (
      \(checked.indented(by: 2))
        FROM (
      \(map.indented(by: 4))
        )
        DISTRIBUTE BY query
      )
      """
    return """
      SELECT query, used, skipped,
        CASE WHEN query = -1 AND used + skipped <> (SELECT count(*) FROM \(table.source))
             THEN CAST(raise_error(concat('the executors read ', CAST(used + skipped AS STRING), ' rows of ',
               CAST((SELECT count(*) FROM \(table.source)) AS STRING))) AS STRING)
             WHEN state IS NULL THEN CAST(raise_error('an executor gave a line without sums') AS STRING)
             ELSE state END AS state
      FROM (
      \(checked.indented(by: 2))
        FROM (
      \(merge.indented(by: 4))
        )
      );
      """
  }

  /// The checked rows, distributed over the requested number of partitions.
  static func rows(_ table: SparkTable, partitions: Int?) -> String {
    let rows = SparkRows(table: table).text()
    guard let partitions else { return rows }
    return """
      SELECT /*+ REPARTITION(\(partitions)) */ * FROM (
      \(rows.indented(by: 2))
      )
      """
  }
}
