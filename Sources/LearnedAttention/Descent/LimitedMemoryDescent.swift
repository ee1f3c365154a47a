internal import RealModule

/// A gradient descent that remembers the last steps (L-BFGS), one iteration at a time.
///
/// The last 15 steps imply the inverse Hessian; the step along −H∇f satisfies the strong Wolfe
/// conditions, so the curvature stays positive.
///
/// ## Source
/// J. Nocedal and S. J. Wright, Numerical Optimization, 2nd edition (Springer, 2006), algorithms 7.4, 3.5
/// and 3.6.
struct LimitedMemoryDescent {
  /// A function with its gradient.
  typealias Function = (_ place: [Double]) -> (value: Double, gradient: [Double])

  /// A place with the function's value and gradient there.
  struct Point {
    var place: [Double]
    var value: Double
    var gradient: [Double]
  }

  /// How an iteration ended.
  enum Outcome {
    case moved
    /// No step lowers the function by more than rounding could, or the last steps hardly did.
    case converged
  }

  private(set) var point: Point

  private let function: Function

  /// Steps and the changes of the gradient over them, oldest first.
  typealias Memory = [(step: [Double], change: [Double], curvature: Double)]

  private(set) var memory: Memory

  private var idleCount = 0

  private static let memoryLength = 15

  /// A descent ends after two steps in a row that gain no more than this fraction of the value.
  private let leastGain: Double

  /// - Parameter memory: that of a descent of a function whose curvature is nearly the same.
  init(
    from start: [Double], leastGain: Double = 1e-9, memory: Memory = [],
    of function: @escaping Function
  ) {
    self.function = function
    self.memory = memory
    self.leastGain = leastGain
    let (value, gradient) = function(start)
    point = Point(place: start, value: value, gradient: gradient)
  }

  /// One step downhill.
  mutating func advance() -> Outcome {
    guard point.value > 0, point.gradient.contains(where: { $0 != 0 }) else { return .converged }
    var direction = direction()
    var slope = direction.product(point.gradient)
    if !(slope < 0) {
      memory = []
      direction = self.direction()
      slope = direction.product(point.gradient)
    }
    // The curvature is unknown at first, so a tenth of the place's own length is tried.
    let first = memory.isEmpty ? 0.1 * max(point.place.length, 1e-3) / direction.length : 1
    let search = WolfeSearch(from: point, along: direction, slope: slope, of: function)
    guard let next = search.run(startingAt: first) else {
      guard !memory.isEmpty else { return .converged }
      memory = []
      return advance()
    }
    let step = next.place.adding(point.place, times: -1)
    let change = next.gradient.adding(point.gradient, times: -1)
    let curvature = step.product(change)
    if curvature > 1e-300 {
      memory.append((step, change, curvature))
      if memory.count > Self.memoryLength { memory.removeFirst() }
    }
    idleCount = point.value - next.value <= leastGain * point.value ? idleCount + 1 : 0
    point = next
    return idleCount == 2 ? .converged : .moved
  }

  /// −H∇f by the two loops over the remembered steps.
  private func direction() -> [Double] {
    var direction = point.gradient.map { -$0 }
    var factors: [Double] = []
    for (step, change, curvature) in memory.reversed() {
      let factor = step.product(direction) / curvature
      factors.append(factor)
      direction = direction.adding(change, times: -factor)
    }
    if let last = memory.last {
      let scale = last.curvature / last.change.product(last.change)
      direction = direction.map { $0 * scale }
    }
    for ((step, change, curvature), factor) in zip(memory, factors.reversed()) {
      direction = direction.adding(step, times: factor - change.product(direction) / curvature)
    }
    return direction
  }
}
