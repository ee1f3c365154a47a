import Nadaraya
import Tables

/// The commands that executors run, by the names under which files are shipped.
///
/// Spark gives them to a shell, so they hold nothing but names and numbers.
struct SparkScripts {
  /// Reads a partition's rows, writes their sums.
  let map: String
  /// Reads sums, writes one line a query.
  let merge: String

  /// The sums of a job at its queries.
  init(_ job: SparkJob, program: String, queries: String) {
    let similarity = job.similarity
    var options = [
      "--kernel", similarity.kernel.name,
      "--bandwidth", similarity.inputBandwidths.map { "\($0)" }.joined(separator: ","),
    ]
    if similarity.combination == .radial { options.append("--radial") }
    if job.degree > 0 { options += ["--degree", "\(job.degree)"] }
    for label in similarity.labels {
      let option: [String] =
        switch label.kernel {
        case .aitchisonAitken: ["--factor-kernel", FactorKernel.aitchisonAitken.rawValue]
        case .liRacine: ["--factor-kernel", FactorKernel.liRacine.rawValue]
        case .orderedLiRacine: ["--ordered-kernel", OrderedKernel.liRacine.rawValue]
        case .wangVanRyzin: ["--ordered-kernel", OrderedKernel.wangVanRyzin.rawValue]
        }
      if !options.contains(option[0]) { options += option }
    }
    self.init(job.table, program: program, question: options + ["--at", queries])
  }

  /// The leave-one-out errors of some rows along a path of bandwidths.
  init(_ job: SparkPathJob, program: String, rows: String) {
    let path = job.bandwidths.map { "\($0)" }.joined(separator: ",")
    self.init(
      job.table, program: program,
      question: [
        "--kernel", job.kernel.name, "--leave-one-out-at", rows, "--path-bandwidths", path,
      ])
  }

  private init(_ table: SparkTable, program: String, question: [String]) {
    let columns = table.columns.map(\.alias).joined(separator: ",")
    var options: [String] = []
    func add(_ option: String, _ names: [String]) {
      if !names.isEmpty { options += [option, names.joined(separator: ",")] }
    }
    let labels = table.labelColumns.map(\.alias)
    add("-x", table.keyNames.indices.map { "x\($0)" })
    add("--factor", Array(labels.prefix(table.factorCount)))
    add("--ordered", Array(labels.dropFirst(table.factorCount)))
    for (alias, label) in zip(labels, table.labels) {
      add("--levels", ["\(alias)=" + label.levels.indices.map(String.init).joined(separator: ",")])
    }
    add("-y", table.valueNames.indices.map { "y\($0)" })
    if table.weightName != nil { add("--weights", ["w"]) }
    options += question
    options.append("--in-cluster")
    map = ([program, "partial", "-", "--columns", columns, "--threads", "1"] + options)
      .joined(separator: " ")
    merge = ([program, "merge", "--sums"] + options).joined(separator: " ")
  }
}
