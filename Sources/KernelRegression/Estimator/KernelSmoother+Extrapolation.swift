internal import KernelSums
internal import RealModule
internal import SimilarityKernels

// Where the keys do not support a polynomial: across a gap, or beyond the ends.
//
// Goals, in order: (1) report an estimate that the data do not support; (2) never report an ordinary fit,
// its ends included; (3) cost no more than the moments at hand.
//
// An estimate is Σ ℓᵢvᵢ with Σ ℓᵢ = 1, so Σ abs(ℓᵢ) bounds its ratio to the largest value; between keys
// that sum is near 1. With ℓᵢ = wᵢ zᵢᵀS⁻¹e₀ the Cauchy–Schwarz inequality gives
//
//   Σ abs(ℓ) ≤ √(Σw · Σ ℓ²/w) = √(Σw · (S⁻¹)₀₀),
//
// and both factors are known once the moments are solved. The row of the smoother is computed only where
// that bound is too large. At the end of evenly spread keys the bound is p + 1 under the boxcar, less
// under the other kernels, and Σ abs(ℓ) itself at most 2.6: 5 lets every end of the data pass.
extension KernelSmoother {
  /// The Σ abs(ℓ), ℓ the row of the smoother, above which an estimate counts as extrapolated: 5.
  ///
  /// At the ends of evenly spread keys it is at most 2.6 for every kernel and degree.
  package static var greatestAmplification: Double { 5 }

  /// The queries at which the polynomial extrapolates, ascending.
  ///
  /// - Parameters:
  ///   - bounds: √(Σw (S⁻¹)₀₀) of each query; NaN without support.
  ///   - degrees: the degree used at each query.
  /// - Complexity: O(n + m); in one input O(n log n) where keys may lie on one side only; in several a
  ///   search for the largest weights of each query that the keys may not surround; and a row of the
  ///   smoother for each query whose bound is above ``greatestAmplification``.
  func extrapolations(
    _ bounds: [Double], degrees: [Int8], at queries: Points, omission: Omission
  ) -> [Int] {
    let marked = MarkedSlots(count: queries.count)
    let large = bounds.indices.filter { bounds[$0] > Self.greatestAmplification }
    execution.unreported.forEachBlock(of: large.count, atMost: 8) { block in
      for query in large[block] {
        let row = smootherRow(of: query, among: queries, leavesOutOwn: omission == .own)
        let sum = row?.entries.reduce(0) { $0 + $1.weight.magnitude } ?? 1
        if sum > Self.greatestAmplification { marked.add(query) }
      }
    }
    // A left-out row may be the last one, and a causal fit always extrapolates from its last key.
    guard omission == .none, !isCausal else { return marked.slots }
    for query in queriesOutside(bounds, degrees, queries) { marked.add(query) }
    return marked.slots
  }

  /// The queries outside the keys that carry their weight: beyond the range of an input; outside the
  /// convex hull of the keys with at least a thousandth of the largest weight; or, in one input, with
  /// such keys on one side only.
  private func queriesOutside(
    _ bounds: [Double], _ degrees: [Int8], _ queries: Points
  ) -> [Int] {
    let ranges = similarity.bandwidths.indices.map { input in
      keys.indices.reduce((Double.infinity, -Double.infinity)) { range, row in
        let place = keys.coordinates[row * keys.dimension + input]
        return weight(row) > 0 ? (min(range.0, place), max(range.1, place)) : range
      }
    }
    var outside: [Int] = []
    var inside: [Int] = []
    for query in queries.indices where !bounds[query].isNaN {
      let isBeyond = ranges.indices.contains { input in
        let place = queries.coordinates[query * queries.dimension + input]
        return place < ranges[input].0 || place > ranges[input].1
      }
      // Keys on one side only have a mean distance that raises the bound, unless they share one place,
      // which lowers the degree, or nearly all weight is at the query.
      if isBeyond {
        outside.append(query)
      } else if bounds[query] > 1.2 || Int(degrees[query]) < degree {
        inside.append(query)
      }
    }
    guard !inside.isEmpty else { return outside }
    guard keys.dimension == 1 else {
      return outside + outsideHull(inside, of: queries)
    }
    let sorted = keys.indices.lazy.filter { weight($0) > 0 }.map { keys.coordinates[$0] }.sorted()
    return outside + inside.filter { isOneSided(queries.coordinates[$0], sorted) }
  }

  /// The candidates outside the convex hull of the keys that carry their weight.
  ///
  /// - Complexity: a search for the largest weights of each query that is not a key, repeated with 1,024
  ///   keys and so on while 128 do not include all that count.
  private func outsideHull(_ candidates: [Int], of queries: Points) -> [Int] {
    let inputs = similarity.bandwidths.indices
    func place(_ row: ArraySlice<Double>) -> [Double] { Array(row.prefix(inputs.count)) }
    // A key is in its own hull.
    let asked = Set(candidates.map { place(queries[$0]) })
    let own = Set(
      keys.indices.lazy.filter { weight($0) > 0 }.map { place(keys[$0]) }.filter(asked.contains))
    var silent = self
    silent.execution = execution.unreported
    var open = candidates.filter { !own.contains(place(queries[$0])) }
    var outside: [Int] = []
    var count = 128
    while !open.isEmpty, !execution.isStopped {
      let isWhole = MarkedSlots(count: open.count)
      let marked = MarkedSlots(count: open.count)
      // Rows take memory, so only a few are kept at a time.
      let length = max(1, (1 << 19) / count)
      for start in stride(from: 0, to: open.count, by: length) where !execution.isStopped {
        let part = open[start..<min(start + length, open.count)]
        let asked = queries.selecting(part)
        let rows = silent.rows(
          of: asked, in: asked.indices, omission: .none,
          selection: RowSelection(count: count, threshold: nil))
        execution.unreported.forEachBlock(of: rows.count, atMost: 8) { block in
          for slot in block {
            let (entries, query) = (rows[slot].entries, asked[slot])
            let carrying = entries.filter { $0.weight >= (entries.first?.weight ?? 0) / 1000 }
            var hull = ConvexHull(
              carrying.map { entry in
                zip(zip(keys[entry.key], query), similarity.bandwidths).map { ($0.0 - $0.1) / $1 }
              })
            guard hull.excludesOrigin() else { continue }
            marked.add(start + slot)
            if carrying.count < min(count, keys.count) { isWhole.add(start + slot) }
          }
        }
      }
      let known = Set(isWhole.slots)
      outside += known.map { open[$0] }
      open = marked.slots.filter { !known.contains($0) }.map { open[$0] }
      if count >= keys.count { return outside + open }
      count *= 8
    }
    return outside
  }

  /// Whether the nearest key on one side of a query has less than a thousandth of the weight of the
  /// nearest key on the other.
  private func isOneSided(_ query: Double, _ sorted: [Double]) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = low + (high - low) / 2
      if sorted[middle] < query { low = middle + 1 } else { high = middle }
    }
    guard low > 0, low < sorted.count, sorted[low] > query else { return false }
    let bandwidth = similarity.bandwidths[0]
    let distances = [query - sorted[low - 1], sorted[low] - query].map { $0 / bandwidth }.sorted()
    let kernel = similarity.kernel
    if let near = kernel.logProfile(distances[0]), let far = kernel.logProfile(distances[1]) {
      return far < near - .log(1000)
    }
    return kernel.profile(distances[1]) < kernel.profile(distances[0]) / 1000
  }
}

/// The prediction where a local polynomial extrapolates; see ``Predictions/extrapolations``.
@nonexhaustive public enum ExtrapolationPolicy: String, Sendable, CaseIterable {
  /// The polynomial's value.
  case keep
  /// NaN: the value there comes from the polynomial, not from the data.
  case notANumber = "nan"
}
