internal import SimilarityKernels
internal import Synchronization
internal import _CKernelSums

/// The source of rows that are translated when a query first needs them.
///
/// There are many narrow cells, and only those where wider cells' certificates failed are needed.
final class OnDemand: Sendable {
  let moments: AlignedMemory
  let masses: AlignedMemory
  let accuracy: Double
  let kernel: CellKernel
  let bandwidths: [Double]
  let keys: CellKeys

  /// Whether a row has been made.
  let made: Mutex<[Bool]>

  init(
    rowCount: Int, momentCount: Int, masses: AlignedMemory, accuracy: Double, kernel: CellKernel,
    bandwidths: [Double], keys: CellKeys
  ) {
    moments = AlignedMemory(count: momentCount)
    self.masses = masses
    self.accuracy = accuracy
    self.kernel = kernel
    self.bandwidths = bandwidths
    self.keys = keys
    made = Mutex([Bool](repeating: false, count: rowCount))
  }
}

extension CellTable {
  /// Makes the rows that contain queries of one input, if that was deferred.
  func prepareRows(of queries: Points, in range: Range<Int>, execution: Execution) {
    guard let onDemand else { return }
    let axis = grid.axes[0]
    onDemand.made.withLock { made in
      var missing: [Int] = []
      for point in queries.coordinates[range] {
        let steps = (point - axis.lowest) / axis.width
        guard steps >= 0, steps < Double(axis.count) else { continue }
        // A point on an edge may be assigned to either side.
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
    let interpolation = interpolations[0][0]
    let moments = onDemand.moments.base
    translateLast(
      line, target..<target + 1, from: moments + line.lowerBound * momentStride,
      execution: execution)
    var errors = [Double](repeating: 0, count: columnCount + 1)
    var sizes = errors
    let sources =
      max(
        line.lowerBound, target - interpolation.reach)..<min(
        line.upperBound, target + interpolation.reach + 1)
    for source in sources where moments[source * momentStride] != 0 {
      let masses = onDemand.masses.base + source * columnCount
      let offset = abs(target - source)
      let error = interpolation.error[offset] + Self.rounding * interpolation.growth[offset]
      errors[0] += error * moments[source * momentStride]
      for column in 0..<columnCount {
        errors[column + 1] += error * masses[column]
        sizes[column + 1] += interpolation.central[offset] * masses[column]
      }
    }
    for (place, run) in outputs.runs.enumerated() {
      let rest = rest(
        of: run, kernel: onDemand.kernel, bandwidths: onDemand.bandwidths, keys: onDemand.keys)
      certify(
        target, place, error: errors[place] + rest, size: sizes[place],
        accuracy: onDemand.accuracy)
    }
    if grid.uncertainRows.contains(where: { $0.contains(target) }) {
      certificates.base[target * certificateStride] = .infinity
    }
  }
}
