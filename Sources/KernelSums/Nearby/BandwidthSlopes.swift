internal import SimilarityKernels
internal import _CKernelSums

/// How local polynomials under the Gaussian change with the logarithms of the bandwidths.
///
/// Since ∂w/∂ln h_a = u_a² w, the derivative of the value β₀ = (S⁻¹T)₀ of a polynomial β, and that of (S⁻¹)₀₀,
/// follow from one more sum over the keys, whatever the number of coefficients:
///
/// ```
/// γ = S⁻¹e₀,    ∂β₀/∂ln h_a = Σ w u_a² (γ·z)(c − β·z),    ∂(S⁻¹)₀₀/∂ln h_a = −Σ w u_a² (γ·z)²
/// ```
///
/// with z the monomials of u up to the problem's degree. All d derivatives cost about as much as the sums
/// themselves, where differences cost 2d times as much.
///
/// Where a window holds many of the keys, all are visited, a tile for a block of rows; elsewhere those in reach of
/// each row.
package struct BandwidthSlopes: Sendable {
  private let problem: KernelSumProblem

  /// With a larger share of the keys in reach, finding them takes longer than the others.
  private static let widestShare = 0.1

  /// - Precondition: the kernel is the Gaussian, without labels.
  /// - Complexity: O(1); the first slopes lay out the keys, once for all problems made from each other.
  package init(_ problem: KernelSumProblem) { self.problem = problem }

  /// The derivatives at some of the keys, each left out.
  ///
  /// - Parameters:
  ///   - rows: the keys, with sums that need no anchor.
  ///   - polynomials: for each of `rows` γ, then β of each column, as they follow from the sums of weights
  ///     divided by the scale of the observation weights.
  ///   - inverses: whether to compute those of (S⁻¹)₀₀, which are 0 otherwise.
  ///   - execution: threads, instruction set, cancellation.
  /// - Returns: for each of `rows` the derivatives of (S⁻¹)₀₀, then those of β₀ of each column, d numbers each.
  /// - Complexity: O(d·(p + 1)) for each pair of a row and a key in its reach, on all threads.
  package func slopes(
    ofRows rows: [Int], polynomials: [Double], inverses: Bool, execution: Execution
  ) -> [Double] {
    let inputs = problem.similarity.bandwidths.count
    let monomials = Monomials(dimension: inputs, degree: problem.degree)
    let fitCount = 1 + problem.columns.count
    let width = fitCount * monomials.count
    precondition(
      polynomials.count == rows.count * width,
      "each row needs a polynomial for each column, and its response")
    let share = EngineCandidate.shareInReach(problem, isSampled: true, execution: execution)
    let tree =
      share < Self.widestShare ? problem.orders.tree(problem, execution: execution) : nil
    return [Double](unsafeUninitializedCapacity: rows.count * fitCount * inputs) { slopes, used in
      slopes.initialize(repeating: 0)
      used = slopes.count
      nonisolated(unsafe) let slopes = slopes
      problem.keys.coordinates.withUnsafeBufferPointer { coordinates in
        polynomials.withUnsafeBufferPointer { polynomials in
          execution.forEachBlock(
            of: rows.count, atMost: DirectEngine.blockLength,
            scratch: { SlopePass(problem, monomials, tree, inverses, execution.instructions) }
          ) { block, pass in
            let rows = block.map { place in
              SlopePass.Row(
                query: coordinates.row(rows[place], inputs),
                response: UnsafeBufferPointer(
                  rebasing: polynomials[place * width..<(place + 1) * width]),
                slopes: UnsafeMutableBufferPointer(
                  rebasing: slopes[place * fitCount * inputs..<(place + 1) * fitCount * inputs]))
            }
            pass.add(rows)
          }
        }
      }
    }
  }
}

/// The work of one thread.
private final class SlopePass {
  struct Row {
    let query: UnsafeBufferPointer<Double>
    /// γ, then β of each column.
    let response: UnsafeBufferPointer<Double>
    let slopes: UnsafeMutableBufferPointer<Double>
  }

  private let pass: TilePass
  private let search: NearbySearch?
  private let fits: Range<Int>
  private let inputs: Int
  private let count: Int
  private let parents: AlignedIndices
  private let factors: AlignedIndices
  private let terms: AlignedMemory
  private let sums: AlignedMemory
  private let negative: AlignedMemory

  init(
    _ problem: KernelSumProblem, _ monomials: Monomials, _ tree: KeyTree?, _ inverses: Bool,
    _ instructions: InstructionSet
  ) {
    let engine =
      tree.map { DirectEngine($0.columns, similarity: problem.similarity) }
      ?? DirectEngine(problem.ofDegree(0))
    pass = TilePass(engine, instructions: instructions)
    search = tree.map { NearbySearch($0, similarity: problem.similarity) }
    fits = (inverses ? 0 : 1)..<1 + problem.columns.count
    inputs = monomials.dimension
    count = monomials.count
    parents = AlignedIndices(monomials.parents)
    factors = AlignedIndices(monomials.factors)
    terms = AlignedMemory(count: engine.tileLength)
    sums = AlignedMemory(count: inputs)
    negative = AlignedMemory(count: count)
  }

  func add(_ rows: [Row]) {
    guard let search else {
      pass.forEachTile(in: pass.everyKey) { tile, _ in
        for row in rows { add(row, tile) }
      }
      return
    }
    for row in rows {
      search.queries.enclose(row.query)
      // A row's own key has the distance 0 and adds nothing.
      let runs = search.runs(excluding: [], witness: (row.query, pass)).runs
      pass.forEachTile(in: runs) { tile, _ in add(row, tile) }
    }
  }

  private func add(_ row: Row, _ tile: Range<Int>) {
    guard let response = row.response.baseAddress else { return }
    pass.weigh(query: row.query, tile: tile, excluding: nil)
    let features = nadaraya_features(count: count, parents: parents.base, factors: factors.base)
    for fit in fits {
      if fit == 0 {
        // Of (S⁻¹)₀₀ the residual is γ·z itself, and the sum has the other sign.
        for index in 0..<count { negative.base[index] = -response[index] }
        pass.slopes(
          query: row.query, tile: tile, features, outer: negative.base, inner: negative.base,
          column: nil, terms: terms.base, into: sums.base)
      } else {
        pass.slopes(
          query: row.query, tile: tile, features, outer: response, inner: response + fit * count,
          column: fit - 1, terms: terms.base, into: sums.base)
      }
      for input in 0..<inputs { row.slopes[fit * inputs + input] += sums.base[input] }
    }
  }
}

/// Indices at a place that does not move.
private final class AlignedIndices {
  let base: UnsafeMutablePointer<Int>

  init(_ indices: [Int]) {
    base = .allocate(capacity: indices.count)
    base.initialize(from: indices, count: indices.count)
  }

  deinit { base.deallocate() }
}
