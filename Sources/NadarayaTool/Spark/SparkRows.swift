import Tables

/// The rows of a table as numbers, each checked before it is used.
///
/// A row is *kept* where every column holds what its role wants. Otherwise it is *wrong* where a column
/// holds something else than a number of its role or nothing, and *missing* where all it lacks is a value.
/// Wrong rows end the job with their content, missing ones do or are left out, by `--missing`. A row left
/// out has NULL in its first column, so that those who read rows can count it.
///
/// The cheap question, whether the numbers are numbers, comes first; texts are looked at only where its
/// answer is no.
struct SparkRows {
  let table: SparkTable

  /// A SELECT of the columns under their aliases, level numbers in place of labels.
  ///
  /// - Parameter levelsAreKnown: whether labels become numbers; a survey wants their texts, and a label is
  ///   kept whatever it is.
  func text(levelsAreKnown: Bool = true) -> String {
    let columns = table.columns
    let first = columns[0]
    let fault = columns.map { self.fault($0, levelsAreKnown) }.joined(separator: ",\n")
    let content = columns.flatMap { [SQLText.text($0.name), given($0)] }.joined(separator: ", ")
    let type = type(first, levelsAreKnown)
    return """
      SELECT
        CASE WHEN kept THEN \(first.alias)
             WHEN fault IS NOT NULL THEN CAST(raise_error(concat(fault, ' in the row ', content)) AS \(type))
        END AS \(first.alias)\(columns.dropFirst().map { ", \($0.alias)" }.joined())
      FROM (
        SELECT \(columns.map(\.alias).joined(separator: ", ")), kept,
          CASE WHEN NOT kept THEN coalesce(
      \(fault.indented(by: 6)),
            CAST(NULL AS STRING)) END AS fault,
          CASE WHEN NOT kept THEN to_json(named_struct(\(content)), map('ignoreNullFields', 'false')) END AS content
        FROM (
          SELECT *, coalesce(\(columns.map { isGood($0, levelsAreKnown) }.joined(separator: " AND ")), false) AS kept
          FROM (
            SELECT \(columns.map { read($0, levelsAreKnown) }.joined(separator: ",\n       "))
            FROM \(table.source)
          )
        )
      )
      """
  }

  /// The column as the table holds it.
  private func given(_ column: SparkTable.Column) -> String { "given_\(column.alias)" }

  private func type(_ column: SparkTable.Column, _ levelsAreKnown: Bool) -> String {
    guard case .label = column.kind else { return "DOUBLE" }
    return levelsAreKnown ? "INT" : "STRING"
  }

  private func read(_ column: SparkTable.Column, _ levelsAreKnown: Bool) -> String {
    let name = SQLText.name(column.name)
    let given = "\(name) AS \(given(column)), "
    guard case .label(let place) = column.kind else {
      return given + "try_cast(\(name) AS DOUBLE) AS \(column.alias)"
    }
    let text = "CAST(\(name) AS STRING)"
    guard levelsAreKnown else { return given + "\(text) AS \(column.alias)" }
    let levels = table.labels[place].levels.map(SQLText.text).joined(separator: ", ")
    return given + "CAST(array_position(array(\(levels)), \(text)) - 1 AS INT) AS \(column.alias)"
  }

  /// Whether a column holds what its role needs; NULL where it holds nothing.
  private func isGood(_ column: SparkTable.Column, _ levelsAreKnown: Bool) -> String {
    switch column.kind {
    // NaN is larger than infinity here.
    case .number: "abs(\(column.alias)) < double('Infinity')"
    case .weight: "\(column.alias) >= 0 AND \(column.alias) < double('Infinity')"
    case .label where levelsAreKnown: "\(column.alias) >= 0"
    case .label: "NOT \(isMissingText(column))"
    }
  }

  private func isMissingText(_ column: SparkTable.Column) -> String {
    let text = "lower(trim(CAST(\(given(column)) AS STRING)))"
    return
      "(\(given(column)) IS NULL OR \(text) IN ('', 'na', 'n/a', '#n/a', 'nan', 'null', 'none'))"
  }

  /// The fault of a column; NULL where there is none.
  private func fault(_ column: SparkTable.Column, _ levelsAreKnown: Bool) -> String {
    let sentence = { (words: String) in
      SQLText.text("column \"\(SQLText.shown(column.name))\" \(words)")
    }
    let missing = table.missing == .fail ? sentence("has a missing value") : "NULL"
    let wrong =
      switch column.kind {
      case .number:
        """
        WHEN \(column.alias) IS NULL THEN \(sentence("is not a number"))
             ELSE \(sentence("is not finite"))
        """
      case .weight:
        """
        WHEN \(column.alias) IS NULL THEN \(sentence("is not a number"))
             WHEN \(column.alias) < 0 THEN \(sentence("is negative"))
             ELSE \(sentence("is not finite"))
        """
      case .label: "ELSE \(sentence("holds a label that the survey did not find"))"
      }
    return """
      CASE WHEN coalesce(\(isGood(column, levelsAreKnown)), false) THEN NULL
           WHEN \(isMissingText(column)) THEN \(missing)
           \(wrong) END
      """
  }
}
