internal import KernelSums
internal import RealModule
internal import SimilarityKernels

// The criteria from one pass.
//
// With S₋ = Σⱼ≠ᵢ wⱼ(kᵢ) the sum over all other keys, κ = ωᵢ K(0) the weight of a key at itself and e₋ the
// leave-one-out residual of row i,
//
//     Hᵢᵢ = κ/(κ + S₋),     1 − Hᵢᵢ = S₋/(κ + S₋) = 1/(1 + κ/S₋),     eᵢ = e₋(1 − Hᵢᵢ),
//
// the last because the estimate is the mean of value i and the estimate without it, with weights κ and
// S₋. So the sums with each key omitted give all that a criterion needs, and nothing is subtracted: 1 −
// Hᵢᵢ is as accurate where it is 1e-200 as where it is 1. S₋ is anchored, S₋ = exp(a) s, and the quotient
// is computed as ωᵢ K(0) exp(−a)/s, which may overflow to ∞ where 1 − Hᵢᵢ is 0 to all digits.
extension KernelSmoother {
  /// The terms of leave-one-out, generalized cross-validation and Akaike's corrected criterion.
  ///
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if no other row supports a row
  ///   with weight.
  /// - Complexity: that of a prediction at n queries.
  ///
  /// ## Accuracy
  /// As for the leave-one-out estimates; the trace within as many units in the last place.
  package func criteria() throws(KernelRegressionError) -> CriterionReport {
    guard degree == 0 else { return try polynomialCriteria() }
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.planned(forQueries: keys.count).tallied()
    }
  }

  private func tallied() throws(KernelRegressionError) -> CriterionReport {
    var tally = CriterionTally(columnCount: values.count)
    var unsupported: [Int] = []
    for start in stride(from: 0, to: keys.count, by: engine.runLength) {
      let run = start..<min(start + engine.runLength, keys.count)
      let sums = engine.sums(
        at: keys, in: run, omission: .own, squares: false, execution: execution.unreported)
      try execution.checkCancellation()
      // Summing pieces first and then the pieces' sums loses few digits over a million terms.
      sums.withUnsafeSums { sums in
        let pieces = stride(from: 0, to: run.count, by: Self.tallyLength).map {
          $0..<min($0 + Self.tallyLength, run.count)
        }
        let parts = execution.silent.map(pieces.count) {
          self.tally(of: sums, pieces[$0], from: run.lowerBound)
        }
        for part in parts {
          tally.add(part.tally)
          unsupported += part.unsupported
        }
      }
      execution.progress?(Double(run.upperBound) / Double(keys.count))
    }
    unsupported = takingOutFirstRows(unsupported, into: &tally)
    if !unsupported.isEmpty { try add(unsupported, to: &tally) }
    return tally.report(unsupportedRows: unsupported.count)
  }

  /// Counts the unsupported rows that no row precedes, and returns the others.
  func takingOutFirstRows(_ rows: [Int], into tally: inout CriterionTally) -> [Int] {
    guard isCausal else { return rows }
    return rows.filter { row in
      if keyWeights.hasAnyKey(for: keys[row], excluding: row) { return true }
      tally.withoutEarlier += 1
      tally.weightWithoutEarlier += observationWeights?[row] ?? 1
      return false
    }
  }

  /// α of a key and itself.
  private var selfSimilarity: Double { similarity.weight(query: keys[0], key: keys[0]) }

  /// How many rows are tallied by one thread at a time.
  private static var tallyLength: Int { 1 << 12 }

  /// The tally of some of the sums of a run of rows, which begins with row `first`, and the rows among them that
  /// no other supports.
  private func tally(
    of sums: UnsafeSums, _ slots: Range<Int>, from first: Int
  ) -> (tally: CriterionTally, unsupported: [Int]) {
    if let tally = plainTally(of: sums, slots, from: first) { return (tally, []) }
    var tally = CriterionTally(columnCount: values.count)
    var unsupported: [Int] = []
    let peak = selfSimilarity
    let (weights, logAnchors) = (sums.weights, sums.logAnchors)
    var lastAnchor = 0.0
    var unanchored = 1.0
    var complements = [Double](repeating: 0, count: slots.count)
    for slot in slots {
      let weight = observationWeights?[first + slot] ?? 1
      guard weight > 0 else { continue }
      tally.rowCount += 1
      tally.weight += weight
      guard weights[slot] > 0 else {
        unsupported.append(first + slot)
        continue
      }
      if logAnchors[slot] != lastAnchor {
        lastAnchor = logAnchors[slot]
        unanchored = .exp(-lastAnchor)
      }
      let complement = 1 / (1 + weight * peak * unanchored / weights[slot])
      complements[slot - slots.lowerBound] = complement
      tally.residualFreedom += complement
    }
    for column in values.indices {
      let pooled = sums.column(column)
      let scale = valueScales[column]
      var leftOut = 0.0
      var kept = 0.0
      values[column].withUnsafeBufferPointer { values in
        for slot in slots where weights[slot] > 0 {
          let row = first + slot
          let weight = observationWeights?[row] ?? 1
          guard weight > 0 else { continue }
          let residual = values[row] - pooled[slot] / weights[slot] * scale
          leftOut += weight * residual * residual
          let reduced = residual * complements[slot - slots.lowerBound]
          kept += weight * reduced * reduced
        }
      }
      tally.leaveOneOutSquares[column] += leftOut
      tally.squares[column] += kept
    }
    return (tally, unsupported)
  }

  /// The tally of rows without observation weights that have support under one anchor; nil if there are others.
  ///
  /// It takes eight rows at a time, because one row after another would take as long as the sums do.
  private func plainTally(
    of sums: UnsafeSums, _ slots: Range<Int>, from first: Int
  ) -> CriterionTally? {
    typealias Lanes = SIMD8<Double>
    guard observationWeights == nil, slots.count.isMultiple(of: Lanes.scalarCount) else {
      return nil
    }
    func lanes(_ numbers: UnsafePointer<Double>, _ index: Int) -> Lanes {
      UnsafeRawPointer(numbers + index).loadUnaligned(as: Lanes.self)
    }
    let (weights, logAnchors) = (sums.weights, sums.logAnchors)
    let anchor = logAnchors[slots.lowerBound]
    var arePlain = SIMDMask<Lanes.MaskStorage>(repeating: true)
    for slot in stride(from: slots.lowerBound, to: slots.upperBound, by: Lanes.scalarCount) {
      arePlain .&= (lanes(weights, slot) .> 0)
        .& (lanes(logAnchors, slot) .== Lanes(repeating: anchor))
    }
    guard all(arePlain) else { return nil }
    var tally = CriterionTally(columnCount: values.count)
    tally.rowCount = slots.count
    tally.weight = Double(slots.count)
    let own = Lanes(repeating: selfSimilarity * .exp(-anchor))
    for column in values.indices {
      let pooled = sums.column(column)
      let scale = valueScales[column]
      var (leftOut, kept, freedom) = (Lanes.zero, Lanes.zero, Lanes.zero)
      values[column].withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        for slot in stride(from: slots.lowerBound, to: slots.upperBound, by: Lanes.scalarCount) {
          let weight = lanes(weights, slot)
          let complement = weight / (weight + own)
          let residual = lanes(values, first + slot) - lanes(pooled, slot) / weight * scale
          let reduced = residual * complement
          freedom += complement
          leftOut += residual * residual
          kept += reduced * reduced
        }
      }
      tally.residualFreedom = freedom.sum()
      tally.leaveOneOutSquares[column] = leftOut.sum()
      tally.squares[column] = kept.sum()
    }
    return tally
  }

  /// Adds the squared residuals of the policy's predictions at rows that no other row supports.
  private func add(_ rows: [Int], to tally: inout CriterionTally) throws(KernelRegressionError) {
    guard emptyWindow != .notANumber else {
      tally.leaveOneOutSquares = values.map { _ in .nan }
      return
    }
    var estimates = values.map { _ in [Double](repeating: .nan, count: keys.count) }
    try fill(rows, of: &estimates, at: keys, omission: .own)
    for column in values.indices {
      for row in rows {
        let residual = values[column][row] - estimates[column][row]
        tally.leaveOneOutSquares[column] +=
          (observationWeights?[row] ?? 1) * residual * residual
      }
    }
  }
}

extension KernelSmoother {
  /// The terms of the criteria for degrees above 0.
  ///
  /// See ``leaveOneOutFits()`` for the identities used.
  ///
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if no other row supports a row
  ///   with weight.
  /// - Complexity: that of a prediction at n queries.
  func polynomialCriteria() throws(KernelRegressionError) -> CriterionReport {
    try finished { estimator throws(KernelRegressionError) in
      try estimator.planned(forQueries: keys.count).talliedPolynomials()
    }
  }

  private func talliedPolynomials() throws(KernelRegressionError) -> CriterionReport {
    var tally = CriterionTally(columnCount: values.count)
    var left: [(run: Range<Int>, execution: Execution)] = []
    for (run, execution) in runs(of: keys) {
      guard observationWeights == nil, !isCausal else {
        left.append((run, execution))
        continue
      }
      let sums = engine.sums(
        at: keys, in: run, omission: .own, squares: false, execution: execution)
      try execution.checkCancellation()
      let pieces = stride(from: 0, to: run.count, by: Self.tallyLength).map {
        $0..<min($0 + Self.tallyLength, run.count)
      }
      let parts = sums.withUnsafeSums { sums in
        execution.silent.map(pieces.count) {
          plainPolynomialTally(of: sums, pieces[$0], from: run.lowerBound)
        }
      }
      for (piece, part) in zip(pieces, parts) {
        if let part {
          tally.add(part)
        } else {
          let rows = run.lowerBound + piece.lowerBound..<run.lowerBound + piece.upperBound
          left.append((rows, execution.unreported))
        }
      }
    }
    guard !left.isEmpty else { return tally.report(unsupportedRows: 0) }
    let fits = try fitsWithoutOwn(in: left)
    let rows = left.map(\.run).joined().filter { weight($0) > 0 }
    for row in rows {
      tally.rowCount += 1
      tally.weight += weight(row)
      tally.residualFreedom += fits.freedoms[row]
    }
    let unsupported = takingOutFirstRows(
      fits.unsupported.filter { weight($0) > 0 }, into: &tally)
    let isLeftOut = Set(fits.unsupported).subtracting(unsupported)
    for column in values.indices {
      for row in rows where !isLeftOut.contains(row) {
        let residual = values[column][row] - fits.estimates[column][row]
        tally.leaveOneOutSquares[column] += weight(row) * residual * residual
        let kept = fits.residuals[column][row]
        tally.squares[column] += weight(row) * kept * kept
      }
    }
    return tally.report(unsupportedRows: unsupported.count)
  }

  /// The tally of rows without observation weights whose moments determine the polynomials well, under one
  /// anchor; nil if there are others.
  private func plainPolynomialTally(
    of sums: UnsafeSums, _ slots: Range<Int>, from first: Int
  ) -> CriterionTally? {
    typealias Lanes = LaneFit.Lanes
    guard slots.count.isMultiple(of: Lanes.scalarCount) else { return nil }
    let anchor = sums.logAnchors[slots.lowerBound]
    guard slots.allSatisfy({ sums.logAnchors[$0] == anchor }) else { return nil }
    var fit = LaneFit(problem)
    var tally = CriterionTally(columnCount: values.count)
    tally.rowCount = slots.count
    tally.weight = Double(slots.count)
    let own = selfSimilarity * .exp(-anchor)
    guard own.isFinite else { return nil }
    var freedom = Lanes.zero
    var squares = [(leftOut: Lanes, kept: Lanes)](
      repeating: (.zero, .zero), count: values.count)
    for slot in stride(from: slots.lowerBound, to: slots.upperBound, by: Lanes.scalarCount) {
      guard fit.decompose(sums, at: slot) else { return nil }
      let complement = 1 / (1 + own * fit.inverse)
      freedom += complement
      for column in values.indices {
        let actual = values[column].withUnsafeBytes {
          $0.loadUnaligned(
            fromByteOffset: (first + slot) * MemoryLayout<Double>.stride, as: Lanes.self)
        }
        let residual = actual - fit.values(column, of: sums, at: slot) * valueScales[column]
        let kept = residual * complement
        squares[column].leftOut += residual * residual
        squares[column].kept += kept * kept
      }
    }
    tally.residualFreedom = freedom.sum()
    for column in values.indices {
      tally.leaveOneOutSquares[column] = squares[column].leftOut.sum()
      tally.squares[column] = squares[column].kept.sum()
    }
    return tally
  }
}
