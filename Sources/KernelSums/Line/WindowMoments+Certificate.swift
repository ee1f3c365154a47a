internal import RealModule
internal import _CKernelSums

extension WindowPass {
  /// The largest allowed error of a moment of power 1 or more, relative to Σw|c|.
  static var momentTolerance: Double { 5e-12 }

  /// Writes the sums of the last query if they can be trusted; false otherwise.
  ///
  /// As for plain sums, the terms of m_(a + i) are bounded by the masses times (|x| + |t|)^(a + i).
  func write(_ local: WindowMoments, _ own: Int, into slot: Int) -> Bool {
    let unit = 0x1p-53
    let sorted = engine.sorted
    let degree = local.degree
    let polynomial = moments.polynomial
    let size = polynomial.magnitude(reach)
    let ownWeight = own < 0 || ownWasVisited ? 0 : sorted.observationWeights?[own] ?? 1
    func error(_ row: Int, _ power: Int) -> Double {
      let roundings = Self.roundings(
        degree: polynomial.degree + power, blockLength: blocks.blockLength)
      return unit * roundings * size * .pow(reach, power) * masses[row]
    }
    /// Whether moments with a row's mass are accurate enough relative to Σw|c|.
    func areCertain(_ row: Int, _ highest: Int, _ magnitude: Double) -> Bool {
      let visits = unit * Self.roundingsOfVisits * magnitude
      return error(row, 0) + visits <= Self.tolerance * magnitude
        && error(row, highest) + visits <= Self.momentTolerance * magnitude
    }
    let weight = local.sum(0, 0) - ownWeight
    guard weight >= DirectEngine.anchoringThreshold, areCertain(0, 2 * degree, weight) else {
      return false
    }
    for power in 1...2 * degree { results.column(power - 1)[slot] = local.sum(0, power) }
    for column in 0..<sorted.columnCount {
      let ownValue = ownWeight == 0 ? 0 : ownWeight * sorted.column(column)[own]
      let row = engine.magnitudeSums[column]
      let pooled = local.sum(1 + column, 0) - ownValue
      let magnitude =
        (row == 1 + column ? pooled : local.sum(row, 0) - ownValue.magnitude).magnitude
      guard
        magnitude >= Self.leastMagnitude && areCertain(row, degree, magnitude)
          || magnitude == 0 && masses[row] == 0
      else { return false }
      let place = 2 * degree + column * (degree + 1)
      results.column(place)[slot] = pooled
      for power in 1...degree {
        results.column(place + power)[slot] = local.sum(1 + column, power)
      }
    }
    guard writeSquares(visited: local.square, own: ownWeight, into: slot) else { return false }
    results.weights[slot] = weight
    results.logAnchors[slot] = sorted.logObservationScale
    return true
  }
}
