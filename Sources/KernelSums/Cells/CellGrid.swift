internal import SimilarityKernels
internal import _CKernelSums

/// The cells of one to three inputs that have a row of coefficients.
///
/// Cells are a box of the axes' cells, the last axis changing fastest. In one input, where a gap or a
/// long tail would leave most of a box empty, the line is cut into pages instead, and only pages with
/// enough keys have rows; a run of such pages is a separate line.
struct CellGrid: Sendable {
  let axes: [CellAxis]

  /// In one input the row of each page's first cell, −1 if the page has no rows; the last entry is −1.
  let pages: [Int32]
  let pageBits: Int

  /// Ranges of rows that are adjacent along the last axis.
  let lines: [Range<Int>]

  /// Rows near keys without a row.
  let uncertainRows: [Range<Int>]

  let rowCount: Int

  /// The number of keys in cells without a row.
  let keysWithoutRow: Int

  /// The box of all cells.
  init(axes: [CellAxis]) {
    self.axes = axes
    rowCount = axes.reduce(1) { $0 * $1.count }
    let length = axes[axes.count - 1].count
    lines = Swift.stride(from: 0, to: rowCount, by: length).map { $0..<$0 + length }
    pageBits = 30
    pages = [0, -1]
    uncertainRows = []
    keysWithoutRow = 0
  }

  /// The pages of a line that hold at least `density` keys per cell.
  ///
  /// - Parameter reach: the number of cells within which a key counts; pages are at least as long.
  init(axis: CellAxis, keys: UnsafeBufferPointer<Double>, density: Double, reach: Int) {
    axes = [axis]
    var bits = 6
    while 1 << bits < reach || axis.count >> bits > 1 << 16 { bits += 1 }
    pageBits = bits
    let pageCount = axis.count >> bits + 1
    var counts = [Int](repeating: 0, count: pageCount)
    let inverse = 1 / axis.width
    for key in keys {
      let cell = min(max(Int((key - axis.lowest) * inverse), 0), axis.count - 1)
      counts[cell >> bits] += 1
    }
    let least = density * Double(1 << bits)
    var pages: [Int32] = []
    var lines: [Range<Int>] = []
    var uncertain: [Range<Int>] = []
    var rows = 0
    var without = 0
    for page in 0..<pageCount {
      guard Double(counts[page]) >= least else {
        pages.append(-1)
        without += counts[page]
        continue
      }
      let first = rows
      pages.append(Int32(first))
      rows += 1 << bits
      let follows = page > 0 && pages[page - 1] >= 0
      if follows, let last = lines.popLast() {
        lines.append(last.lowerBound..<rows)
      } else {
        lines.append(first..<rows)
        if page > 0, counts[page - 1] > 0 { uncertain.append(first..<first + reach) }
      }
      if page + 1 < pageCount, counts[page + 1] > 0, Double(counts[page + 1]) < least {
        uncertain.append(rows - reach..<rows)
      }
    }
    self.pages = pages + [-1]
    self.lines = lines
    uncertainRows = uncertain
    rowCount = rows
    keysWithoutRow = without
  }

  /// The number of rows from one cell to its neighbour along an axis.
  func stride(along axis: Int) -> Int { axes[(axis + 1)...].reduce(1) { $0 * $1.count } }
}

/// The cells along one input.
///
/// Width and lowest edge are multiples of a power of two that is coarse enough for every centre
/// `lowest + (j + 1/2)·width` to be a double. The distance between any two centres is then exact, and a
/// point's distance to its centre is rounded to its own last place, so it makes no difference whether
/// the numbers start at 0 or at 1.6·10⁹.
struct CellAxis: Sendable {
  let lowest: Double
  let width: Double
  let count: Int

  /// Nil if the coordinates are too coarse, or the range too many widths, for such a grid.
  init?(from least: Double, to greatest: Double, width target: Double, margin: Int) {
    let magnitude = max(least.magnitude, greatest.magnitude, target)
    let unit = max(4 * magnitude.ulp, (target / 256).binade)
    guard unit <= target / 32, unit.isNormal else { return nil }
    width = (target / unit).rounded(.down) * unit
    let start = (least / unit).rounded(.down) * unit
    let steps = (greatest - start) / width
    guard steps < 1e9 else { return nil }
    lowest = start - Double(margin) * width
    count = Int(steps) + 1 + 2 * margin
  }

  func loops(bandwidth: Double) -> nadaraya_axis {
    nadaraya_axis(
      lowest: lowest, width: width, inverse_width: 1 / width, scale: 2 / width,
      bandwidth: bandwidth * (2 / width), count: count)
  }
}
