internal import SimilarityKernels

extension NeighborPass {
  /// The window of a key when all keys count.
  func width(of key: Int, _ asked: Asked) -> NeighborWidth? {
    bandwidths.map { $0.widths[key].whole } ?? asked.window
  }

  /// The window of a key without the left-out key, which is the query.
  func reducedWidth(of key: Int, _ asked: Asked, ratio: Double) -> NeighborWidth? {
    guard let widths = bandwidths?.widths[key], let whole = widths.whole else {
      return width(of: key, asked)
    }
    guard let excluded = asked.excluded, stored.logObservationWeight(excluded) > -.infinity else {
      return whole
    }
    if ratio > 1 + 0x1p-40 || (ratio == 0 && !widths.countsCopies) {
      return whole
    }
    guard ratio > 1 - 0x1p-40 else { return widths.isLast ? whole : widths.reduced }
    let (point, center) = pair(key, asked)
    let inside = edge.radial.insides(
      point, around: center, edge: place(of: whole), distance: whole.distance)[0]
    return inside < 0 || (widths.isLast && inside > 0) ? whole : widths.reduced
  }

  /// The same with its distance to the query looked up.
  func reducedWidth(of key: Int, _ asked: Asked) -> NeighborWidth? {
    let whole = width(of: key, asked)
    guard bandwidths != nil, asked.excluded != nil else { return whole }
    return reducedWidth(
      of: key, asked,
      ratio: places(of: key, in: whole, asked).reduce(0) { $0 + $1 * $1 })
  }

  /// Reweighs the keys whose windows depend on the left-out key.
  func leaveOut(_ excluded: Int, _ tile: Range<Int>, _ asked: Asked) {
    for slot in 0..<tile.count {
      let ratio = square(slot)
      let key = tile.lowerBound + slot
      guard ratio <= 1 + 0x1p-40, key != excluded else { continue }
      let width = reducedWidth(of: key, asked, ratio: ratio)
      guard width?.key != bandwidths?.widths[key].whole?.key else { continue }
      let omega = stored.observationWeights?.column(0)[key] ?? 1
      weights.base[slot] =
        weight(of: key, in: width, asked) * omega * (keyWidths?.shrinkage(width) ?? 1)
    }
  }

  /// The weight of a key in a window of any width.
  private func weight(of key: Int, in width: NeighborWidth?, _ asked: Asked) -> Double {
    guard let width else { return weight([Double](repeating: 0, count: dimension)) }
    let places = places(of: key, in: width, asked)
    let square = places.reduce(0) { edge.isProduct ? max($0, $1 * $1) : $0 + $1 * $1 }
    return isCompact && abs(square - 1) < 0x1p-6
      ? edgeWeight(asked, key, width) : weight(places)
  }

  /// (q − k)/(s D) of a key.
  func places(of key: Int, in width: NeighborWidth?, _ asked: Asked) -> [Double] {
    guard let width else { return [Double](repeating: 0, count: dimension) }
    return (0..<dimension).map { input in
      let difference = asked.query[input] - stored.keys.column(input)[key]
      return max(min(difference / edge.scales[input] / width.distance, 1e150), -1e150)
    }
  }

  /// A window's point and centre: one is the query, the other the key.
  func pair(_ key: Int, _ asked: Asked) -> (point: (Int) -> Double, center: (Int) -> Double) {
    let (query, keys) = (asked.query, stored.keys)
    return bandwidths == nil
      ? ({ keys.column($0)[key] }, { query[$0] }) : ({ query[$0] }, { keys.column($0)[key] })
  }

  /// The key at a window's edge.
  func place(of width: NeighborWidth) -> (Int) -> Double {
    { [keys] in keys.coordinates[width.key * keys.dimension + $0] }
  }

  func edgeWeight(_ asked: Asked, _ key: Int, _ width: NeighborWidth?) -> Double {
    guard let width else { return 1 }
    let (point, center) = pair(key, asked)
    return edge.weight(point, around: center, edge: place(of: width), distance: width.distance)
  }
}
