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
package struct BandwidthSlopes: Sendable {
  private let nearby: NearbyDirect

  /// - Precondition: the kernel is the Gaussian, without labels.
  /// - Complexity: O(1); the first slopes make a tree of the keys, once for all problems made from each other.
  package init(_ problem: KernelSumProblem) { nearby = NearbyDirect(problem) }

  /// The derivatives at some of the keys, each left out.
  ///
  /// - Parameters:
  ///   - rows: the keys, with sums that need no anchor.
  ///   - polynomials: for each of `rows` γ, then β of each column, as they follow from the sums of weights
  ///     divided by the scale of the observation weights.
  ///   - inverses: whether to compute those of (S⁻¹)₀₀, which are 0 otherwise.
  ///   - execution: threads, instruction set, cancellation.
  /// - Returns: for each of `rows` the derivatives of (S⁻¹)₀₀, then those of β₀ of each column, d numbers each.
  /// - Complexity: O(log n) for a row and O(d·(p + 1)) for each key in its reach, on all threads.
  package func slopes(
    ofRows rows: [Int], polynomials: [Double], inverses: Bool, execution: Execution
  ) -> [Double] {
    let problem = nearby.problem
    let inputs = problem.similarity.bandwidths.count
    let monomials = Monomials(dimension: inputs, degree: problem.degree)
    let fitCount = 1 + problem.columns.count
    precondition(
      polynomials.count == rows.count * fitCount * monomials.count,
      "each row needs a polynomial for each column, and its response")
    return [Double](unsafeUninitializedCapacity: rows.count * fitCount * inputs) { slopes, used in
      slopes.initialize(repeating: 0)
      used = slopes.count
      nonisolated(unsafe) let slopes = slopes
      monomials.parents.withUnsafeBufferPointer { parents in
        monomials.factors.withUnsafeBufferPointer { factors in
          polynomials.withUnsafeBufferPointer { polynomials in
            let features = nadaraya_features(
              count: monomials.count, parents: parents.baseAddress, factors: factors.baseAddress)
            nearby.forEachQuery(rows, of: problem.keys, execution: execution) {
              row, place, query, scratch in
              let own = Int(scratch.search.tree.places[row])
              guard
                let response = polynomials.baseAddress.map({
                  $0 + place * fitCount * monomials.count
                })
              else { return }
              let negative = (0..<monomials.count).map { -response[$0] }
              let runs = scratch.search.runs(excluding: [own], witness: (query, scratch.pass)).runs
              withUnsafeTemporaryAllocation(of: Double.self, capacity: inputs) { part in
                guard let sums = part.baseAddress else { return }
                scratch.pass.forEachTile(in: runs) { tile, pass in
                  pass.weigh(query: query, tile: tile, excluding: own)
                  for fit in inverses ? 0..<fitCount : 1..<fitCount {
                    // Of (S⁻¹)₀₀ the residual is γ·z itself, and the sum has the other sign.
                    if fit == 0 {
                      pass.slopes(
                        query: query, tile: tile, features, outer: negative, inner: negative,
                        column: nil, into: sums)
                    } else {
                      pass.slopes(
                        query: query, tile: tile, features, outer: response,
                        inner: response + fit * monomials.count, column: fit - 1, into: sums)
                    }
                    let first = (place * fitCount + fit) * inputs
                    for input in 0..<inputs { slopes[first + input] += sums[input] }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
