internal import SimilarityKernels
internal import Synchronization

/// The range of each input and the size of each column.
final class KeyRanges: Sendable {
  /// The least and the greatest coordinate of each input.
  let inputs: [ClosedRange<Double>]

  /// The largest |c| of each column.
  let magnitudes: [Double]

  /// - Precondition: there is a key.
  init(_ problem: KernelSumProblem, execution: Execution) {
    let dimension = problem.keys.dimension
    let found = Mutex(
      (
        least: [Double](repeating: .infinity, count: dimension),
        greatest: [Double](repeating: -.infinity, count: dimension),
        magnitudes: [Double](repeating: 0, count: problem.columns.count)
      ))
    var silent = execution
    silent.progress = nil
    problem.keys.coordinates.withUnsafeBufferPointer { coordinates in
      silent.forEachBlock(of: problem.keys.count, atMost: 1 << 15) { block in
        for input in 0..<dimension {
          let (least, greatest) = coordinates.extremes(
            from: block.lowerBound * dimension + input, count: block.count, step: dimension)
          found.withLock {
            $0.least[input] = min($0.least[input], least)
            $0.greatest[input] = max($0.greatest[input], greatest)
          }
        }
        for (index, column) in problem.columns.enumerated() {
          let (least, greatest) = column.withUnsafeBufferPointer {
            $0.extremes(from: block.lowerBound, count: block.count, step: 1)
          }
          found.withLock {
            $0.magnitudes[index] = max($0.magnitudes[index], -least, greatest)
          }
        }
      }
    }
    let (least, greatest, magnitudes) = found.withLock { $0 }
    inputs = zip(least, greatest).map { $0...$1 }
    self.magnitudes = magnitudes
  }
}

extension UnsafeBufferPointer<Double> {
  /// The least and the greatest of `count` numbers that lie `step` apart.
  fileprivate func extremes(from start: Int, count: Int, step: Int) -> (Double, Double) {
    // Eight at a time, so that a register is compared with a register.
    var least = SIMD8<Double>(repeating: .infinity)
    var greatest = -least
    let whole = count & ~7
    for first in stride(from: 0, to: whole, by: 8) {
      var numbers = SIMD8<Double>()
      for lane in 0..<8 { numbers[lane] = self[start + (first + lane) * step] }
      least.replace(with: numbers, where: numbers .< least)
      greatest.replace(with: numbers, where: numbers .> greatest)
    }
    var result = (least.min(), greatest.max())
    for index in whole..<count {
      let number = self[start + index * step]
      result = (Swift.min(result.0, number), Swift.max(result.1, number))
    }
    return result
  }
}
