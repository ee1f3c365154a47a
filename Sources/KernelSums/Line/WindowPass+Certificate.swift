internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

extension WindowPass {
  /// How many roundings of 2⁻⁵³ can add up in a sum from moments, relative to the magnitude of its
  /// terms.
  ///
  /// A moment of degree j has 4j roundings for its powers of t, whose difference, factor and product
  /// round, half a block's additions in the narrowest registers, and 2 for the compensated running sum;
  /// Dⱼ(x) has 5 for each power of x and step of Horner's rule; and the sums over j and over the pieces
  /// have about 18.
  static func roundings(degree: Int, blockLength: Int) -> Double {
    Double(blockLength) / 2 + 20 + 9 * Double(degree)
  }

  /// Roundings of a sum of keys weighed one by one, relative to the sum of absolute values.
  static var roundingsOfVisits: Double { 24 }

  /// The largest allowed error of a sum relative to the sum of absolute values: half of the engine's
  /// bound on a ratio.
  static var tolerance: Double { 5e-13 }

  /// Below this, products of value and weight may have lost digits to underflow.
  static var leastMagnitude: Double { 1e-280 }

  /// Writes the sums of the last query if they can be trusted; false otherwise.
  func write(_ own: Int, into slot: Int) -> Bool {
    let unit = 0x1p-53
    let sorted = engine.sorted
    let polynomial = moments.polynomial
    let roundings = Self.roundings(degree: polynomial.degree, blockLength: blocks.blockLength)
    let perMass = unit * roundings * polynomial.magnitude(reach)
    let ownWeight = own < 0 || ownWasVisited ? 0 : sorted.observationWeights?[own] ?? 1

    /// The sum minus the own key's part, and a bound on its error.
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

  /// Writes Σw² if requested.
  ///
  /// - Parameters:
  ///   - visited: the part that is not in the partial sums.
  ///   - own: the weight of the key to leave out; 0 if it is already left out.
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

  /// The total of a sum's partial sums.
  func across(_ index: Int) -> Double {
    let lanes = partial + index * Int(NADARAYA_PADDING)
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
      + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
  }
}

// Queries whose moments cancel, or whose weights are all tiny, are summed from the window's keys, as
// the direct engine sums them from all keys.
extension WindowPass {
  /// Writes the sums of the last query, visiting its window's keys one by one.
  ///
  /// - Complexity: O(p) for each key of the window.
  func rescue(query: Double, own: Int, into slot: Int) {
    let length = blocks.blockLength
    let positions =
      max(inside.lowerBound - 1, 0)
      * length..<min((inside.upperBound + 1) * length, blocks.sorted.count)
    if inside.isEmpty && !hasKeys(query: query, own: own) {
      return writeEmpty(into: slot)
    }
    let columnCount = columns.count
    let sums = scratch
    let lost = scratch + (columnCount + 2)
    sums.update(repeating: 0, count: 2 * (columnCount + 2))
    let tileLength = DirectEngine.tileLength(dimension: 1)
    let tileWeights = scratch + 2 * (columnCount + 2)
    for start in stride(from: positions.lowerBound, to: positions.upperBound, by: tileLength) {
      let count = min(tileLength, positions.upperBound - start)
      weigh(query, start, count, into: tileWeights)
      if own >= start && own < start + count { tileWeights[own - start] = 0 }
      for column in 0..<columnCount {
        columnPointers[column] = blocks.sorted.column(column) + start
      }
      loops.tiles.accumulate(
        count, tileWeights, columnCount, columnPointers, squaredMoments == nil ? 0 : 1, sums, lost)
    }
    let weight = sums[0] + lost[0]
    guard weight >= DirectEngine.anchoringThreshold else {
      return writeAnchored(query, own, positions, into: slot)
    }
    results.logAnchors[slot] = blocks.sorted.logObservationScale
    results.weights[slot] = weight
    results.squaredWeights[slot] = squaredMoments == nil ? .nan : sums[1] + lost[1]
    for column in 0..<columnCount { columns[column][slot] = sums[2 + column] + lost[2 + column] }
  }

  /// The weights of some keys, 0 in the padding.
  func weigh(
    _ query: Double, _ start: Int, _ count: Int, into weights: UnsafeMutablePointer<Double>
  ) {
    let weighing = loops.tiles.weighing(engine.similarity, by: engine.kernel)
    withUnsafePointer(to: UnsafePointer<Double>?.some(blocks.sorted.keys + start)) { keys in
      withUnsafePointer(to: query) { query in
        withUnsafePointer(to: blocks.bandwidth) { bandwidth in
          withUnsafePointer(to: blocks.description.inverse_bandwidth) { inverse in
            var tile = nadaraya_tile(
              count: count, dimension: 1, keys: keys, query: query, bandwidths: bandwidth,
              inverse_bandwidths: inverse, shared_bandwidth: 0)
            weighing(&tile, weights)
          }
        }
      }
    }
    if let observationWeights = blocks.sorted.observationWeights {
      loops.tiles.multiply(count, observationWeights + start, weights)
    }
  }

  private func writeEmpty(into slot: Int) {
    results.logAnchors[slot] = -.infinity
    results.weights[slot] = 0
    results.squaredWeights[slot] = squaredMoments == nil ? .nan : 0
    for column in columns { column[slot] = 0 }
  }

  /// Writes sums relative to the largest weight, where plain weights would round to 0.
  private func writeAnchored(_ query: Double, _ own: Int, _ positions: Range<Int>, into slot: Int) {
    let logs = positions.map { $0 == own ? -.infinity : logWeight(query, $0) }
    guard let largest = logs.max(), largest > -.infinity else { return writeEmpty(into: slot) }
    writeEmpty(into: slot)
    results.logAnchors[slot] = largest + blocks.sorted.logObservationScale
    for (position, log) in zip(positions, logs) where log > -.infinity {
      let weight = Double.exp(log - largest)
      results.weights[slot] += weight
      results.squaredWeights[slot] += weight * weight
      for column in columns.indices {
        columns[column][slot] += weight * blocks.sorted.column(column)[position]
      }
    }
  }

  /// ln of a key's weight divided by the scale of the observation weights; −∞ outside the window.
  private func logWeight(_ query: Double, _ position: Int) -> Double {
    let observation =
      engine.observationWeights.map {
        .log($0[blocks.sorted.row(position)]) - blocks.sorted.logObservationScale
      } ?? 0
    guard isBounded else { return observation }
    let distance = DoubleDouble(sumOf: query, -blocks.sorted.keys[position]).magnitude
    let gap = (DoubleDouble(blocks.bandwidth) - distance).value / blocks.bandwidth
    return observation + engine.similarity.kernel.logProfile(gap: gap)
  }
}
