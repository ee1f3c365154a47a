internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// Calls `body` with each query and its row of the smoother: the weight ℓᵢ of each value in the
  /// estimate, Σℓᵢ = 1, or none without support.
  ///
  /// ```
  /// ℓᵢ = wᵢ Σ_a x_a uᵢ^a,   x = S⁻¹e₀
  /// ```
  ///
  /// - Parameter body: called from several threads at once.
  /// - Complexity: that of the engine's sums, and O(N) for each key in reach of a query.
  func forEachSmootherRow(
    at queries: Points, execution: Execution,
    body: @escaping (_ query: Int, _ row: [(key: Int, weight: Double)]) -> Void
  ) {
    let basis = problem.polynomialBasis
    let monomials = problem.monomials(ofDegree: degree)
    let count = monomials.count
    var estimator = self
    estimator.execution = execution
    for (run, execution) in estimator.runs(of: queries) {
      let solutions = smootherSolutions(at: queries, in: run, execution: execution).numbers
      let span =
        similarity.kernel.hasLogProfile && solutions.contains(where: \.isNaN)
        ? KeySpan(problem, execution: execution) : nil
      keyWeights.forEachQuery(
        Array(run), of: queries, omission: .none, execution: execution
      ) { slot, weights in
        let query = run.lowerBound + slot
        let solution = solutions[slot * count..<(slot + 1) * count]
        guard solution.allSatisfy(\.isFinite) else {
          let fit = CarefulFit(problem, basis)
          fit.fit(at: queries[query], weights: weights)
          // Keys farther away, whose weights underflow, may determine the polynomial.
          if let span, (0..<degree).contains(fit.degree),
            fit.degree < span.degree(at: queries[query])
          {
            let far = smootherRow(of: query, among: queries, leavesOutOwn: false)
            return body(query, far?.entries ?? [])
          }
          return body(query, fit.degree < 0 ? [] : fit.smootherWeights())
        }
        body(query, problem.smootherRow(solution, weights, at: queries[query], monomials))
      }
    }
  }
}

/// x Σw of some queries, query after query; see ``KernelSmoother/smootherSolutions(at:in:execution:)``.
struct SmootherSolutions {
  /// NaN where moments do not determine x.
  let numbers: [Double]
  /// For each query the estimates of the value columns, divided by their scales.
  let estimates: [Double]
  /// Σw of each query, and ln of its unit.
  let weights: [Double]
  let logAnchors: [Double]
}

extension KernelSmoother {
  /// x = S⁻¹e₀ at a run of queries, from the moments.
  func smootherSolutions(
    at queries: Points, in run: Range<Int>, execution: Execution
  ) -> SmootherSolutions {
    let count = problem.monomials(ofDegree: degree).count
    let columnCount = values.count
    let sums = engine.sums(
      at: queries, in: run, omission: .none, squares: false, execution: execution.unreported)
    var solutions = [Double](repeating: .nan, count: run.count * count)
    var estimates = [Double](repeating: .nan, count: run.count * columnCount)
    return sums.withUnsafeSums { sums in
      solutions.withUnsafeMutableBufferPointer { solutions in
        estimates.withUnsafeMutableBufferPointer { estimates in
          nonisolated(unsafe) let (solutions, estimates) = (solutions, estimates)
          @Sendable func take(_ fit: MomentFit, _ slot: Int) {
            for column in 0..<columnCount {
              estimates[slot * columnCount + column] = fit.coefficients[column * fit.count]
            }
            let solution = fit.inverseColumn()
            for place in 0..<count { solutions[slot * count + place] = 0 }
            for (place, column) in fit.columns.enumerated() {
              solutions[slot * count + column] = solution[place] * sums.weights[slot]
            }
          }
          execution.unreported.forEachBlock(
            of: run.count, atMost: 1024, scratch: { MomentFit(problem) }
          ) { block, fit in
            for slot in block where sums.weights[slot] > 0 && fit.solve(sums, at: slot) {
              take(fit, slot)
            }
          }
          let left = (0..<run.count).filter {
            sums.weights[$0] > 0 && solutions[$0 * count].isNaN
          }
          guard !left.isEmpty else { return }
          let span = KeySpan(problem, execution: execution)
          execution.unreported.forEachBlock(
            of: left.count, atMost: 1024, scratch: { MomentFit(problem) }
          ) { block, fit in
            for slot in left[block] {
              let query = queries[run.lowerBound + slot]
              let found = fit.solve(sums, at: slot, query: query, span: span, vanishing: true)
              if found != nil { take(fit, slot) }
            }
          }
        }
      }
      return SmootherSolutions(
        numbers: solutions, estimates: estimates,
        weights: (0..<run.count).map { sums.weights[$0] },
        logAnchors: (0..<run.count).map { sums.logAnchors[$0] })
    }
  }
}

extension KernelSumProblem {
  fileprivate func smootherRow(
    _ solution: ArraySlice<Double>, _ weights: [(key: Int, weight: Double)],
    at query: ArraySlice<Double>, _ monomials: Monomials
  ) -> [(key: Int, weight: Double)] {
    let dimension = keys.dimension
    let solution = Array(solution)
    let query = Array(query)
    var powers = [Double](repeating: 1, count: monomials.count)
    return weights.map { key, weight in
      var sum = solution[0]
      for place in 1..<max(monomials.count, 1) {
        let input = monomials.factors[place]
        let u =
          (keys.coordinates[key * dimension + input] - query[input])
          / similarity.bandwidths[input]
        powers[place] = powers[monomials.parents[place]] * u
        sum += solution[place] * powers[place]
      }
      return (key, weight * sum)
    }
  }
}
