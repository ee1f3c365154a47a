internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// The polynomials at a run of queries.
  ///
  /// Fitted to the moments where these determine the polynomials well, otherwise to the keys themselves.
  ///
  /// - Parameters:
  ///   - slopes: whether to find slopes that depend on keys whose weights underflow, where the value does
  ///     not.
  ///   - span: what all keys determine, shared by several runs.
  ///   - kept: keeps the polynomials, if given.
  func fits(
    at queries: Points, in run: Range<Int>, omission: Omission, squares: Bool,
    slopes: Bool, span shared: Once<KeySpan> = Once(), keptBy kept: FitSlopes? = nil,
    execution: Execution
  ) -> QueryFits {
    let problem = problem
    let sums = engine.sums(
      at: queries, in: run, omission: omission, squares: squares, execution: execution)
    let fits = QueryFits(
      count: run.count, scales: valueScales, bandwidths: similarity.bandwidths)
    sums.withUnsafeSums { sums in
      execution.unreported.forEachBlock(
        of: run.count, atMost: 1024, scratch: { MomentFit(problem) }
      ) { block, fit in
        for slot in block {
          fits.takeSampleSize(sums, at: slot)
          guard sums.weights[slot] > 0 else { continue }
          if fit.solve(sums, at: slot), !slopes || fit.slopesKeepDigits {
            fits.take(fit, at: slot, degree: degree, logAnchor: sums.logAnchors[slot])
            fits.amplifications[slot] = .sqrt(fit.inverse * sums.weights[slot])
            kept?.take(fit, at: slot, logAnchor: sums.logAnchors[slot])
          } else {
            fits.degrees[slot] = QueryFits.isLeft
          }
        }
      }
      guard !fits.left.isEmpty else { return }
      let span = shared.value { KeySpan(problem, execution: execution) }
      takeReduced(fits.left, of: queries, in: run, span, sums, fits, slopes: slopes)
      let left = fits.left
      let basis = problem.polynomialBasis
      keyWeights.forEachQuery(
        left.map { run.lowerBound + $0 }, of: queries, omission: omission,
        execution: execution.unreported
      ) { place, weights in
        let slot = left[place]
        let fit = CarefulFit(problem, basis)
        fit.fit(at: queries[run.lowerBound + slot], weights: weights)
        fits.take(fit, at: slot, logWeight: sums.logWeight(at: slot))
        fits.amplifications[slot] = .sqrt(fit.inverse)
        kept?.take(fit, at: slot, query: queries[run.lowerBound + slot])
      }
      takeFarKeys(
        left, of: queries, in: run, omission: omission, span, sums, fits, slopes: slopes)
    }
    return fits
  }

  /// Calls `body` with each query whose moments determine the polynomial well.
  ///
  /// - Parameter body: gets the query, its fit and the anchor of its sums, on several threads at once.
  /// - Returns: the other queries.
  /// - Complexity: that of the engine's sums.
  func forEachMomentFit(
    at queries: Points, _ body: (_ query: Int, _ fit: MomentFit, _ logAnchor: Double) -> Void
  ) -> [Int] {
    let problem = problem
    var left: [Int] = []
    for (run, execution) in runs(of: queries) {
      let sums = engine.sums(
        at: queries, in: run, omission: .none, squares: false, execution: execution.unreported)
      let isLeft = MarkedSlots(count: run.count)
      sums.withUnsafeSums { sums in
        execution.unreported.forEachBlock(
          of: run.count, atMost: 1024, scratch: { MomentFit(problem) }
        ) { block, fit in
          for slot in block {
            if sums.weights[slot] > 0, fit.solve(sums, at: slot) {
              body(run.lowerBound + slot, fit, sums.logAnchors[slot])
            } else {
              isLeft.add(slot)
            }
          }
        }
      }
      left += isLeft.slots.map { run.lowerBound + $0 }
    }
    return left
  }

  /// Fits queries at which some monomials follow from others, by the moments of the rest.
  private func takeReduced(
    _ slots: [Int], of queries: Points, in run: Range<Int>, _ span: KeySpan, _ sums: UnsafeSums,
    _ fits: QueryFits, slopes: Bool
  ) {
    let vanishing = !slopes || !similarity.kernel.hasLogProfile
    execution.unreported.forEachBlock(
      of: slots.count, atMost: 1024, scratch: { MomentFit(problem) },
      body: { block, fit in
        for slot in slots[block] {
          let found = fit.solve(
            sums, at: slot, query: queries[run.lowerBound + slot], span: span, vanishing: vanishing)
          guard let found, !slopes || fit.slopesKeepDigits else { continue }
          fits.take(
            fit, at: slot, degree: found.degree, slopes: found.slopes,
            logAnchor: sums.logAnchors[slot])
          fits.amplifications[slot] = .sqrt(fit.inverse * sums.weights[slot])
        }
      })
  }

  /// Refits queries at which keys farther away, whose weights underflow, determine more.
  private func takeFarKeys(
    _ slots: [Int], of queries: Points, in run: Range<Int>, omission: Omission, _ span: KeySpan,
    _ sums: UnsafeSums, _ fits: QueryFits, slopes: Bool
  ) {
    guard similarity.kernel.hasLogProfile else { return }
    // No window gives more than all keys together determine.
    func isShort(_ fit: (degree: Int, slopes: [Bool]), _ query: ArraySlice<Double>) -> Bool {
      let greatest = span.degree(at: query)
      return fit.degree < greatest
        || slopes
          && zip(fit.slopes, span.slopes(at: query, degree: greatest)).contains { !$0 && $1 }
    }
    var left = slots.filter { slot in
      fits.degrees[slot] >= 0
        && isShort(
          (Int(fits.degrees[slot]), fits.slopesAreKnown(at: slot)), queries[run.lowerBound + slot])
    }
    let basis = problem.polynomialBasis
    let isSettled = MarkedSlots(count: run.count)
    var depth = 1e4
    while !left.isEmpty, !execution.isStopped {
      let slots = left
      // Where even the logarithms overflow, only the nearest keys are found at any depth.
      let isDeepest = depth > 1e300
      keyWeights.forEachQuery(
        slots.map { run.lowerBound + $0 }, of: queries, omission: omission, depth: depth,
        execution: execution.unreported
      ) { place, logWeights, isWhole in
        let slot = slots[place]
        let query = queries[run.lowerBound + slot]
        let fit = CarefulFit(problem, basis)
        fit.fit(at: query, logWeights: logWeights)
        guard isWhole || isDeepest || !isShort((fit.degree, fit.slopesAreKnown), query) else {
          return
        }
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
