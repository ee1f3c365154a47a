internal import SimilarityKernels
internal import _CKernelSums

/// Local coefficients of one kernel for every cell: what the transform prepares once.
final class CellTable: Sendable {
  let grid: CellGrid
  let shape: CellShape
  let columnCount: Int

  /// One for each input.
  let interpolations: [CellInterpolation]

  let coefficients: AlignedMemory
  let certificates: AlignedMemory

  /// What rows that are translated on demand are made from; see ``OnDemand``.
  let onDemand: OnDemand?

  let floors: [Double]

  var dimension: Int { grid.axes.count }
  var paddedTerms: Int { PaddedColumns.padded(shape.terms) }

  /// Doubles of one column in a row.
  var columnStride: Int {
    Self.columnStride(terms: shape.terms, dimension: dimension)
  }
  var rowStride: Int { columnStride * (columnCount + 1) }
  var certificateStride: Int { 1 + 2 * columnCount }

  static func columnStride(terms: Int, dimension: Int) -> Int {
    (1..<dimension).reduce(PaddedColumns.padded(terms)) { size, _ in size * terms }
  }

  init(
    keys: CellKeys, kernel: CellKernel, bandwidths: [Double], grid: CellGrid, shape: CellShape,
    reach: Int, accuracy: Double, floors: [Double], isOnDemand: Bool, execution: Execution
  ) {
    self.grid = grid
    self.shape = shape
    columnCount = keys.columns.count
    interpolations = grid.axes.indices.map { index in
      CellInterpolation(
        kernel, width: grid.axes[index].width, bandwidth: bandwidths[index], terms: shape.terms,
        reach: min(reach, grid.axes[index].count - 1), isLast: index == grid.axes.count - 1)
    }
    let size = grid.rowCount * Self.columnStride(terms: shape.terms, dimension: grid.axes.count)
    coefficients = AlignedMemory(count: size * (columnCount + 1))
    certificates = AlignedMemory(count: grid.rowCount * (1 + 2 * columnCount))
    self.floors = floors
    let masses = AlignedMemory(count: grid.rowCount * columnCount)
    onDemand =
      isOnDemand
      ? OnDemand(
        rowCount: grid.rowCount, momentCount: size * (columnCount + 1), masses: masses,
        accuracy: accuracy, totalWeight: keys.totalWeight) : nil
    addMoments(
      of: keys, to: onDemand?.moments ?? coefficients, masses: masses.base, execution: execution)
    guard !isOnDemand else {
      for row in 0..<grid.rowCount { certificates.base[row * certificateStride] = .infinity }
      return
    }
    certify(
      kernel: kernel, bandwidths: bandwidths, masses: masses.base, accuracy: accuracy,
      totalWeight: keys.totalWeight)
    translate(execution: execution)
  }

  /// An estimate is asked to be exact relative to this part of the largest |value|, if it is smaller.
  static var floor: Double { 1e-9 }

  /// Lets `body` use the description that the loops take.
  func withCells<Result>(_ body: (UnsafePointer<nadaraya_cells>) -> Result) -> Result {
    grid.pages.withUnsafeBufferPointer { pages in
      floors.withUnsafeBufferPointer { floors in
        var cells = nadaraya_cells()
        cells.dimension = dimension
        cells.column_count = columnCount
        cells.terms = shape.terms
        cells.padded_terms = paddedTerms
        withUnsafeMutableBytes(of: &cells.axes) { axes in
          let axes = axes.bindMemory(to: nadaraya_axis.self)
          for (index, axis) in grid.axes.enumerated() { axes[index] = axis.loops }
        }
        cells.pages = pages.baseAddress
        cells.page_bits = Int32(grid.pageBits)
        cells.stride = rowStride
        cells.certificate_stride = certificateStride
        cells.table = UnsafePointer(coefficients.base)
        cells.certificates = UnsafePointer(certificates.base)
        cells.floors = floors.baseAddress
        return body(&cells)
      }
    }
  }
}

/// The keys as the transform takes them: observation weights scaled, or squared for Σw².
struct CellKeys: Sendable {
  let points: Points
  let weights: [Double]?
  let columns: [[Double]]
  let totalWeight: Double

  init(points: Points, weights: [Double]?, columns: [[Double]]) {
    self.points = points
    self.weights = weights
    self.columns = columns
    totalWeight = weights?.reduce(0, +) ?? Double(points.count)
  }
}

extension [[Double]] {
  /// Lets `body` use pointers to all arrays at once.
  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<Double>?>) -> Result
  ) -> Result {
    // Room for one more, so that there is an address without any column too.
    var pointers = [UnsafePointer<Double>?](repeating: nil, count: count + 1)
    func collect(_ index: Int) -> Result {
      guard index < count else {
        return pointers.withUnsafeBufferPointer { pointers in
          guard let base = pointers.baseAddress else { preconditionFailure("room was made") }
          return body(base)
        }
      }
      return self[index].withUnsafeBufferPointer { column in
        pointers[index] = column.baseAddress
        return collect(index + 1)
      }
    }
    return collect(0)
  }
}
