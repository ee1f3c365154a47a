internal import RealModule

/// One descent of a form from one start, with its history.
struct LearningRun {
  let form: LearnedSimilarity.Form
  let loss: PoolingLoss

  /// The best so far: by the stopping rows or, if there are none, by the loss.
  private(set) var best: Candidate

  /// One for each iteration, starting with the start.
  private(set) var losses: [Double]
  private(set) var stoppingErrors: [Double]

  private(set) var reason: LearningReport.StopReason?
  private(set) var evaluations: Int

  private var descent: LimitedMemoryDescent
  private let penalty: Penalty
  private let stopping: LearningTable?
  private let counter: Counter
  private var idleCount = 0

  /// Counts evaluations of the loss.
  private final class Counter {
    var count = 0
  }

  /// λ ‖θ − θ₀‖²/‖θ₀‖².
  struct Penalty {
    let center: [Double]
    let weight: Double

    init(center: [Double], decay: Double) {
      self.center = center
      weight = decay / max(center.product(center), .leastNormalMagnitude)
    }

    func value(at place: [Double]) -> Double {
      let step = place.adding(center, times: -1)
      return weight * step.product(step)
    }

    func addGradient(at place: [Double], to gradient: inout [Double]) {
      for index in place.indices { gradient[index] += 2 * weight * (place[index] - center[index]) }
    }
  }

  /// A descent ends after this many iterations without a better error of the stopping rows.
  static let patience = 20

  init(
    _ form: LearnedSimilarity.Form, from start: [Double], loss: PoolingLoss, penalty: Penalty,
    stopping: LearningTable?, leastGain: Double = Learner.leastGain,
    memory: LimitedMemoryDescent.Memory = []
  ) {
    self.form = form
    self.loss = loss
    self.penalty = penalty
    self.stopping = stopping
    let counter = Counter()
    self.counter = counter
    descent = LimitedMemoryDescent(from: start, leastGain: leastGain, memory: memory) { place in
      counter.count += 1
      var (value, gradient) = loss.valueAndGradient(at: place)
      if penalty.weight > 0 {
        value += penalty.value(at: place)
        penalty.addGradient(at: place, to: &gradient)
      }
      return (value, gradient)
    }
    evaluations = 1
    let value = descent.point.value - penalty.value(at: start)
    let error = stopping?.errors(under: loss, at: start).mean
    best = Candidate(form: form, parameters: start, loss: value, stoppingError: error)
    losses = [value]
    stoppingErrors = error.map { [$0] } ?? []
  }

  /// What the descent knows of the curvature.
  var memory: LimitedMemoryDescent.Memory { descent.memory }

  /// Whether its last place is its best, so that the stopping rows never called for an earlier stop.
  var isAtItsBest: Bool {
    guard let last = stoppingErrors.last, let error = best.stoppingError else { return true }
    return last <= 1.001 * error
  }

  /// One iteration.
  mutating func advance() {
    let outcome = descent.advance()
    evaluations = counter.count
    let place = descent.point.place
    let value = descent.point.value - penalty.value(at: place)
    let error = stopping?.errors(under: loss, at: place).mean
    let candidate = Candidate(form: form, parameters: place, loss: value, stoppingError: error)
    let isBetter = error == nil || candidate.rank < best.rank
    if isBetter { best = candidate }
    idleCount = isBetter ? 0 : idleCount + 1
    losses.append(value)
    if let error { stoppingErrors.append(error) }
    if outcome == .converged {
      reason = .converged
    } else if idleCount == Self.patience {
      reason = .stoppingRows
    }
  }

  /// Ends the descent for an external reason.
  mutating func end(_ reason: LearningReport.StopReason) { self.reason = self.reason ?? reason }
}
