internal import SimilarityKernels
internal import _CKernelSums

/// Points in the order of their cells, by counting.
struct CellOrder {
  /// A cell with the points that lie in it, places in the order.
  struct Cell: Sendable {
    let row: Int
    let points: Range<Int>
  }

  /// Cells with points in ascending order of their rows.
  let occupied: [Cell]

  /// For each place the point, counted from the start of the range; points outside come last.
  let order: [Int32]

  /// How many points lie in some cell.
  let insideCount: Int

  /// u of each point in this order, for each input.
  let places: [AlignedMemory]

  init(_ points: Points, range: Range<Int>, table: CellTable, execution: Execution) {
    let loops = execution.instructions.loops.cells
    let dimension = points.dimension
    let rowCount = table.grid.rowCount
    let count = range.count
    let workers = max(
      1, min(execution.threadLimit, count >> 12, max(1, (1 << 24) / (rowCount + 1))))
    let chunk = (count + workers - 1) / workers
    // A bucket more for points outside.
    var starts = [Int](repeating: 0, count: workers * (rowCount + 1))
    let places = (0..<dimension).map { _ in AlignedMemory(count: count + 8) }
    var pointers = places.map { $0.base as UnsafeMutablePointer<Double>? }
    var limited = execution
    limited.threads = workers
    limited.progress = nil
    order = [Int32](unsafeUninitializedCapacity: count) { order, used in
      points.coordinates.withUnsafeBufferPointer { coordinates in
        starts.withUnsafeMutableBufferPointer { starts in
          pointers.withUnsafeMutableBufferPointer { pointers in
            nonisolated(unsafe) let (order, starts, pointers) = (order, starts, pointers)
            func each(
              _ body: (
                _ chunk: Range<Int>, _ points: UnsafePointer<Double>,
                _ starts: UnsafeMutablePointer<Int>
              ) -> Void
            ) {
              limited.forEachBlock(of: workers, atMost: 1, scratch: { () }) { worker, _ in
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
                  $0, rowCount, chunk.lowerBound, chunk.count, points, starts, order.baseAddress,
                  pointers.baseAddress)
              }
            }
          }
        }
      }
      used = count
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
    insideCount = begin
    self.places = places
  }

  /// A column in this order, padded.
  func sorted(_ column: [Double], execution: Execution) -> AlignedMemory {
    let memory = AlignedMemory(count: column.count + 8)
    column.withUnsafeBufferPointer { column in
      order.withUnsafeBufferPointer { order in
        var silent = execution
        silent.progress = nil
        silent.forEachBlock(of: order.count, atMost: 1 << 14, scratch: { () }) { block, _ in
          for place in block { memory.base[place] = column[Int(order[place])] }
        }
      }
    }
    return memory
  }
}
