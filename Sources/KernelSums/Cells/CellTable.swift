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
  ///
  /// In several inputs a power comes from slopes and curvatures of the polynomials for the power 0, and
  /// has no matrices of its own.
  let interpolations: [[CellInterpolation]]

  private let bandwidths: [Double]

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
  var rowStride: Int { columnStride * outputs.setCount }
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
    let outputs = CellOutputs(
      columnCount: keys.columns.count, dimension: grid.axes.count, degree: degree)
    self.outputs = outputs
    self.bandwidths = bandwidths
    interpolations = grid.axes.indices.map { index in
      let axis = grid.axes[index]
      let reach = min(reach, axis.count - 1)
      let hasSlopes = grid.axes.count > 1 && degree > 0
      let precise = hasSlopes ? PreciseInterpolation(terms: shape.terms) : nil
      let coefficients = precise.map { precise in
        execution.map(reach + 1) {
          precise.powers(ratio: axis.width / bandwidths[index], offset: $0)
        }
      }
      return execution.map(2 * degree + 1) { power in
        CellInterpolation(
          kernel.times(power: power), width: axis.width, bandwidth: bandwidths[index],
          terms: shape.terms, reach: reach,
          form: hasSlopes && power > 0
            ? .slopes : index == grid.axes.count - 1 ? .last : .other,
          coefficients: coefficients)
      }
    }
    let size = grid.rowCount * Self.columnStride(terms: shape.terms, dimension: grid.axes.count)
    coefficients = AlignedMemory(count: size * outputs.setCount)
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
      accuracy: accuracy, keys: keys, execution: execution)
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
          for (index, axis) in grid.axes.enumerated() {
            axes[index] = axis.loops(bandwidth: bandwidths[index])
          }
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
/// monomial.
///
/// In one input every power has coefficients of its own. Those of one power are stored together, since
/// the same matrices give them from all or some of a row's moments: for a = 0 … p those of 1 and of each
/// column, for a up to 2p those of 1. In several inputs there are coefficients for the power 0 alone.
struct CellOutputs: Sendable {
  struct Run: Sendable {
    /// The power of each input.
    let powers: [Int]
    /// The value column; nil for 1.
    let column: Int?
    /// Its place among the columns of ``AnchoredSums``; −1 for Σw.
    let place: Int

    /// |a|.
    var order: Int { powers.reduce(0, +) }
  }

  let runs: [Run]

  /// The sets of coefficients of each power that has some.
  let powers: [Range<Int>]

  /// The number of sets of coefficients.
  var setCount: Int { powers.last?.upperBound ?? 0 }

  init(columnCount: Int, dimension: Int, degree: Int) {
    let all = Monomials(dimension: dimension, degree: 2 * degree)
    let inner = Monomials.count(dimension: dimension, degree: degree)
    func weights(_ place: Int) -> Run {
      Run(powers: all.exponents[place], column: nil, place: place - 1)
    }
    func values(_ column: Int, _ place: Int) -> Run {
      Run(
        powers: all.exponents[place], column: column, place: all.count - 1 + column * inner + place)
    }
    guard dimension == 1 else {
      runs =
        (0..<all.count).map(weights)
        + (0..<columnCount).flatMap { column in (0..<inner).map { values(column, $0) } }
      powers = [0..<columnCount + 1]
      return
    }
    var runs: [Run] = []
    var powers: [Range<Int>] = []
    for power in 0...2 * degree {
      let start = runs.count
      runs.append(weights(power))
      if power <= degree { runs += (0..<columnCount).map { values($0, power) } }
      powers.append(start..<runs.count)
    }
    self.runs = runs
    self.powers = powers
  }

  /// The runs after Σw.
  var sums: ArraySlice<Run> { runs.dropFirst() }
}
