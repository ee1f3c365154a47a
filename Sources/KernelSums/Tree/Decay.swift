internal import RealModule
internal import SimilarityKernels

/// How much the weights of a node's keys can have decayed, from its distances to the queries.
///
/// A built-in kernel is even and decreases with abs(u), so −ln α is smallest at the nearest and largest
/// at the farthest points of two boxes.
enum Decay {
  /// ‖u‖²/2.
  case halfSquare
  /// Σ abs(uⱼ), too large by at most `excess` for the logistic kernel, whose −ln is abs(u) − ln 4 + 2
  /// ln(1 + exp(−abs(u))).
  case sum(excess: Double)
  /// ‖u‖, in the same way.
  case norm(excess: Double)
  /// Σ ln(1 + uⱼ²).
  case sumOfLogs
  /// ln(1 + ‖u‖²).
  case logOfNorm

  /// Nil for compact kernels, the constant and closures.
  init?(_ similarity: Similarity) {
    let inputs = Double(similarity.isProduct ? similarity.bandwidths.count : 1)
    switch similarity.kernel.form {
    case .builtIn(.gaussian): self = .halfSquare
    case .builtIn(.laplacian): self = similarity.isProduct ? .sum(excess: 0) : .norm(excess: 0)
    case .builtIn(.logistic):
      let excess = inputs * .log(4)
      self = similarity.isProduct ? .sum(excess: excess) : .norm(excess: excess)
    case .builtIn(.cauchy): self = similarity.isProduct ? .sumOfLogs : .logOfNorm
    default: return nil
    }
  }

  /// The bounds of −ln α over all pairs of a query of the box and a key of the node; both infinite if
  /// they leave the range of doubles.
  func bounds(_ queries: QueryBox, _ box: UnsafePointer<Double>) -> (
    least: Double, greatest: Double
  ) {
    switch self {
    case .halfSquare:
      let (near, far) = squares(queries, box)
      return (0.5 * near, 0.5 * far)
    case .sum(let excess):
      var (near, far) = (0.0, 0.0)
      for input in 0..<queries.dimension {
        near += queries.nearest(box, input)
        far += queries.farthest(box, input)
      }
      return (max(near - excess, 0), far)
    case .norm(let excess):
      let (near, far) = squares(queries, box)
      return (max(.sqrt(near) - excess, 0), .sqrt(far))
    case .sumOfLogs:
      var (near, far) = (0.0, 0.0)
      for input in 0..<queries.dimension {
        let (nearest, farthest) = (queries.nearest(box, input), queries.farthest(box, input))
        near += .log(onePlus: nearest * nearest)
        far += .log(onePlus: farthest * farthest)
      }
      return (near, far)
    case .logOfNorm:
      let (near, far) = squares(queries, box)
      return (.log(onePlus: near), .log(onePlus: far))
    }
  }

  @inline(__always)
  private func squares(
    _ queries: QueryBox, _ box: UnsafePointer<Double>
  ) -> (near: Double, far: Double) {
    var (near, far) = (0.0, 0.0)
    for input in 0..<queries.dimension {
      let (nearest, farthest) = (queries.nearest(box, input), queries.farthest(box, input))
      near += nearest * nearest
      far += farthest * farthest
    }
    return (near, far)
  }
}
