internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension LocalPolynomial {
  /// The polynomials at a run of queries.
  ///
  /// By the moments where they determine them well, otherwise by the keys themselves.
  func fits(
    at queries: Points, in run: Range<Int>, omission: Omission, squares: Bool, execution: Execution
  ) -> QueryFits {
    let problem = base.problem
    let sums = base.engine.sums(
      at: queries, in: run, omission: omission, squares: squares, execution: execution)
    let fits = QueryFits(
      count: run.count, scales: base.valueScales, bandwidths: similarity.bandwidths)
    sums.withUnsafeSums { sums in
      execution.unreported.forEachBlock(
        of: run.count, atMost: 1024, scratch: { MomentFit(problem) }
      ) { block, fit in
        for slot in block {
          fits.takeSampleSize(sums, at: slot)
          guard sums.weights[slot] > 0 else { continue }
          if fit.solve(sums, at: slot) {
            fits.take(fit, at: slot, degree: degree, logAnchor: sums.logAnchors[slot])
            fits.amplifications[slot] = .sqrt(fit.inverse * sums.weights[slot])
          } else {
            fits.degrees[slot] = QueryFits.isLeft
          }
        }
      }
      let left = (0..<run.count).filter { fits.degrees[$0] == QueryFits.isLeft }
      problem.forEachQuery(
        left.map { run.lowerBound + $0 }, of: queries, omission: omission,
        execution: execution.unreported
      ) { place, weights in
        let slot = left[place]
        let fit = CarefulFit(problem)
        fit.fit(at: queries[run.lowerBound + slot], weights: weights)
        fits.take(fit, at: slot, logWeight: sums.logWeight(at: slot))
        fits.amplifications[slot] = .sqrt(fit.inverse)
      }
      takeFarKeys(left, of: queries, in: run, omission: omission, sums, fits)
    }
    return fits
  }

  /// Fits those queries anew whose degree was lowered though keys farther away, whose weights are none
  /// in double precision, do determine it.
  private func takeFarKeys(
    _ slots: [Int], of queries: Points, in run: Range<Int>, omission: Omission, _ sums: UnsafeSums,
    _ fits: QueryFits
  ) {
    guard similarity.kernel.hasLogProfile else { return }
    var left = slots.filter { (0..<degree).contains(Int(fits.degrees[$0])) }
    guard let first = left.first else { return }
    // Without any window, no key adds to what all of them determine.
    let everywhere = CarefulFit(base.problem)
    everywhere.fit(
      at: queries[run.lowerBound + first],
      weights: keys.indices.map { ($0, weight($0) > 0 ? 1 : 0) })
    let greatest = everywhere.degree
    left = left.filter { Int(fits.degrees[$0]) < greatest }
    let isSettled = MarkedSlots(count: run.count)
    var depth = 1e4
    while !left.isEmpty, !execution.isStopped {
      let slots = left
      // Where logarithms leave the range of doubles too, there are but the nearest keys at any depth.
      let isDeepest = depth > 1e300
      base.problem.forEachQuery(
        slots.map { run.lowerBound + $0 }, of: queries, omission: omission, depth: depth,
        execution: execution.unreported
      ) { place, logWeights, isWhole in
        let slot = slots[place]
        let fit = CarefulFit(base.problem)
        fit.fit(at: queries[run.lowerBound + slot], logWeights: logWeights)
        guard fit.degree >= greatest || isWhole || isDeepest else { return }
        fits.take(fit, at: slot, logWeight: sums.logWeight(at: slot))
        fits.amplifications[slot] = .sqrt(fit.inverse)
        isSettled.add(slot)
      }
      let settled = Set(isSettled.slots)
      left = isDeepest ? [] : slots.filter { !settled.contains($0) }
      depth *= 1e4
    }
  }
}

extension UnsafeSums {
  /// ln Σw.
  fileprivate func logWeight(at slot: Int) -> Double { logAnchors[slot] + .log(weights[slot]) }
}
