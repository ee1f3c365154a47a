import Nadaraya

/// The same sums in Spark's own SQL.
///
/// Every row is compared with every query. A weight that decays is exp(L)·ω with L between 0 and −∞; to sum
/// such weights without knowing the largest, keys are grouped by query and bucket, the multiple of 600 nearest to L, and
/// summed as exp(L − 600·bucket), which lies between e⁻³⁰⁰ and e³⁰⁰. The nearest bucket of a query has the
/// digits; of the next the first may need a few, all others are below e⁻³⁰⁰ of it. A logarithm of −10⁵ has
/// lost six digits, so what lies beyond is gathered in a last bucket, which ends the job where it is a query's
/// only one.
extension SparkStatement {
  private static let width = 600.0
  private static let lastBucket = 167.0

  /// The statement of pure SQL.
  static func sql(_ job: SparkJob) -> String {
    let table = job.table
    let labels = table.labelColumns.map(\.alias)
    let inputs = Array(table.inputAliases.prefix(table.keyNames.count))
    let values = table.valueNames.indices.map { "y\($0)" }
    let weight = SparkWeight(job.similarity, inputs: inputs, labels: labels)
    var pairs = """
      SELECT *\(labels.isEmpty ? "" : ", \(weight.labelWeight) AS label_weight")
      FROM given CROSS JOIN queries
      WHERE \(table.columns[0].alias) IS NOT NULL\(table.weightName == nil ? "" : " AND w > 0")
      """
    for layer in weight.layers where !layer.isEmpty {
      let columns = layer.map { "\($0.expression) AS \($0.name)" }.joined(separator: ",\n  ")
      pairs = "SELECT *, \(columns)\nFROM (\n\(pairs.indented(by: 2))\n)"
    }
    if job.degree == 1 {
      let scaled = zip(inputs, job.similarity.bandwidths).map {
        "(\($0) - q\($0)) * \(SQLText.number(1 / $1)) AS v_\($0)"
      }
      pairs = "SELECT *, \(scaled.joined(separator: ", "))\nFROM (\n\(pairs.indented(by: 2))\n)"
    }
    let observation = table.weightName == nil ? "" : " * w"
    if !labels.isEmpty {
      pairs = "SELECT *\nFROM (\n\(pairs.indented(by: 2))\n)\nWHERE label_weight > 0"
    }
    if weight.isLogarithm {
      let bucket = "greatest(rint(l / \(SQLText.number(width))), \(SQLText.number(-lastBucket)))"
      pairs = """
        SELECT *, exp(l - \(SQLText.number(width)) * bucket)\(observation) AS e
        FROM (
          SELECT *, \(bucket) AS bucket
          FROM (
            SELECT *, log_weight\(labels.isEmpty ? "" : " + ln(label_weight)") AS l
            FROM (
        \(pairs.indented(by: 6))
            )
          )
        )
        """
    } else {
      pairs = """
        SELECT *, 0D AS bucket, factor\(labels.isEmpty ? "" : " * label_weight")\(observation) AS e
        FROM (
        \(pairs.indented(by: 2))
        )
        WHERE factor > 0
        """
    }
    let sums = sums(job.degree, inputs: inputs, values: values)
    let farAway = "the SQL engine has too few digits for queries as far from all keys as query "
    return """
      WITH given AS (
      \(rows(table, partitions: job.partitions).indented(by: 2))
      ),
      queries (\((["query"] + table.inputAliases.map { "q\($0)" }).joined(separator: ", "))) AS (
        SELECT * FROM VALUES
      \(queryRows(job).indented(by: 4))
      ),
      pairs AS (
      \(pairs.indented(by: 2))
      ),
      sums AS (
        SELECT query, bucket,
          \(sums.map { "\($0.sum) AS \($0.name)" }.joined(separator: ",\n    "))
        FROM pairs
        GROUP BY query, bucket
      )
      SELECT -1L AS query, count(\(table.columns[0].alias)) AS used, count(*) - count(\(table.columns[0].alias)) AS skipped,
        \(total(job.signature, first: table.columns[0].alias, values: values, hasWeights: table.weightName != nil)) AS state
      FROM given
      UNION ALL
      SELECT query, 0L AS used, 0L AS skipped,
        CASE WHEN bucket = \(SQLText.number(-lastBucket))
             THEN CAST(raise_error(concat('\(farAway)', CAST(query AS STRING))) AS STRING)
             ELSE \(state(job.degree, sums: sums.map(\.name), values: values)) END AS state
      FROM (SELECT *, max(bucket) OVER (PARTITION BY query) AS nearest FROM sums)
      WHERE bucket = nearest OR bucket = nearest - 1D AND bucket > \(SQLText.number(-lastBucket));
      """
  }

  private static func queryRows(_ job: SparkJob) -> String {
    let continuous = job.table.keyNames.count
    return (0..<job.queries.count).map { number in
      let fields = job.queries[number].enumerated().map { input, value in
        input < continuous ? SQLText.number(value) : "\(Int(value))"
      }
      return "(\((["\(number)L"] + fields).joined(separator: ", ")))"
    }.joined(separator: ",\n")
  }

  /// The sums of a group, in the order in which the state holds them.
  private static func sums(
    _ degree: Int, inputs: [String], values: [String]
  ) -> [(name: String, sum: String)] {
    var sums = [("s", "sum(e)")]
    guard degree == 1 else {
      return sums + values.map { ("s_\($0)", "sum(e * \($0))") }
    }
    sums += inputs.map { ("s_\($0)", "sum(e * v_\($0))") }
    for (place, input) in inputs.enumerated() {
      sums += inputs[place...].map { ("s_\(input)_\($0)", "sum(e * v_\(input) * v_\($0))") }
    }
    for value in values {
      sums.append(("s_\(value)", "sum(e * \(value))"))
      sums += inputs.map { ("s_\(value)_\($0)", "sum(e * v_\($0) * \(value))") }
    }
    return sums + inputs.flatMap { [("low_\($0)", "min(\($0))"), ("high_\($0)", "max(\($0))")] }
  }

  /// A query's state: "s", the anchor, Σw and the means, or for a line "m", the anchor and its moments.
  private static func state(_ degree: Int, sums: [String], values: [String]) -> String {
    let fields =
      degree == 1 ? sums : ["s"] + values.map { "s_\($0) / s" }
    return "concat_ws(' ', \(degree == 1 ? "'m'" : "'s'"), "
      + (["bucket * \(SQLText.number(width))", "0D"] + fields).map { "CAST(\($0) AS STRING)" }
      .joined(separator: ", ") + ")"
  }

  /// The state of the table as a whole: the signature, Σω over an anchor of 0 and the means under ω.
  private static func total(
    _ signature: String, first: String, values: [String], hasWeights: Bool
  ) -> String {
    let weight = "sum(IF(\(first) IS NULL, 0D, \(hasWeights ? "w" : "1D")))"
    let means = values.map {
      "sum(IF(\(first) IS NULL, 0D, \(hasWeights ? "w * " : "")\($0))) / \(weight)"
    }
    return "concat_ws(' ', \(SQLText.text("s " + signature + " 0 0")), "
      + ([weight] + means).map { "CAST(coalesce(\($0), 0D) AS STRING)" }.joined(separator: ", ")
      + ")"
  }
}
