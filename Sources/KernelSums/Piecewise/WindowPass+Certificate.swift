internal import _CKernelSums

extension WindowPass {
  /// How many roundings of 2⁻⁵³ can meet in a sum from moments, relative to the magnitude of its terms.
  ///
  /// A moment of degree j is wrong by 4j for its powers of t, whose difference, factor and product
  /// round, by half a block's additions in the narrowest registers, and by 2 for the compensated
  /// running sum; Dⱼ(x) by 5 for each power of x and step of Horner's rule; and the sums over j and
  /// over the pieces by some 18.
  static func roundings(degree: Int, blockLength: Int) -> Double {
    Double(blockLength) / 2 + 20 + 9 * Double(degree)
  }

  /// Roundings of a sum of keys weighed one by one, relative to that of its absolute values.
  static var roundingsOfVisits: Double { 24 }

  /// What the error of a sum may be at most, relative to that of absolute values: half of what the
  /// engine promises of their ratio.
  static var tolerance: Double { 5e-13 }

  /// Below this, products of value and weight may have lost digits to the end of the range of doubles.
  static var leastMagnitude: Double { 1e-280 }

  /// Writes the sums of the last query if they can be trusted; false otherwise.
  func write(_ own: Int, into slot: Int) -> Bool {
    let unit = 0x1p-53
    let sorted = engine.sorted
    let polynomial = moments.polynomial
    let roundings = Self.roundings(degree: polynomial.degree, blockLength: blocks.blockLength)
    let perMass = unit * roundings * polynomial.magnitude(reach)
    let ownWeight = own < 0 || ownWasVisited ? 0 : sorted.observationWeights?[own] ?? 1

    /// The sum less the own key's part, and the error it may have.
    func sum(_ index: Int, own: Double) -> (value: Double, error: Double) {
      let value = across(index)
      return (
        value - own, perMass * masses[index] + unit * Self.roundingsOfVisits * value.magnitude
      )
    }
    let weight = sum(0, own: ownWeight)
    guard weight.value >= DirectEngine.anchoringThreshold,
      weight.error <= Self.tolerance * weight.value
    else { return false }
    for column in columns.indices {
      let ownValue = ownWeight == 0 ? 0 : ownWeight * sorted.column(column)[own]
      let pooled = sum(1 + column, own: ownValue)
      let index = engine.magnitudeSums[column]
      let magnitude = index == 1 + column ? pooled : sum(index, own: ownValue.magnitude)
      let isTrusted =
        magnitude.error <= Self.tolerance * magnitude.value.magnitude
        && (magnitude.value.magnitude >= Self.leastMagnitude
          || magnitude.value == 0 && magnitude.error == 0)
      guard isTrusted else { return false }
      columns[column][slot] = pooled.value
    }
    guard writeSquares(visited: 0, own: ownWeight, into: slot) else { return false }
    results.weights[slot] = weight.value
    results.logAnchors[slot] = sorted.logObservationScale
    return true
  }

  /// Writes Σw² if it is asked for.
  ///
  /// - Parameters:
  ///   - visited: the part of it that is not among the partial sums.
  ///   - own: the weight of the key that does not count, 0 where it was left out.
  /// - Returns: whether the sum is certain.
  func writeSquares(visited: Double, own: Double, into slot: Int) -> Bool {
    guard let squaredMoments else {
      results.squaredWeights[slot] = .nan
      return true
    }
    let polynomial = squaredMoments.polynomial
    let index = blocks.sumCount - 1
    let value = across(index) + visited
    let rest = value - own * own
    let roundings = Self.roundings(degree: polynomial.degree, blockLength: blocks.blockLength)
    let error =
      0x1p-53
      * (roundings * polynomial.magnitude(squareReach) * masses[index]
        + Self.roundingsOfVisits * value)
    results.squaredWeights[slot] = rest
    return error <= 10 * Self.tolerance * rest
  }

  /// A sum over its partial sums.
  func across(_ index: Int) -> Double {
    let lanes = partial + index * Int(NADARAYA_PADDING)
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
      + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
  }
}
