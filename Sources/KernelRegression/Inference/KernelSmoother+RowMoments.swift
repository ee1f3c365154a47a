internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// Sums over the rows of a smoother under the Gaussian in one input, from moments about the queries.
///
/// ```
/// Σℓ²f = Σₖ eₖ Σᵢ ωᵢ²fᵢ w(uᵢ)² uᵢᵏ,   ℓᵢ = ωᵢ w(uᵢ) p(uᵢ),   p² = Σₖ eₖ uᵏ
/// ```
///
/// The square of a Gaussian is the Gaussian of the bandwidth h/√2, its fourth power that of h/2, so these
/// are moments of other kernel sums, whose observation weights are ω²f and ω⁴s². Engines sum them in a
/// time that depends on neither the bandwidth nor, for each query, on the number of keys.
///
/// A moment of the power k errs by at most ε mₖ Σω²fw² (see `CellTransform`), and in any engine by some
/// units in the last place of its terms, so that a sum errs by at most
///
/// ```
/// E = Σₖ |eₖ| (ε mₖ M₀ + ε|Mₖ|/16)
/// ```
///
/// A query is left to a pass over its row where E is not small. Inside even data it is near 3ε of the sum.
struct RowMoments {
  /// Those of Σℓ² and, for each factor, of Σℓ²f; nil for a factor that is 0.
  private let squares: [(any KernelSumEngine)?]
  private let fourths: any KernelSumEngine
  private let isRelative: [Bool]
  /// ln of what ω is divided by, so that no power of it leaves the range of doubles.
  private let logScale: Double

  /// ε.
  private static var accuracy: Double { 1e-12 }

  /// The degree of the smoother; that of engines for p² and the square of what the next degree adds; and
  /// that for p⁴.
  private static let degrees = (rows: 2, squares: 3, fourths: 4)

  /// Nil if a pass over the rows is as fast, or there are no such moments.
  ///
  /// - Complexity: that of the engines' plans, O(n) each.
  init?(
    _ problem: KernelSumProblem, _ factors: RowVariances.Factors, queryCount: Int,
    execution: Execution
  ) {
    guard case .builtIn(.gaussian) = problem.similarity.kernel.form, problem.keys.dimension == 1,
      !problem.isCausal, problem.degree == Self.degrees.rows,
      Self.isWorthPlanning(problem, queryCount: queryCount)
    else { return nil }
    let scale = problem.observationWeights?.max() ?? 1
    let weights = problem.observationWeights.map { $0.map { $0 / scale } }
    func weighted(_ power: Int, by factor: ((Int) -> Double)?) -> [Double]? {
      guard weights != nil || factor != nil else { return nil }
      return problem.keys.indices.map { row in
        (0..<power).reduce(factor?(row) ?? 1) { product, _ in product * (weights?[row] ?? 1) }
      }
    }
    func engine(_ weights: [Double]?, power: Int, degree: Int) -> PlannedEngine? {
      let bandwidth = problem.similarity.bandwidths[0] / .sqrt(Double(power))
      // Each plan is finished, and cancellation waits for one of them only.
      guard bandwidth.isNormal, !execution.isStopped else { return nil }
      return try? EngineChoice.automatic.engine(
        for: KernelSumProblem(
          keys: problem.keys, columns: [], observationWeights: weights,
          similarity: problem.similarity.withBandwidths([bandwidth]), degree: degree),
        queryCount: queryCount, accuracy: Self.accuracy, execution: execution.silent)
    }
    guard
      let plain = engine(weighted(2, by: nil), power: 2, degree: Self.degrees.squares),
      plain.choice.name == CellTransform.name,
      let fourth = engine(
        weighted(4, by: factors.shares.map { shares in { shares[$0] * shares[$0] } }), power: 4,
        degree: Self.degrees.fourths), fourth.choice.name == CellTransform.name
    else { return nil }
    var squares: [(any KernelSumEngine)?] = [plain.engine]
    for column in factors.columns {
      let isNone = !column.contains { $0 > 0 }
      let found =
        isNone ? nil : engine(weighted(2) { column[$0] }, power: 2, degree: Self.degrees.squares)
      guard isNone || found != nil else { return nil }
      squares.append(found?.engine)
    }
    self.squares = squares
    fourths = fourth.engine
    logScale = .log(scale)
    isRelative = factors.areVariances
  }

  /// Whether a pass over the rows takes longer than some engines' plans and sums.
  private static func isWorthPlanning(_ problem: KernelSumProblem, queryCount: Int) -> Bool {
    guard let least = problem.keys.coordinates.min(), let most = problem.keys.coordinates.max()
    else { return false }
    let (keys, queries) = (Double(problem.keys.count), Double(queryCount))
    let reached = min(1, 22 * problem.similarity.bandwidths[0] / (most - least))
    return keys * reached * queries > 200 * (keys + queries)
  }
}

extension RowMoments {
  /// Calls `body` with each query of a run at which these sums are exact, its row, and the row of what the
  /// next degree adds.
  ///
  /// - Parameter body: called from several threads at once.
  /// - Complexity: that of the engines' sums.
  func forEachRow(
    at queries: Points, in run: Range<Int>, _ first: SmootherSolutions, _ next: SmootherSolutions,
    execution: Execution,
    body: (_ slot: Int, _ row: SmootherSums.Row, _ step: SmootherSums.Row) -> Void
  ) {
    func sums(_ engine: any KernelSumEngine) -> AnchoredSums {
      engine.sums(
        at: queries, in: run, omission: .none, squares: false, execution: execution.unreported)
    }
    let squares = self.squares.map { $0.map(sums) }
    let fourths = sums(self.fourths)
    let columnCount = first.estimates.count / max(run.count, 1)
    execution.unreported.forEachBlock(
      of: run.count, atMost: 1024, scratch: { RowPowers() },
      body: { block, powers in
        for slot in block where powers.take(first, next, slot) {
          guard let (row, step, fourth) = exactSums(powers, squares, fourths, slot) else {
            continue
          }
          func columns(_ estimates: [Double]) -> [Double] {
            Array(estimates[slot * columnCount..<(slot + 1) * columnCount])
          }
          let estimates = columns(first.estimates)
          body(
            slot,
            SmootherSums.Row(
              columns: estimates, square: row[0], factors: Array(row.dropFirst()), fourth: fourth),
            SmootherSums.Row(
              columns: zip(columns(next.estimates), estimates).map { $0 - $1 }, square: step[0],
              factors: Array(step.dropFirst()), fourth: step[0] * step[0]))
        }
      })
  }

  /// Σℓ² and Σℓ²f of a query, the same of what the next degree adds, and Σ(ℓ²s)²; nil where an error is
  /// not small.
  private func exactSums(
    _ powers: RowPowers, _ squares: [AnchoredSums?], _ fourths: AnchoredSums, _ slot: Int
  ) -> (row: [Double], step: [Double], fourth: Double)? {
    var (rows, steps): ([Double], [Double]) = ([], [])
    for (place, sums) in squares.enumerated() {
      let (row, step) =
        sums.map { powers.sums($0, slot, logScale, Self.accuracy) }
        ?? (RowPowers.Sum(), RowPowers.Sum())
      let isVariance = place == 0 || isRelative[place - 1]
      let limit = Self.tolerance * (isVariance ? row.value : rows[0] / 10)
      guard row.error <= limit, step.error <= limit else { return nil }
      rows.append(row.value)
      steps.append(step.value)
    }
    let fourth = powers.fourth(fourths, slot, logScale, Self.accuracy)
    // Student's quantile depends on the degrees of freedom the less the more there are.
    let freedom = rows[0] / fourth.value * rows[0]
    guard rows[0] > 0, fourth.error <= Self.tolerance * max(1, freedom / 10) * fourth.value else {
      return nil
    }
    return (rows, steps, fourth.value)
  }

  /// The error of a sum, relative to it or to the variance, half of which a margin has.
  private static var tolerance: Double { 1e-10 }
}

/// One thread's powers of the polynomials of a query.
private struct RowPowers {
  /// A sum, and a bound of its error.
  struct Sum {
    var value = 0.0
    var error = 0.0
  }

  /// mₖ.
  private static let sizes = (0...8).map(CellTransform.momentSize)

  /// u of the bandwidth h/√2 is √2 times as large, that of h/2 twice: powers of their inverses.
  private static let squareUnits = (0...6).map { Double.pow(.sqrt(0.5), $0) }
  private static let fourthUnits = (0...8).map { Double.pow(0.5, $0) }

  /// p², the square of what the next degree adds, and p⁴, in u of their Gaussians.
  private var square = [Double](repeating: 0, count: 5)
  private var step = [Double](repeating: 0, count: 7)
  private var fourthPower = [Double](repeating: 0, count: 9)

  /// Σw of the smoother: ln of its unit, and in that.
  private var logAnchor = 0.0
  private var weight = 0.0

  /// - Returns: whether moments determine the polynomials of a query.
  mutating func take(_ first: SmootherSolutions, _ next: SmootherSolutions, _ slot: Int) -> Bool {
    let low = first.numbers[3 * slot..<3 * slot + 3]
    let high = next.numbers[4 * slot..<4 * slot + 4]
    guard low.allSatisfy(\.isFinite), high.allSatisfy(\.isFinite) else { return false }
    func coefficient(_ power: Int) -> Double { power < 3 ? low[low.startIndex + power] : 0 }
    logAnchor = first.logAnchors[slot]
    weight = first.weights[slot]
    for place in square.indices { square[place] = 0 }
    for place in step.indices { step[place] = 0 }
    for place in fourthPower.indices { fourthPower[place] = 0 }
    for a in 0..<4 {
      for b in 0..<4 {
        let added = (
          high[high.startIndex + a] - coefficient(a), high[high.startIndex + b] - coefficient(b)
        )
        step[a + b] += added.0 * added.1
        if a < 3, b < 3 { square[a + b] += coefficient(a) * coefficient(b) }
      }
    }
    for a in square.indices {
      for b in square.indices { fourthPower[a + b] += square[a] * square[b] }
    }
    for place in step.indices { step[place] *= Self.squareUnits[place] }
    for place in square.indices { square[place] *= Self.squareUnits[place] }
    for place in fourthPower.indices { fourthPower[place] *= Self.fourthUnits[place] }
    return true
  }

  /// Σℓ²f, and the same of what the next degree adds.
  ///
  /// - Parameter logScale: ln of what ω was divided by in these sums.
  func sums(
    _ sums: AnchoredSums, _ slot: Int, _ logScale: Double, _ accuracy: Double
  ) -> (row: Sum, step: Sum) {
    sums.withUnsafeSums { sums in
      let unit = unit(sums.logAnchors[slot], logScale, power: 2)
      return (
        sum(square, sums, slot, unit, accuracy), sum(step, sums, slot, unit, accuracy)
      )
    }
  }

  /// Σ(ℓ²s)².
  func fourth(
    _ sums: AnchoredSums, _ slot: Int, _ logScale: Double, _ accuracy: Double
  ) -> Sum {
    sums.withUnsafeSums { sums in
      sum(fourthPower, sums, slot, unit(sums.logAnchors[slot], logScale, power: 4), accuracy)
    }
  }

  /// The unit of some sums, divided by a power of Σw.
  private func unit(_ anchor: Double, _ logScale: Double, power: Int) -> Double {
    let difference = anchor + Double(power) * (logScale - logAnchor)
    let scale = difference == 0 ? 1 : Double.exp(difference)
    return (0..<power).reduce(scale) { unit, _ in unit / weight }
  }

  private func sum(
    _ polynomial: [Double], _ sums: UnsafeSums, _ slot: Int, _ unit: Double, _ accuracy: Double
  ) -> Sum {
    let weight = sums.weights[slot]
    guard weight > 0 else { return Sum() }
    var sum = Sum()
    for (power, coefficient) in polynomial.enumerated() {
      let moment = power == 0 ? weight : sums.column(power - 1)[slot]
      sum.value += coefficient * moment
      sum.error +=
        coefficient.magnitude * accuracy * (Self.sizes[power] * weight + moment.magnitude / 16)
    }
    return Sum(value: sum.value * unit, error: sum.error * unit)
  }
}
