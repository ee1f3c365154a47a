internal import SimilarityKernels
internal import _CKernelSums

/// Points in the order of their cells, from a counting sort.
struct CellOrder {
  /// A cell with its range of points in the order.
  struct Cell: Sendable {
    let row: Int
    let points: Range<Int>
  }

  /// Cells with points in ascending order of their rows.
  let occupied: [Cell]

  /// The points in this order, those outside last: positions within the cell in each input, and the
  /// bits of the point's index, counted from the start of the range.
  let records: AlignedMemory

  /// The indices of the points that lie in no cell.
  let outside: [Int32]

  init(_ points: Points, range: Range<Int>, table: CellTable, execution: Execution) {
    let loops = execution.instructions.loops.cells
    let dimension = points.dimension
    let rowCount = table.grid.rowCount
    let count = range.count
    let workers = max(
      1, min(execution.threadLimit, count >> 12, max(1, (1 << 24) / (rowCount + 1))))
    let chunk = (count + workers - 1) / workers
    // One more bucket for points outside.
    var starts = [Int](repeating: 0, count: workers * (rowCount + 1))
    let records = AlignedMemory(
      count: (count + Int(NADARAYA_RECORDS_BEHIND)) * (dimension + 1), isZeroed: false)
    self.records = records
    var limited = execution
    limited.threads = workers
    points.coordinates.withUnsafeBufferPointer { coordinates in
      starts.withUnsafeMutableBufferPointer { starts in
        nonisolated(unsafe) let starts = starts
        func each(
          _ body: (
            _ chunk: Range<Int>, _ points: UnsafePointer<Double>,
            _ starts: UnsafeMutablePointer<Int>
          ) -> Void
        ) {
          limited.forEachBlock(of: workers, atMost: 1) { worker in
            let worker = worker.lowerBound
            let chunk = min(worker * chunk, count)..<min((worker + 1) * chunk, count)
            guard !chunk.isEmpty, let base = coordinates.baseAddress,
              let first = starts.baseAddress
            else { return }
            body(
              chunk, base + (range.lowerBound + chunk.lowerBound) * dimension,
              first + worker * (rowCount + 1))
          }
        }
        each { chunk, points, counts in
          table.withCells { loops.count_points($0, rowCount, chunk.count, points, counts) }
        }
        var next = 0
        for row in 0...rowCount {
          for worker in 0..<workers {
            let place = worker * (rowCount + 1) + row
            (starts[place], next) = (next, next + starts[place])
          }
        }
        each { chunk, points, starts in
          table.withCells {
            loops.order_points(
              $0, rowCount, chunk.lowerBound, chunk.count, points, starts, records.base)
          }
        }
      }
    }
    // The last worker's starts have moved to the ends.
    let ends = (workers - 1) * (rowCount + 1)
    var occupied: [Cell] = []
    var begin = 0
    for row in 0..<rowCount {
      let end = starts[ends + row]
      if end > begin { occupied.append(Cell(row: row, points: begin..<end)) }
      begin = end
    }
    self.occupied = occupied
    outside = (begin..<count).map { place in
      Int32(truncatingIfNeeded: records.base[place * (dimension + 1) + dimension].bitPattern)
    }
  }
}
