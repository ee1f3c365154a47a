internal import _CKernelSums

/// The coefficients γ of a node's moments for a query.
///
/// One for each thread: it owns the memory for them.
final class MomentCoefficients {
  private let weight: PolynomialWeight
  private let terms: UnsafeMutableBufferPointer<Term>
  private let memory: AlignedMemory
  private let inverseBandwidths: AlignedMemory
  /// s for each input.
  private let place: AlignedMemory
  private let factors: AlignedMemory

  /// A radial term: its coefficient, the term without one factor s, the index of that s, the power of
  /// A.
  private struct Term {
    let coefficient: Double
    let parent: Int
    let input: Int
    let power: Int
  }

  init(_ weight: PolynomialWeight, inverseBandwidths: [Double]) {
    self.weight = weight
    self.inverseBandwidths = AlignedMemory(inverseBandwidths)
    memory = AlignedMemory(count: PaddedColumns.padded(weight.featureCount))
    place = AlignedMemory(count: weight.dimension)
    factors = AlignedMemory(count: max(weight.profile.degree + 1, weight.featureCount))
    terms = .allocate(capacity: weight.radialTerms.count)
    for (index, term) in weight.radialTerms.enumerated() {
      // With b > 0 the previous term has the same s.
      let parent = term.squares > 0 ? index - term.squares : term.parent
      terms.initializeElement(
        at: index,
        to: Term(
          coefficient: term.coefficient, parent: parent,
          input: term.squares > 0 ? -1 : term.inputs.last ?? -1, power: term.power))
    }
  }

  deinit { terms.deallocate() }

  /// γ for a node, padded.
  ///
  /// - Parameter box: the node's box, on one side of the query in each input if that matters.
  func coefficients(
    query: UnsafeBufferPointer<Double>, box: UnsafePointer<Double>
  ) -> UnsafePointer<Double> {
    let result = memory.base
    let dimension = weight.dimension
    guard weight.featureCount > 1 else {
      result[0] = 1
      return UnsafePointer(result)
    }
    for input in 0..<dimension {
      let centre = box[input] / 2 + box[dimension + input] / 2
      place.base[input] = (query[input] - centre) * inverseBandwidths.base[input]
    }
    if weight.isProduct { product(query, box) } else { radial() }
    return UnsafePointer(result)
  }

  private func radial() {
    let result = memory.base
    let products = factors.base
    var inside = 1.0
    for input in 0..<weight.dimension { inside -= place.base[input] * place.base[input] }
    // Powers of A up to the third, by index.
    let powers = (1.0, inside, inside * inside, inside * inside * inside)
    withUnsafeBytes(of: powers) { bytes in
      let powers = bytes.bindMemory(to: Double.self)
      for index in terms.indices {
        let term = terms[index]
        products[index] =
          index == 0
          ? 1
          : term.input < 0 ? products[term.parent] : products[term.parent] * place.base[term.input]
        result[index] = term.coefficient * products[index] * powers[term.power]
      }
    }
  }

  private func product(_ query: UnsafeBufferPointer<Double>, _ box: UnsafePointer<Double>) {
    let result = memory.base
    let degree = weight.profile.degree
    result[0] = 1
    var count = 1
    for input in 0..<weight.dimension {
      expand(place.base[input], isBelow: box[weight.dimension + input] <= query[input])
      for feature in stride(from: count - 1, through: 0, by: -1) {
        let outer = result[feature]
        for power in 0...degree {
          result[feature * (degree + 1) + power] = outer * factors.base[power]
        }
      }
      count *= degree + 1
    }
  }

  /// K(s − t) of one input as a polynomial in t.
  private func expand(_ s: Double, isBelow: Bool) {
    let factors = factors.base
    switch weight.profile {
    case .triangle:
      factors[0] = 1 - (isBelow ? s : -s)
      factors[1] = isBelow ? 1 : -1
    case .powerOfInside(let power):
      // (1 − s²) + 2st − t² raised to the power by repeated multiplication.
      let constant = (1 - s) * (1 + s)
      factors[0] = 1
      for step in 0..<power {
        factors[2 * step + 1] = 0
        factors[2 * step + 2] = 0
        for index in stride(from: 2 * step + 2, through: 0, by: -1) {
          var sum = constant * factors[index]
          if index >= 1 { sum += 2 * s * factors[index - 1] }
          if index >= 2 { sum -= factors[index - 2] }
          factors[index] = sum
        }
      }
    }
  }
}
