import Nadaraya

/// Leave-one-out errors of some rows of a table at some bandwidths, every row being a key.
struct SparkPathJob {
  let table: SparkTable
  let kernel: Kernel
  let bandwidths: [Double]
  /// The rows asked about, in the order of the table's columns: keys, values, perhaps a weight.
  let rows: [[Double]]

  private func column(_ place: Int) -> [Double] { rows.map { $0[place] } }

  private var values: [[Double]] { table.valueNames.indices.map { column(1 + $0) } }
  private var weights: [Double]? {
    table.weightName == nil ? nil : column(1 + table.valueNames.count)
  }

  /// The errors from no keys, to which those of the table are added.
  var sums: PartialLeaveOneOut {
    get throws {
      try PartialLeaveOneOut(
        keys: Points(column(0)), values: values, observationWeights: weights,
        similarities: bandwidths.map { Similarity(kernel: kernel, bandwidths: [$0]) })
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

/// A path that is asked for: N bandwidths, even in their logarithm.
struct SparkPath {
  let count: Int
  let from: Double?
  let to: Double?
  /// How many rows are asked about.
  let sample: Int

  init(count: Int, from: Double?, to: Double?, sample: Int) throws(Failure) {
    if count < 2 { throw .usage("--path \(count) is fewer than 2 bandwidths") }
    if sample < 2 { throw .usage("--sample \(sample) is fewer than 2 rows") }
    if count > 100_000_000 / sample {
      throw .usage(
        "--path \(count) with \(sample) rows asked about makes more than 1e8 sums for each partition",
        hint: "--sample N asks about fewer rows")
    }
    for (name, end) in [("--from", from), ("--to", to)] {
      guard let end else { continue }
      if !(end.isNormal && end > 0) { throw .usage("\(name) \(end) is not a positive number") }
    }
    if let from, let to, from >= to { throw .usage("--from \(from) is not below --to \(to)") }
    self.count = count
    self.from = from
    self.to = to
    self.sample = sample
  }

  /// The bandwidths, between the ends that are given or those that the rows suggest.
  func bandwidths(_ kernel: Kernel, over rows: [[Double]], of table: SparkTable) throws -> [Double]
  {
    if let from, let to { return bandwidthPath(from: from, to: to, count: count) }
    let usual = try BandwidthCriterion(
      .leaveOneOut, keys: Points(rows.map { $0[0] }),
      values: table.valueNames.indices.map { value in rows.map { $0[1 + value] } }, kernel: kernel
    ).range
    let (first, last) = (from ?? usual.lowerBound, to ?? usual.upperBound)
    guard first < last else {
      throw Failure.usage(
        from == nil
          ? "--to \(last) is not above \(first), where the path would begin"
          : "--from \(first) is not below \(last), where the path would end",
        hint: "--from and --to together say where it runs")
    }
    return bandwidthPath(from: first, to: last, count: count)
  }
}
