import Nadaraya

/// The estimator of a command's values.
enum Estimator {
  case kernel(KernelSmoother)
  /// A bandwidth chosen anew as time goes on.
  case sequential(SequentialPolynomial)
  /// Other scores or shares, and what they are in words.
  case attention(Attention, String)
  case model(LearnedModel)

  var pooling: any AttentionPooling {
    switch self {
    case .kernel(let estimator): estimator
    // Weights are shown under one bandwidth, which commands that show them ask for.
    case .sequential(let estimator): estimator.latest
    case .attention(let attention, _): attention
    case .model(let model): model
    }
  }

  /// The local polynomial of a kernel; nil where the similarity is another.
  var polynomial: KernelSmoother? {
    switch self {
    case .kernel(let estimator): estimator
    case .sequential(let estimator): estimator.latest
    case .attention, .model: nil
    }
  }

  /// Estimates at queries.
  func predict(
    at queries: Queries, gradients: Bool = false, diagnostics: Bool = false
  ) throws -> Predictions {
    switch self {
    case .kernel(let estimator):
      try estimator.predict(at: queries, gradients: gradients, diagnostics: diagnostics)
    case .sequential(let estimator):
      try estimator.predict(at: queries, gradients: gradients, diagnostics: diagnostics)
    case .attention, .model: try pooling.predict(at: queries, diagnostics: diagnostics)
    }
  }

  var execution: Execution {
    get {
      switch self {
      case .kernel(let estimator): estimator.execution
      case .sequential(let estimator): estimator.execution
      case .attention(let attention, _): attention.execution
      case .model(let model): model.execution
      }
    }
    set {
      switch self {
      case .kernel(var estimator):
        estimator.execution = newValue
        self = .kernel(estimator)
      case .sequential(var estimator):
        estimator.execution = newValue
        self = .sequential(estimator)
      case .attention(var attention, let words):
        attention.execution = newValue
        self = .attention(attention, words)
      case .model(var model):
        model.execution = newValue
        self = .model(model)
      }
    }
  }

  /// What a polynomial predicts where it extrapolates.
  var extrapolation: ExtrapolationPolicy {
    get { polynomial?.extrapolation ?? .keep }
    set {
      switch self {
      case .kernel(var estimator):
        estimator.extrapolation = newValue
        self = .kernel(estimator)
      case .sequential(var estimator):
        estimator.extrapolation = newValue
        self = .sequential(estimator)
      case .attention, .model: break
      }
    }
  }

  /// The engine that computes the sums, and the reason for it.
  var engineChoice: ChosenEngine {
    switch self {
    case .kernel(let estimator): estimator.engineChoice
    case .sequential(let estimator): estimator.engineChoice
    case .attention:
      ChosenEngine(name: "direct", reason: "this attention needs all scores of a query")
    case .model(let model): model.engineChoice
    }
  }

  var emptyWindow: EmptyWindowPolicy {
    switch self {
    case .kernel(let estimator): estimator.emptyWindow
    case .sequential(let estimator): estimator.latest.emptyWindow
    case .attention(let attention, _): attention.emptyWindow
    // Under a softmax every key has weight.
    case .model: .notANumber
    }
  }
}
