internal import SimilarityKernels
internal import _CKernelSums

/// The part that a query leaves out: its own key's weight and values.
struct OwnKeys {
  let weights: [Double]?
  let columns: [[Double]]
}

extension CellTable {
  /// Writes Σw and Σwc of the queries of a range.
  ///
  /// - Parameters:
  ///   - own: for leave-one-out, the weights and columns of the keys, which are the queries.
  ///   - weights: room for Σw, one for each query of the range.
  ///   - columns: room for the other sums, in the order of ``AnchoredSums``.
  /// - Returns: the queries, counted from the start of the range, whose sums are not certain and must
  ///   be computed in another way; ascending.
  func sums(
    at queries: Points, in range: Range<Int>, own: OwnKeys?,
    weights: UnsafeMutablePointer<Double>, columns: [UnsafeMutablePointer<Double>],
    execution: Execution
  ) -> [Int] {
    prepareRows(of: queries, in: range, execution: execution.silent)
    let order =
      dimension == 1
      ? nil : CellOrder(queries, range: range, table: self, execution: execution)
    let pieceLength = order == nil ? 1 << 13 : 16
    let itemCount = order?.occupied.count ?? range.count
    let pieceCount = (itemCount + pieceLength - 1) / pieceLength
    let uncertain = MarkedSlots(count: range.count)
    func items(of piece: Int) -> Range<Int> {
      piece * pieceLength..<min((piece + 1) * pieceLength, itemCount)
    }
    var results = outputs.sums.map { columns[$0.place] as UnsafeMutablePointer<Double>? } + [nil]
    // The own key contributes only to sums of power 0.
    var subtracted = outputs.sums.map { Int32($0.order == 0 ? 1 : 0) } + [0]
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      subtracted.withUnsafeMutableBufferPointer { subtracted in
        results.withUnsafeMutableBufferPointer { results in
          withOwn(own, from: range.lowerBound) { ownWeights, ownColumns in
            guard let base = coordinates.baseAddress, let results = results.baseAddress else {
              return
            }
            var asked = nadaraya_asked()
            asked.queries = base + range.lowerBound * dimension
            asked.own = own == nil ? 0 : 1
            asked.own_weights = ownWeights
            asked.own_columns = ownColumns
            asked.own_is_part = UnsafePointer(subtracted.baseAddress)
            asked.weights = weights
            asked.columns = UnsafePointer(results)
            nonisolated(unsafe) let fixed = asked
            let loops = execution.instructions.loops.cells
            let hasSlopes = outputs.runs.count > outputs.setCount
            if let order {
              execution.forEachBlock(
                of: pieceCount, atMost: 1,
                scratch: { [Int32](repeating: 0, count: range.count + 1) }
              ) { block, found in
                var asked = fixed
                for cell in order.occupied[items(of: block.lowerBound)] {
                  let count = withCells { cells in
                    (hasSlopes ? loops.cell_slopes : loops.cell_evaluate)(
                      cells, &asked, cell.row, cell.points.lowerBound, cell.points.count,
                      order.records.base, &found)
                  }
                  uncertain.add(found[..<count])
                }
              }
              uncertain.add(order.outside[...])
            } else {
              execution.forEachBlock(
                of: pieceCount, atMost: 1,
                scratch: { [Int32](repeating: 0, count: pieceLength + 1) }
              ) { block, found in
                var asked = fixed
                let queries = items(of: block.lowerBound)
                let count = withCells { cells in
                  loops.line_evaluate(cells, &asked, queries.lowerBound, queries.count, &found)
                }
                uncertain.add(found[..<count])
              }
            }
          }
        }
      }
    }
    return uncertain.slots
  }

  private func withOwn(
    _ own: OwnKeys?, from start: Int,
    _ body: (UnsafePointer<Double>?, UnsafePointer<UnsafePointer<Double>?>?) -> Void
  ) {
    guard let own else { return body(nil, nil) }
    own.weights.withPointer { weights in
      own.columns.withPointers { columns in
        var shifted =
          outputs.sums.map { run in run.column.flatMap { columns[$0] }.map { $0 + start } } + [nil]
        shifted.withUnsafeMutableBufferPointer { body(weights.map { $0 + start }, $0.baseAddress) }
      }
    }
  }
}
