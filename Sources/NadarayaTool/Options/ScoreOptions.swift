import ArgumentParser
import Nadaraya
import Wording

/// How well a key answers a query, and how scores become shares, where that is not a kernel's weights.
struct ScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How well a key matches a query: the logarithm of --kernel, q·k over the temperature, or "
        + "the cosine over the temperature.",
      valueName: ScoreName.allCases.map(\.rawValue).joined(separator: "|")))
  var score: ScoreName = .kernel

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number that products and cosines are divided by; √(number of inputs) for products and "
        + "1 for cosines unless given.",
      valueName: "t"))
  var temperature: Double?

  @Option(
    help: ArgumentHelp(
      "How scores become weights: softmax gives every key a share; sparsemax and entmax give "
        + "most keys none.",
      valueName: NormalizationName.allCases.map(\.rawValue).joined(separator: "|")))
  var normalization: NormalizationName = .softmax

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "α of entmax: near 1 it approaches softmax, and 2 is sparsemax; 1.5 unless given.",
      valueName: "a"))
  var alpha: Double?

  enum ScoreName: String, CaseIterable, ExpressibleByArgument {
    case kernel
    case dotProduct = "dot-product"
    case cosine
  }

  enum NormalizationName: String, CaseIterable, ExpressibleByArgument {
    case softmax
    case sparsemax
    case entmax
  }

  /// Whether attention is that of a kernel estimator.
  var isPlain: Bool { score == .kernel && normalization == .softmax }

  /// The options that were given.
  var given: [String] {
    [
      ("--score", score == .kernel), ("--temperature", temperature == nil),
      ("--normalization", normalization == .softmax), ("--alpha", alpha == nil),
    ].filter { !$0.1 }.map(\.0)
  }

  /// Options that contradict each other.
  func check(_ similarity: SimilarityOptions, _ data: DataOptions) throws(Failure) {
    if let temperature {
      if score == .kernel {
        throw .usage(
          "--temperature needs --score dot-product or cosine", hint: "a kernel uses --bandwidth")
      }
      if !(temperature.isNormal && temperature > 0) {
        throw .usage("--temperature \(temperature) is not a positive number")
      }
    }
    if let alpha {
      if normalization != .entmax { throw .usage("--alpha needs --normalization entmax") }
      if !(alpha > 1 && alpha.isFinite) { throw .usage("--alpha \(alpha) is not above 1") }
    }
    guard !isPlain else { return }
    let option = score == .kernel ? "--normalization" : "--score"
    if similarity.degree > 0 { throw .usage("\(option) needs --degree 0") }
    if similarity.neighbors != nil { throw .usage("\(option) cannot be combined with --neighbors") }
    if similarity.causal { throw .usage("\(option) cannot be combined with --causal") }
    guard score != .kernel else { return }
    if similarity.bandwidth != "loo" {
      throw .usage(
        "--bandwidth cannot be combined with --score \(score.rawValue)",
        hint: "that score uses --temperature")
    }
    if data.columns.hasLabels {
      throw .usage("--score \(score.rawValue) cannot be combined with --factor or --ordered")
    }
  }

  /// Attention over a table by these scores.
  ///
  /// - Parameter kernel: the similarity of the kernel, where its logarithm is the score.
  func attention(
    over data: DataTable, kernel: Similarity?, emptyWindow: EmptyWindowPolicy, execution: Execution
  ) throws -> Attention {
    let score: AttentionScore =
      switch self.score {
      case .kernel: kernel.map { .kernel($0) } ?? .dotProduct()
      case .dotProduct: .dotProduct(scale: temperature.map { 1 / $0 })
      case .cosine: .cosine(temperature: temperature ?? 1)
      }
    let normalization: AttentionNormalization =
      switch self.normalization {
      case .softmax: .softmax
      case .sparsemax: .sparsemax
      case .entmax: .entmax(alpha: alpha ?? 1.5)
      }
    return try Attention(
      data.sample, score: score, normalization: normalization, emptyWindow: emptyWindow,
      computation: Computation(execution))
  }

  /// The scores in words.
  func words(inputs: Int) -> String {
    let shares =
      switch normalization {
      case .softmax: "softmax"
      case .sparsemax: "sparsemax"
      case .entmax: "\(short(alpha ?? 1.5))-entmax"
      }
    switch score {
    case .kernel: return shares
    case .dotProduct:
      let divisor = temperature.map { typeset($0) } ?? (inputs > 1 ? "√\(inputs)" : "1")
      return "\(shares) of dot products over \(divisor)"
    case .cosine: return "\(shares) of cosines over \(typeset(temperature ?? 1))"
    }
  }
}
