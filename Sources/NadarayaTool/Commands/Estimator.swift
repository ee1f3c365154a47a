import Nadaraya

/// What pools a command's values.
enum Estimator {
  case kernel(LocalPolynomial)
  /// Other scores or shares, and what they are in words.
  case attention(Attention, String)
  case model(LearnedModel)

  var pooling: any AttentionPooling {
    switch self {
    case .kernel(let estimator): estimator
    case .attention(let attention, _): attention
    case .model(let model): model
    }
  }

  /// The local polynomial of a kernel; nil where the similarity is another.
  var polynomial: LocalPolynomial? {
    guard case .kernel(let estimator) = self else { return nil }
    return estimator
  }

  var execution: Execution {
    get {
      switch self {
      case .kernel(let estimator): estimator.execution
      case .attention(let attention, _): attention.execution
      case .model(let model): model.execution
      }
    }
    set {
      switch self {
      case .kernel(var estimator):
        estimator.execution = newValue
        self = .kernel(estimator)
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
  var extrapolationPolicy: ExtrapolationPolicy {
    get { polynomial?.extrapolationPolicy ?? .keep }
    set {
      guard case .kernel(var estimator) = self else { return }
      estimator.extrapolationPolicy = newValue
      self = .kernel(estimator)
    }
  }

  /// The name of the engine that computes the sums, and why it does.
  var engineChoice: (name: String, reason: String) {
    switch self {
    case .kernel(let estimator): estimator.engineChoice
    case .attention: ("direct", "such attention looks at all scores of a query")
    case .model(let model): model.engineChoice
    }
  }

  var emptyWindowPolicy: EmptyWindowPolicy {
    switch self {
    case .kernel(let estimator): estimator.emptyWindowPolicy
    case .attention(let attention, _): attention.emptyWindowPolicy
    // Under a softmax every key has weight.
    case .model: .notANumber
    }
  }
}
