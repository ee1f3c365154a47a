internal import SimilarityKernels

/// Value columns, each with a power of two that keeps sums of its values from overflowing and most of
/// them from underflowing.
struct ScaledValues: Sendable {
  /// The columns as they were given.
  let columns: [[Double]]

  /// The divisor of each column: 1 for values of usual size, so that small values among large ones keep
  /// their digits.
  let scales: [Double]

  init(_ columns: [[Double]]) {
    self.columns = columns
    scales = columns.map { column in
      switch column.largestMagnitude {
      case 0x1p900...: 0x1p128
      case ..<0x1p-800: 0x1p-700
      default: 1
      }
    }
  }

  /// The columns divided by their scales, as they are summed.
  var scaled: [[Double]] {
    zip(columns, scales).map { column, scale in
      scale == 1 ? column : column.map { $0 / scale }
    }
  }
}
