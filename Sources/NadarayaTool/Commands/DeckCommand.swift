import ArgumentParser
import FoundationEssentials

/// The whole story of attention pooling on one page.
struct DeckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deck",
    abstract: "Tell the whole story on one page, on synthetic data.",
    discussion: """
      Draws N points of 2 sin x + x + noise (the very numbers that torch draws for the seed), fits \
      them with four kernels and four bandwidths, and writes index.html with five figures beside \
      it, and the numbers: train.csv, fits.csv, weights.csv.

      nadaraya deck
      nadaraya deck --seed 7 --points 200 --output story
      """)

  @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the data.", valueName: "n"))
  var seed = 0

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number of training points.", valueName: "n"))
  var points = 40

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"),
    completion: .directory)
  var output = "deck"

  private static let mostPoints = 20_000

  func run() async throws {
    guard points >= 2 else {
      throw Failure.usage("--points \(points) is less than 2, the minimum for leave-one-out")
    }
    guard points <= Self.mostPoints else {
      throw Failure.usage(
        "--points \(points) is more than the \(Self.mostPoints) that a page can show",
        hint: "nadaraya predict takes tables of any size")
    }
    let bar = ProgressBar("fitting")
    let story = try DeckStory(seed: seed, count: points, progress: bar.report)
    bar.finish()
    try makeFolder()
    try story.write(to: output)
    print(story.summary)
    print("page: \(output)/index.html")
  }

  private func makeFolder() throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    } catch {
      let exists = FileManager.default.fileExists(atPath: output)
      throw Failure(
        .cannotWrite,
        "cannot create the folder \"\(output)\"" + (exists ? ": a file of that name exists" : ""))
    }
  }
}
