internal import SimilarityKernels

/// Value columns, each with a power of two by which no sum of its values overflows nor a large part of
/// it underflows.
struct ScaledValues: Sendable {
  /// The columns as they were given.
  let columns: [[Double]]

  /// What each is divided by: 1 for values of any usual size, so that small values among large ones
  /// keep their digits.
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

  /// The columns over their scales, as they are summed.
  var scaled: [[Double]] {
    zip(columns, scales).map { column, scale in
      scale == 1 ? column : column.map { $0 / scale }
    }
  }
}
