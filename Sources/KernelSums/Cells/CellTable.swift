internal import SimilarityKernels
internal import _CKernelSums

/// Local coefficients of one kernel for every cell, which the transform prepares once.
final class CellTable: Sendable {
  let grid: CellGrid
  let shape: CellShape
  let columnCount: Int

  /// The sums that rows of coefficients give.
  let outputs: CellOutputs

  /// For each input, the interpolations of each power.
  let interpolations: [[CellInterpolation]]

  let coefficients: AlignedMemory
  let certificates: AlignedMemory

  /// The source of rows that are translated on demand; see ``OnDemand``.
  let onDemand: OnDemand?

  /// For each sum but Σw, the fraction of Σw below which it need not be accurate.
  let floors: [Double]

  var dimension: Int { grid.axes.count }
  var paddedTerms: Int { PaddedColumns.padded(shape.terms) }

  /// Doubles of one column in a row.
  var columnStride: Int {
    Self.columnStride(terms: shape.terms, dimension: dimension)
  }
  var momentStride: Int { columnStride * (columnCount + 1) }
  var rowStride: Int { columnStride * outputs.runs.count }
  var certificateStride: Int { 1 + 2 * outputs.sums.count }

  static func columnStride(terms: Int, dimension: Int) -> Int {
    (1..<dimension).reduce(PaddedColumns.padded(terms)) { size, _ in size * terms }
  }

  init(
    keys: CellKeys, kernel: CellKernel, bandwidths: [Double], grid: CellGrid, shape: CellShape,
    reach: Int, degree: Int, accuracy: Double, isOnDemand: Bool, execution: Execution
  ) {
    self.grid = grid
    self.shape = shape
    columnCount = keys.columns.count
    let outputs = CellOutputs(columnCount: keys.columns.count, degree: degree)
    self.outputs = outputs
    interpolations = grid.axes.indices.map { index in
      execution.map(2 * degree + 1) { power in
        CellInterpolation(
          kernel.times(power: power), width: grid.axes[index].width, bandwidth: bandwidths[index],
          terms: shape.terms, reach: min(reach, grid.axes[index].count - 1),
          isLast: index == grid.axes.count - 1)
      }
    }
    let size = grid.rowCount * Self.columnStride(terms: shape.terms, dimension: grid.axes.count)
    coefficients = AlignedMemory(count: size * outputs.runs.count)
    certificates = AlignedMemory(count: grid.rowCount * (1 + 2 * outputs.sums.count))
    floors = outputs.sums.map { run in
      run.column.map { Self.floor * keys.magnitudes[$0] } ?? 1
    }
    let masses = AlignedMemory(count: grid.rowCount * columnCount)
    onDemand =
      isOnDemand
      ? OnDemand(
        rowCount: grid.rowCount, momentCount: size * (columnCount + 1), masses: masses,
        accuracy: accuracy, kernel: kernel, bandwidths: bandwidths, keys: keys) : nil
    // Several inputs are translated in place, one after another.
    let moments =
      onDemand?.moments
      ?? (grid.axes.count == 1 ? AlignedMemory(count: size * (columnCount + 1)) : coefficients)
    addMoments(of: keys, to: moments, masses: masses.base, execution: execution)
    guard !isOnDemand else {
      for row in 0..<grid.rowCount { certificates.base[row * certificateStride] = .infinity }
      return
    }
    certify(
      kernel: kernel, bandwidths: bandwidths, moments: moments, masses: masses.base,
      accuracy: accuracy, keys: keys)
    translate(moments, execution: execution)
  }

  /// An estimate below this fraction of the largest |value| need only be accurate relative to that.
  static var floor: Double { 1e-9 }

  /// Lets `body` use the description for the loops, with rows of coefficients or of moments.
  func withCells<Result>(
    ofMoments: Bool = false, _ body: (UnsafePointer<nadaraya_cells>) -> Result
  ) -> Result {
    grid.pages.withUnsafeBufferPointer { pages in
      floors.withUnsafeBufferPointer { floors in
        var cells = nadaraya_cells()
        cells.dimension = dimension
        cells.column_count = ofMoments ? columnCount : outputs.sums.count
        cells.terms = shape.terms
        cells.padded_terms = paddedTerms
        withUnsafeMutableBytes(of: &cells.axes) { axes in
          let axes = axes.bindMemory(to: nadaraya_axis.self)
          for (index, axis) in grid.axes.enumerated() { axes[index] = axis.loops }
        }
        cells.pages = pages.baseAddress
        cells.page_bits = Int32(grid.pageBits)
        cells.stride = ofMoments ? momentStride : rowStride
        cells.certificate_stride = certificateStride
        cells.table = UnsafePointer(coefficients.base)
        cells.certificates = UnsafePointer(certificates.base)
        cells.floors = floors.baseAddress
        return body(&cells)
      }
    }
  }
}

/// The keys in the form the transform uses: observation weights scaled, or squared for Σw².
struct CellKeys: Sendable {
  let points: Points
  let weights: [Double]?
  let columns: [[Double]]

  /// The largest |c| of each column.
  let magnitudes: [Double]
  let totalWeight: Double

  init(points: Points, weights: [Double]?, columns: [[Double]], magnitudes: [Double]) {
    self.points = points
    self.weights = weights
    self.columns = columns
    self.magnitudes = magnitudes
    totalWeight = weights?.reduce(0, +) ?? Double(points.count)
  }
}

extension [[Double]] {
  /// Lets `body` use pointers to all arrays at once.
  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<Double>?>) -> Result
  ) -> Result {
    // Room for one more, so that there is an address even without columns.
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

/// The sums that a row of coefficients gives: Σw, and for moments about a query the sums of every
/// power.
///
/// Sums of one power are stored together, since the same matrices give them from all or some of a row's
/// moments: for a = 0 … p those of 1 and of each column, for a up to 2p those of 1.
struct CellOutputs: Sendable {
  struct Run: Sendable {
    /// a.
    let power: Int
    /// The value column; nil for 1.
    let column: Int?
    /// Its place among the columns of ``AnchoredSums``; −1 for Σw.
    let place: Int
  }

  let runs: [Run]

  /// The runs of each power.
  let powers: [Range<Int>]

  init(columnCount: Int, degree: Int) {
    var runs: [Run] = []
    var powers: [Range<Int>] = []
    for power in 0...2 * degree {
      let start = runs.count
      runs.append(Run(power: power, column: nil, place: power - 1))
      if power <= degree {
        runs += (0..<columnCount).map {
          Run(power: power, column: $0, place: 2 * degree + $0 * (degree + 1) + power)
        }
      }
      powers.append(start..<runs.count)
    }
    self.runs = runs
    self.powers = powers
  }

  /// The runs after Σw.
  var sums: ArraySlice<Run> { runs.dropFirst() }
}
