internal import SimilarityKernels

/// The range of each input and the size of each column.
final class KeyRanges: Sendable {
  /// The smallest and the largest coordinate of each input.
  let inputs: [ClosedRange<Double>]

  /// The largest |c| of each column.
  let magnitudes: [Double]

  /// - Precondition: there is a key.
  init(_ problem: KernelSumProblem, execution: Execution) {
    let dimension = problem.keys.dimension
    let count = problem.keys.count
    let width = dimension + problem.columns.count
    let pieceCount = (count + Self.pieceLength - 1) / Self.pieceLength
    // Smallest and largest of each input and column, piece after piece.
    let found = AlignedMemory(count: 2 * width * pieceCount)
    problem.keys.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(of: pieceCount, atMost: 1) { block in
        let piece = block.lowerBound
        let rows = piece * Self.pieceLength..<min((piece + 1) * Self.pieceLength, count)
        let place = found.base + 2 * width * piece
        for input in 0..<dimension {
          (place[2 * input], place[2 * input + 1]) = coordinates.extremes(
            from: rows.lowerBound * dimension + input, count: rows.count, step: dimension)
        }
        for (index, column) in problem.columns.enumerated() {
          let slot = 2 * (dimension + index)
          (place[slot], place[slot + 1]) = column.withUnsafeBufferPointer {
            $0.extremes(from: rows.lowerBound, count: rows.count, step: 1)
          }
        }
      }
    }
    func least(_ index: Int) -> Double {
      (0..<pieceCount).reduce(.infinity) { min($0, found.base[2 * (width * $1 + index)]) }
    }
    func greatest(_ index: Int) -> Double {
      (0..<pieceCount).reduce(-.infinity) { max($0, found.base[2 * (width * $1 + index) + 1]) }
    }
    inputs = (0..<dimension).map { least($0)...greatest($0) }
    magnitudes = (dimension..<width).map { max(-least($0), greatest($0)) }
  }

  private static let pieceLength = 1 << 15
}

extension UnsafeBufferPointer<Double> {
  /// The smallest and the largest of `count` numbers stored `step` apart.
  fileprivate func extremes(from start: Int, count: Int, step: Int) -> (Double, Double) {
    // Eight at a time, so that whole registers are compared.
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
