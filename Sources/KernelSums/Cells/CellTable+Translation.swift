internal import _CKernelSums

// Moments become local coefficients, an input at a time: along a line of cells
//
//     L_J = Σ_s C⁽ˢ⁾ M_(J−s)
//
// and the other inputs' powers are carried along. For moments about a query, every power of key minus
// query has its own matrices.
extension CellTable {
  /// - Parameter moments: in several inputs they are overwritten by the coefficients.
  func translate(_ moments: AlignedMemory, execution: Execution) {
    for axis in grid.axes.indices {
      if axis == dimension - 1 {
        translateLast(moments, execution: execution)
      } else {
        translate(along: axis, execution: execution)
      }
    }
  }

  /// Lines of the last input, whose rows are adjacent.
  ///
  /// One input has a few long lines, which are cut so that threads share them; several inputs have many
  /// short ones, and each thread needs a copy of one at a time.
  private func translateLast(_ moments: AlignedMemory, execution: Execution) {
    guard dimension == 1 else {
      let longest = grid.axes[dimension - 1].count * rowStride
      func room() -> AlignedMemory { AlignedMemory(count: longest, isZeroed: false) }
      execution.forEachBlock(of: grid.lines.count, atMost: 8, scratch: room) { block, copy in
        for line in grid.lines[block] {
          copy.base.update(
            from: coefficients.base + line.lowerBound * rowStride, count: line.count * rowStride)
          translateLast(line, line, from: copy.base, execution: execution)
        }
      }
      return
    }
    let pieces = grid.lines.flatMap { line in
      stride(from: line.lowerBound, to: line.upperBound, by: 64).map { start in
        (line: line, targets: start..<min(start + 64, line.upperBound))
      }
    }
    execution.forEachBlock(of: pieces.count, atMost: 8) { block in
      for (line, targets) in pieces[block] {
        translateLast(
          line, targets, from: moments.base + line.lowerBound * momentStride, execution: execution)
      }
    }
  }

  /// The coefficients of some rows of a line from the moments of all its rows.
  func translateLast(
    _ line: Range<Int>, _ targets: Range<Int>, from moments: UnsafeMutablePointer<Double>,
    execution: Execution
  ) {
    let loops = execution.instructions.loops.cells
    for (runs, interpolation) in zip(outputs.powers, interpolations[dimension - 1]) {
      let reach = interpolation.reach
      let size = runs.count * columnStride
      interpolation.transposed.withUnsafeBufferPointer { matrices in
        guard let first = matrices.baseAddress else { return }
        for target in targets {
          let to = coefficients.base + target * rowStride + runs.lowerBound * columnStride
          to.update(repeating: 0, count: size)
          for source in max(
            line.lowerBound, target - reach)..<min(line.upperBound, target + reach + 1)
          {
            let from = moments + (source - line.lowerBound) * momentStride
            guard from[0] != 0 else { continue }
            loops.translate_powers(
              size / paddedTerms, shape.terms, paddedTerms,
              first + (target - source + reach) * shape.terms * paddedTerms, from, to)
          }
        }
      }
    }
  }

  /// Lines of another input: each through a buffer.
  private func translate(along axis: Int, execution: Execution) {
    let loops = execution.instructions.loops.cells
    let interpolation = interpolations[axis][0]
    let terms = shape.terms
    let step = grid.stride(along: axis)
    let count = grid.axes[axis].count
    // Powers of the inputs before this one, and runs of powers of those after it.
    let outer = (columnCount + 1) * (0..<axis).reduce(1) { product, _ in product * terms }
    let inner = rowStride / outer / terms
    let lines = grid.boxes(along: axis).flatMap { box in
      (box.lowerBound..<box.lowerBound + step).map { $0 }
    }
    interpolation.matrices.withUnsafeBufferPointer { matrices in
      guard let matrices = matrices.baseAddress else { return }
      nonisolated(unsafe) let first = matrices
      execution.forEachBlock(
        of: lines.count, atMost: 8, scratch: { AlignedMemory(count: count * rowStride) }
      ) { block, buffer in
        for line in lines[block] {
          for cell in 0..<count {
            let row = coefficients.base + (line + cell * step) * rowStride
            (buffer.base + cell * rowStride).update(from: row, count: rowStride)
            row.update(repeating: 0, count: rowStride)
          }
          for source in 0..<count where buffer.base[source * rowStride] != 0 {
            let from = buffer.base + source * rowStride
            let targets =
              max(0, source - interpolation.reach)..<min(count, source + interpolation.reach + 1)
            for target in targets {
              let to = coefficients.base + (line + target * step) * rowStride
              let matrix =
                first + (target - source + interpolation.reach) * terms * terms
              loops.translate_runs(outer, terms, inner, matrix, from, to)
            }
          }
        }
      }
    }
  }
}
