import ArgumentParser
import Nadaraya
import Tables

/// A saved model in place of a table and the options about it.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model saved by nadaraya learn, instead of a table and the options about data and "
        + "similarity.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var model: String?

  /// Reads the data or the model, and prepares what pools the values.
  ///
  /// - Parameters:
  ///   - place: makes a command's own queries; nil for those of the options.
  ///   - needsOneSimilarity: whether a command shows weights, so that all value columns must share them.
  ///   - needsOneBandwidth: whether a command's result assumes one bandwidth at all times.
  ///   - check: checks what a command requires of the data, before any time is spent on them.
  func run(
    _ data: DataOptions, _ queries: QueryOptions, _ similarity: SimilarityOptions,
    _ score: ScoreOptions, _ compute: ComputeOptions, needsValues: Bool = true,
    needsOneSimilarity: Bool = false, needsOneBandwidth: Bool = false,
    placing place: (DataTable) throws -> Points? = { _ in nil },
    checking check: (DataTable, Points) throws -> Void = { _, _ in }
  ) async throws -> Run {
    guard let model else {
      return try await Run(
        data, queries, similarity, score, compute, needsValues: needsValues,
        needsOneSimilarity: needsOneSimilarity, needsOneBandwidth: needsOneBandwidth,
        placing: place, checking: check)
    }
    if let data = data.data {
      throw Failure.usage("--model contains its own data, so \"\(data)\" cannot be given")
    }
    for option in try data.columns.given + similarity.given() + score.given + compute.givenOfEngine
    {
      throw Failure.usage(
        "\(option) cannot be combined with --model, which sets the data and the similarity")
    }
    return try await Run(
      model: model, queries, compute, missing: data.missing, text: data.text, placing: place,
      checking: check)
  }
}

extension SimilarityOptions {
  /// The options that differ from their defaults.
  fileprivate func given() throws -> [String] {
    let usual = try SimilarityOptions.parse([])
    return [
      ("--kernel", kernel == usual.kernel), ("--bandwidth", bandwidth == usual.bandwidth),
      ("--degree", degree == usual.degree), ("--factor-kernel", factorKernel == usual.factorKernel),
      ("--ordered-kernel", orderedKernel == usual.orderedKernel),
      ("--neighbors", neighbors == nil), ("--adaptive", !adaptive),
      ("--common-bandwidth", !commonBandwidth), ("--causal", !causal),
      ("--radial", combination == usual.combination), ("--empty", empty == usual.empty),
    ].filter { !$0.1 }.map(\.0)
  }
}

extension ComputeOptions {
  fileprivate var givenOfEngine: [String] {
    (engine == .automatic ? [] : ["--engine"]) + (accuracy == nil ? [] : ["--accuracy"])
  }
}
