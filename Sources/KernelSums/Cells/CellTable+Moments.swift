internal import SimilarityKernels
internal import _CKernelSums

// Moments of the keys of every cell: Σ ω uˡ and Σ ω c uˡ, and the masses Σ ω|c|.
//
// A plain sum of N numbers errs by up to N units in the last place, and equal values do reach that. So
// runs of keys are summed into a separate row before they are added to the cell's.
extension CellTable {
  func addMoments(
    of keys: CellKeys, to table: AlignedMemory, masses: UnsafeMutablePointer<Double>,
    execution: Execution
  ) {
    if dimension == 1 {
      addMomentsOnLine(of: keys, to: table, masses: masses, execution: execution)
    } else {
      addMomentsInBox(of: keys, to: table, masses: masses, execution: execution)
    }
  }

  /// Keys in any order: each is added to its row, since one input's rows are small enough.
  private func addMomentsOnLine(
    of keys: CellKeys, to table: AlignedMemory, masses: UnsafeMutablePointer<Double>,
    execution: Execution
  ) {
    let loops = execution.instructions.loops.cells
    let count = keys.points.count
    let size = grid.rowCount * momentStride
    let massCount = grid.rowCount * columnCount
    // Every thread needs a table; large tables are not worth many threads.
    let affordable = max(1, (1 << 23) / max(size, 1))
    let workers = max(1, min(execution.threadLimit, affordable, count >> 13))
    let run = max(1 << 13, 32 * grid.rowCount)
    let chunk = (count + workers - 1) / workers
    let partial = (0..<workers).map { _ in AlignedMemory(count: size + massCount) }
    var limited = execution
    limited.threads = workers
    keys.columns.withPointers { columns in
      keys.points.coordinates.withUnsafeBufferPointer { points in
        keys.weights.withPointer { weights in
          nonisolated(unsafe) let columns = columns
          nonisolated(unsafe) let weights = weights
          limited.forEachBlock(of: workers, atMost: 1) { worker in
            let total = partial[worker.lowerBound].base
            let range = worker.lowerBound * chunk..<min((worker.lowerBound + 1) * chunk, count)
            guard let base = points.baseAddress, !range.isEmpty else { return }
            let fresh =
              range.count > run
              ? AlignedMemory(count: size + massCount) : partial[worker.lowerBound]
            var shifted = [UnsafePointer<Double>?](repeating: nil, count: columnCount + 1)
            for start in stride(from: range.lowerBound, to: range.upperBound, by: run) {
              for column in 0..<columnCount { shifted[column] = columns[column].map { $0 + start } }
              withCells(ofMoments: true) { cells in
                loops.line_moments(
                  cells, min(run, range.upperBound - start), base + start,
                  weights.map { $0 + start }, &shifted, fresh.base, fresh.base + size)
              }
              guard fresh !== partial[worker.lowerBound] else { continue }
              for index in 0..<size + massCount {
                total[index] += fresh.base[index]
                fresh.base[index] = 0
              }
            }
          }
        }
      }
    }
    for memory in partial {
      for index in 0..<size { table.base[index] += memory.base[index] }
      for index in 0..<massCount { masses[index] += memory.base[size + index] }
    }
  }

  /// Keys in order of their cells: one thread then fills each row, which may be large, in one pass.
  private func addMomentsInBox(
    of keys: CellKeys, to table: AlignedMemory, masses: UnsafeMutablePointer<Double>,
    execution: Execution
  ) {
    let loops = execution.instructions.loops.cells
    let order = CellOrder(
      keys.points, range: keys.points.indices, table: self, execution: execution)
    keys.columns.withPointers { columns in
      keys.weights.withPointer { weights in
        nonisolated(unsafe) let (columns, weights) = (columns, weights)
        execution.forEachBlock(
          of: order.occupied.count, atMost: 16, scratch: { AlignedMemory(count: momentStride) }
        ) { block, fresh in
          for cell in order.occupied[block] {
            let row = table.base + cell.row * momentStride
            for start in stride(from: cell.points.lowerBound, to: cell.points.upperBound, by: 512) {
              withCells(ofMoments: true) { cells in
                loops.cell_moments(
                  cells, start, min(512, cell.points.upperBound - start), order.records.base,
                  weights, columns, fresh.base, masses + cell.row * columnCount)
              }
              for index in 0..<momentStride {
                row[index] += fresh.base[index]
                fresh.base[index] = 0
              }
            }
          }
        }
      }
    }
  }
}

extension [Double]? {
  /// Lets `body` use the numbers, if there are any.
  func withPointer<Result>(_ body: (UnsafePointer<Double>?) -> Result) -> Result {
    guard let self else { return body(nil) }
    return self.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
