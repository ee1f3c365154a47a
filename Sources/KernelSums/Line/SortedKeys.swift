internal import SimilarityKernels
internal import _CKernelSums

/// The keys of one input in stable order, with their observation weights and columns in that order.
///
/// Rows whose observation weight is 0 are left out, so every key here counts. Arrays are padded to
/// whole blocks: keys with infinity, which no query reaches, the others with 0. Immutable, so threads
/// may share it.
///
/// - Complexity: O(n·(1 + p)) time; 20 + 8·p bytes per key while sorting, 12 + 8·p afterwards, and 8
///   more with observation weights.
final class SortedKeys: @unchecked Sendable {
  /// The number of keys with an observation weight above 0.
  let count: Int

  /// The number of rows of the problem.
  let rowCount: Int

  /// The number of value columns.
  let columnCount: Int

  /// The logarithm of the power of two near the largest observation weight that all are divided by.
  let logObservationScale: Double

  /// For each column, whether it has values of both signs.
  let isMixed: [Bool]

  private let numbers: PaddedColumns
  private let orderedRows: [UInt32]
  private let hasWeights: Bool
  private let ownPositions = Once<[Int32]>()

  /// Blocks have at most this many keys, and arrays are padded to a multiple of it.
  static var longestBlock: Int { 64 }

  init(_ problem: KernelSumProblem, execution: Execution) {
    precondition(problem.keys.dimension == 1, "only keys with one input can be sorted")
    precondition(problem.keys.count <= Int(Int32.max), "only fewer than 2³¹ keys can be sorted")
    rowCount = problem.keys.count
    columnCount = problem.columns.count
    let scaled = problem.orders.weights(problem)
    logObservationScale = scaled.logScale
    hasWeights = problem.observationWeights != nil
    let rows = problem.observationWeights.flatMap { weights in
      weights.contains(0) ? weights.indices.filter { weights[$0] > 0 } : nil
    }
    let count = rows?.count ?? problem.keys.count
    self.count = count
    let room = PatternRoom(capacity: max(count, 1))
    let coordinates = problem.keys.coordinates
    (rows.map { $0.map { coordinates[$0] } } ?? coordinates).withUnsafeBufferPointer {
      if let base = $0.baseAddress { room.sort(base, count: count, execution: execution) }
    }
    let orderedRows = [UInt32](unsafeUninitializedCapacity: count) { buffer, used in
      for position in 0..<count {
        let place = room.run.rows[position]
        buffer.initializeElement(at: position, to: rows.map { UInt32($0[Int(place)]) } ?? place)
      }
      used = count
    }
    self.orderedRows = orderedRows
    numbers = PaddedColumns(
      rowCount: count, multiple: Self.longestBlock,
      columnCount: 1 + problem.columns.count + (hasWeights ? 1 : 0)
    ) { numbers, column, padded in
      func gather(_ source: [Double]) {
        source.withUnsafeBufferPointer { source in
          orderedRows.withUnsafeBufferPointer { rows in
            execution.forEachBlock(of: count, atMost: 1 << 16) { block in
              for position in block { numbers[position] = source[Int(rows[position])] }
            }
          }
        }
      }
      switch column {
      case 0:
        for position in 0..<count {
          numbers[position] = Double(orderedPattern: room.run.patterns[position])
        }
        for position in count..<padded { numbers[position] = .infinity }
      case 1..<1 + problem.columns.count:
        gather(problem.columns[column - 1])
      default: gather(scaled.weights ?? [])
      }
    }
    isMixed = problem.columns.map { column in
      column.contains { $0 < 0 } && column.contains { $0 > 0 }
    }
  }

  /// The keys in order.
  var keys: UnsafePointer<Double> { numbers.column(0) }

  /// One value column in their order.
  func column(_ index: Int) -> UnsafePointer<Double> {
    precondition((0..<columnCount).contains(index), "there is no column \(index)")
    return numbers.column(1 + index)
  }

  /// Their observation weights divided by a power of two near the largest; nil if all are 1.
  var observationWeights: UnsafePointer<Double>? {
    hasWeights ? numbers.column(1 + columnCount) : nil
  }

  /// The row of the problem that a key came from.
  func row(_ position: Int) -> Int { Int(orderedRows[position]) }

  /// The place of each row's key in the order; −1 for a row that was left out.
  ///
  /// - Complexity: O(n) the first time.
  var positions: [Int32] {
    ownPositions.value {
      [Int32](unsafeUninitializedCapacity: rowCount) { buffer, used in
        buffer.initialize(repeating: -1)
        for position in 0..<count { buffer[Int(orderedRows[position])] = Int32(position) }
        used = rowCount
      }
    }
  }
}
