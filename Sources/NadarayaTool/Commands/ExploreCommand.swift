import ArgumentParser
import Nadaraya
import Tables

/// A page where fit, attention and criterion follow a bandwidth slider.
struct ExploreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Open a page where a slider moves bandwidth, fit and attention together.",
    discussion: """
      Serves a page on this machine, opens it in the browser, and ends with Ctrl-C. Without DATA \
      it shows the deck's example. Other tables can be dropped on the page; they are not stored. \
      The options say what is shown at first, and everything can be changed on the page.

      nadaraya explore
      nadaraya explore cars.csv -x speed -y dist --kernel epanechnikov
      nadaraya explore cars.csv --port 0 --no-open
      """)

  @Argument(
    help: ArgumentHelp(
      "The table: CSV, TSV, .npy, .parquet (with duckdb), or - for CSV on standard input.",
      valueName: "data"),
    completion: .file())
  var data: String?

  @Option(
    name: .customShort("x"),
    help: ArgumentHelp(
      "Key columns, the inputs; several separated by commas, or -x again. By default the first "
        + "column of numbers.", valueName: "name"))
  var keys: [String] = []

  @Option(
    name: .customShort("y"),
    help: ArgumentHelp(
      "The value column; by default the last column of numbers.", valueName: "name"))
  var value: String?

  @Option(
    help: ArgumentHelp("A column of observation weights, finite and ≥ 0.", valueName: "name"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A row with a missing value fails the view or is dropped and counted.",
      valueName: "fail|drop"))
  var missing: MissingPolicy = .fail

  @Option(
    help: ArgumentHelp(
      "The similarity: \(Kernel.all.map(\.name).joined(separator: ", ")).", valueName: "name"),
    completion: .list(Kernel.all.map(\.name)))
  var kernel = Kernel.gaussian.name

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "One bandwidth for all inputs or one each separated by commas, by default those of the rule "
        + "of thumb; or the criterion whose curve is shown: loo, gcv, aicc.", valueName: "h"))
  var bandwidth: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The degree of the local polynomial, 0 to 3.", valueName: "d"))
  var degree = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The port to listen on; 0 takes one that is free and prints it.", valueName: "n"))
  var port = 8642

  @Option(
    help: ArgumentHelp(
      "The address to listen on; with an address other than this machine's, everybody on the "
        + "network can read the table.", valueName: "address"))
  var host = "127.0.0.1"

  @Flag(help: "Do not open a browser; the address is printed either way.")
  var noOpen = false

  func run() async throws {
    guard (0...65_535).contains(port) else {
      throw Failure.usage("--port \(port) is not between 0 and 65535")
    }
    #if Explorer
    try await serve()
    #else
    throw Failure(
      .unavailable, "this nadaraya was built without the explorer",
      hint: "build it with: swift run --traits Explorer nadaraya explore")
    #endif
  }
}
