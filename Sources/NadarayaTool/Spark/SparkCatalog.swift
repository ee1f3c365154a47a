import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the user's Spark looks up tables by name.
///
/// Without a word about it spark-sql starts a Hive metastore of its own, which leaves a database and a log in
/// the folder one stands in. Where nothing speaks of Hive, and no such database is there, a catalog in memory
/// does the same.
struct SparkCatalog {
  /// Whether Hive is configured, or the database of an earlier start may hold the table.
  let isHive: Bool

  /// - Parameters:
  ///   - program: the path of spark-sql.
  ///   - options: those that the user gives it.
  init(program: String, options: [String]) {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let folder = URL(fileURLWithPath: program).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let settings =
      variable("SPARK_CONF_DIR") ?? "\(variable("SPARK_HOME") ?? folder)/conf"
    let folders =
      [settings] + ["HADOOP_CONF_DIR", "YARN_CONF_DIR", "HIVE_CONF_DIR"].compactMap(variable)
    let file = Self.propertiesFile(options) ?? "\(settings)/spark-defaults.conf"
    isHive =
      folders.contains { FileManager.default.fileExists(atPath: "\($0)/hive-site.xml") }
      || FileManager.default.fileExists(atPath: "metastore_db")
      || (options + [variable("SPARK_SUBMIT_OPTS") ?? ""]).contains(where: Self.speaksOfHive)
      || Self.lines(of: file).contains(where: Self.speaksOfHive)
  }

  /// Options of spark-sql, which later ones override.
  var options: [String] {
    isHive ? [] : ["--conf", "spark.sql.catalogImplementation=in-memory"]
  }

  private static func speaksOfHive(_ text: some StringProtocol) -> Bool {
    let text = text.lowercased()
    return ["hive", "catalogimplementation", "javax.jdo"].contains { text.contains($0) }
  }

  private static func propertiesFile(_ options: [String]) -> String? {
    let option = "--properties-file"
    if let place = options.lastIndex(of: option), place + 1 < options.count {
      return options[place + 1]
    }
    return options.last { $0.hasPrefix(option + "=") }.map {
      String($0.dropFirst(option.count + 1))
    }
  }

  /// The lines of a file that are not comments; none where it cannot be read.
  private static func lines(of file: String) -> [Substring] {
    let text = (try? String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)) ?? ""
    return text.split(whereSeparator: \.isNewline).filter { $0.first { $0 != " " } != "#" }
  }
}
