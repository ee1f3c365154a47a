internal import SimilarityKernels

// How large a query's sums must be for it to be certain.
//
// With A_I = Σω over the keys of cell I, the transform errs at a query of cell J by at most
//
//     E_J = Σ_I ε(J − I) A_I + 2⁻⁴⁷ Σ_I G(J − I) A_I + K(reach) Σω
//
// in one input: ε from interpolation; G ≥ Σ|C_lk| times the rounding errors of summing moments (runs of
// 32 keys a cell, then N/32 of them), translating and evaluating, each a few units in the last place,
// 64 in all; the rest is due to keys beyond reach. In several inputs the weights multiply. With a(s)
// the largest weight along one input, a product of approximations differs from the product by at most
// ∏(a + ε) − ∏a, which is accumulated an input at a time without cancelling,
//
//     X ← a ∗ X,   Y ← (a + ε) ∗ Y + ε ∗ X,   from X = A, Y = 0,
//
// and rounding is multiplied by each input's growth: 2⁻⁴⁷ d ∏G ∗ A.
//
// The same bound with masses Σω|c| applies to Σwc, and with an input's (−u)ᵃ K(u) in place of K to
// moments about the query. Each sum may err by half of the accuracy ε, so that their ratio errs by at
// most ε:
//
//     E ≤ (ε/2) Σw,   E ≤ (ε/2) m_a max(|Σwuᵃc|, central ∗ mass, floor · Σw)
//
// where central(s) is the weight between the centres of two cells, so that central ∗ mass approximates
// Σw|c| where values of both signs cancel, and m_a is the approximate size of a moment of the power a
// (`CellKernel.momentSize`), 1 for a = 0. An estimate errs by at most ε times the largest of itself,
// the mean of |c| under the weights from centre to centre, and 10⁻⁹ of the largest |c|; a moment by ε
// m_a times the same, and a moment of the weights alone by ε m_a Σw.
extension CellTable {
  func certify(
    kernel: CellKernel, bandwidths: [Double], moments: AlignedMemory,
    masses: UnsafeMutablePointer<Double>, accuracy: Double, keys: CellKeys, execution: Execution
  ) {
    let rows = grid.rowCount
    let weights = (0..<rows).map { moments.base[$0 * momentStride] }
    let columns = (0..<columnCount).map { column in
      (0..<rows).map { masses[$0 * columnCount + column] }
    }
    let sizes = columns.map { mass in
      grid.axes.indices.reduce(mass) {
        convolved($0, with: interpolations[$1][0].central, along: $1)
      }
    }
    let bounds = execution.map(outputs.runs.count) { place in
      let run = outputs.runs[place]
      return errors(of: run.column.map { columns[$0] } ?? weights, powers: run.powers)
    }
    for (place, run) in outputs.runs.enumerated() {
      let errors = bounds[place]
      let rest = rest(of: run, kernel: kernel, bandwidths: bandwidths, keys: keys)
      for row in 0..<rows {
        certify(
          row, place, error: errors[row] + rest, size: run.column.map { sizes[$0][row] } ?? 0,
          accuracy: accuracy)
      }
    }
    for row in grid.uncertainRows.joined() {
      certificates.base[row * certificateStride] = .infinity
    }
  }

  /// Writes the certificate of one sum of a row.
  func certify(_ row: Int, _ place: Int, error: Double, size: Double, accuracy: Double) {
    let certificate = certificates.base + row * certificateStride
    let demand = 2 / (accuracy * CellKernel.momentSize(outputs.runs[place].powers))
    certificate[max(2 * place - 1, 0)] = demand * error
    if place > 0 { certificate[2 * place] = size }
  }

  /// A bound on the terms beyond reach, K(reach) Σω max|c|.
  ///
  /// In several inputs powers are at most 2, and the other inputs' |u|ᵃ K(u) below 1.
  func rest(
    of run: CellOutputs.Run, kernel: CellKernel, bandwidths: [Double], keys: CellKeys
  ) -> Double {
    let tail = grid.axes.indices.reduce(0.0) { sum, axis in
      let reach = interpolations[axis][0].reach
      let isWhole = reach >= grid.axes[axis].count - 1 && grid.pages.count == 2
      let distance = Double(reach) * grid.axes[axis].width / bandwidths[axis]
      return isWhole ? sum : sum + kernel.times(power: run.powers[axis])(distance).magnitude
    }
    return tail * keys.totalWeight * (run.column.map { keys.magnitudes[$0] } ?? 1)
  }

  /// E without its tail, for given masses.
  private func errors(of masses: [Double], powers: [Int]) -> [Double] {
    var greatest = masses
    var growth = masses
    var errors: [Double]?
    for (axis, power) in powers.enumerated() {
      let interpolation = interpolations[axis][power]
      var next = convolved(greatest, with: interpolation.error, along: axis)
      if let errors {
        let factors = zip(interpolation.greatest, interpolation.error).map { $0 + $1 }
        let carried = convolved(errors, with: factors, along: axis)
        for row in next.indices { next[row] += carried[row] }
      }
      errors = next
      growth = convolved(growth, with: interpolation.growth, along: axis)
      if axis < powers.count - 1 {
        greatest = convolved(greatest, with: interpolation.greatest, along: axis)
      }
    }
    return zip(errors ?? masses, growth).map {
      $0 + Self.rounding * Double(dimension) * $1
    }
  }

  /// The rounding error relative to Σ|C_lk| times a mass, for each input.
  static var rounding: Double { 0x1p-47 }

  /// Σ over s of factors[|s|] · numbers[row − s·stride] within each line of cells.
  private func convolved(_ numbers: [Double], with factors: [Double], along axis: Int) -> [Double] {
    var result = [Double](repeating: 0, count: numbers.count)
    let stride = grid.stride(along: axis)
    let lines = axis == grid.axes.count - 1 ? grid.lines : grid.boxes(along: axis)
    numbers.withUnsafeBufferPointer { numbers in
      result.withUnsafeMutableBufferPointer { result in
        for line in lines {
          let count = line.count / stride
          for source in 0..<count {
            let from = line.lowerBound + source * stride
            for target in max(0, source - factors.count + 1)..<min(count, source + factors.count) {
              let factor = factors[abs(target - source)]
              let to = line.lowerBound + target * stride
              for inner in 0..<stride { result[to + inner] += factor * numbers[from + inner] }
            }
          }
        }
      }
    }
    return result
  }
}

extension CellGrid {
  /// The rows that share the cells of all axes before this one.
  func boxes(along axis: Int) -> [Range<Int>] {
    let length = axes[axis...].reduce(1) { $0 * $1.count }
    return Swift.stride(from: 0, to: rowCount, by: length).map { $0..<$0 + length }
  }
}
