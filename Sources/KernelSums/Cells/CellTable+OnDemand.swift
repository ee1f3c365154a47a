internal import SimilarityKernels
internal import Synchronization
internal import _CKernelSums

/// What rows are made from that are translated when a query first asks for them.
///
/// Narrow cells are many, and only those in which some wider cells' certificates failed are needed.
final class OnDemand: Sendable {
  let moments: AlignedMemory
  let masses: AlignedMemory
  let accuracy: Double
  let totalWeight: Double

  /// Whether a row has been made.
  let made: Mutex<[Bool]>

  init(
    rowCount: Int, momentCount: Int, masses: AlignedMemory, accuracy: Double, totalWeight: Double
  ) {
    moments = AlignedMemory(count: momentCount)
    self.masses = masses
    self.accuracy = accuracy
    self.totalWeight = totalWeight
    made = Mutex([Bool](repeating: false, count: rowCount))
  }
}

extension CellTable {
  /// Makes the rows in which queries of one input lie, where that was left for later.
  func prepareRows(of queries: Points, in range: Range<Int>, execution: Execution) {
    guard let onDemand else { return }
    let axis = grid.axes[0]
    onDemand.made.withLock { made in
      var missing: [Int] = []
      for point in queries.coordinates[range] {
        let steps = (point - axis.lowest) / axis.width
        guard steps >= 0, steps < Double(axis.count) else { continue }
        // A point on an edge may be taken for either side's.
        for cell in [Int(steps), max(Int(steps - 1e-6), 0), min(Int(steps + 1e-6), axis.count - 1)]
        {
          let first = Int(grid.pages[cell >> grid.pageBits])
          guard first >= 0 else { continue }
          let row = first + cell & (1 << grid.pageBits - 1)
          if !made[row] {
            made[row] = true
            missing.append(row)
          }
        }
      }
      let lines = missing.map { row in grid.lines.first { $0.contains(row) } ?? row..<row }
      execution.forEachBlock(of: missing.count, atMost: 8) { block in
        for index in block {
          make(missing[index], of: lines[index], onDemand, execution: execution)
        }
      }
    }
  }

  private func make(
    _ target: Int, of line: Range<Int>, _ onDemand: OnDemand, execution: Execution
  ) {
    let interpolation = interpolations[0]
    let moments = onDemand.moments.base
    translateLast(
      line, target..<target + 1, from: moments + line.lowerBound * rowStride, execution: execution)
    var errors = [Double](repeating: 0, count: columnCount + 1)
    var sizes = [Double](repeating: 0, count: columnCount)
    var totals = [Double](repeating: 0, count: columnCount)
    for source in line {
      let masses = onDemand.masses.base + source * columnCount
      for column in 0..<columnCount { totals[column] += masses[column] }
      let offset = abs(target - source)
      guard offset <= interpolation.reach, moments[source * rowStride] != 0 else { continue }
      let error = interpolation.error[offset] + Self.rounding * interpolation.growth[offset]
      errors[0] += error * moments[source * rowStride]
      for column in 0..<columnCount {
        errors[column + 1] += error * masses[column]
        sizes[column] += interpolation.central[offset] * masses[column]
      }
    }
    let tail = interpolation.greatest[interpolation.reach]
    let certificate = certificates.base + target * certificateStride
    let demand = 2 / onDemand.accuracy
    certificate[0] = demand * (errors[0] + tail * onDemand.totalWeight)
    for column in 0..<columnCount {
      certificate[1 + 2 * column] = demand * (errors[column + 1] + tail * totals[column])
      certificate[2 + 2 * column] = sizes[column]
    }
    if grid.uncertainRows.contains(where: { $0.contains(target) }) { certificate[0] = .infinity }
  }
}
