/// A criterion at ascending bandwidths of one input.
struct CriterionCurve {
  /// A place on the curve: x = ln h.
  typealias Point = (x: Double, value: Double)

  /// The places, x ascending; infinite where the criterion does not exist.
  private(set) var points: [Point]

  /// The places at which the value is an estimate, certain to be more than the lowest value.
  private var estimated: Set<Double>

  init(_ points: [Point], estimated: Set<Double> = []) {
    self.points = points
    self.estimated = estimated
  }

  /// Adds places between the existing ones.
  mutating func insert(_ more: [Point]) {
    points = (points + more).sorted { $0.x < $1.x }
  }

  /// Replaces estimates by values.
  mutating func settle(_ values: [Point]) {
    for (x, value) in values {
      estimated.remove(x)
      if let place = points.firstIndex(where: { $0.x == x }) { points[place].value = value }
    }
  }

  /// The estimates next to a minimum, which may be one only because they err.
  func doubts(noise: (Double) -> Double) -> [Double] {
    guard !estimated.isEmpty else { return [] }
    return minima(noise: noise).flatMap { run in
      points[max(run.lowerBound - 1, 0)..<min(run.upperBound + 1, points.count)].map(\.x)
    }.filter(estimated.contains)
  }

  /// Runs of points at which the curve neither rises nor falls by more than rounding, each lower
  /// than the curve on either side: the local minima, without those of estimates alone.
  ///
  /// - Parameter noise: the possible error of a value.
  func minima(noise: (Double) -> Double) -> [Range<Int>] {
    var minima: [Range<Int>] = []
    var start = 0
    while start < points.count {
      let value = points[start].value
      var end = start + 1
      while end < points.count, isLevel(points[end].value, value, noise) { end += 1 }
      let fallsTo = start == 0 || points[start - 1].value > value
      let risesFrom = end == points.count || points[end].value > value
      let isCertain = points[start..<end].contains { !estimated.contains($0.x) }
      if value < .infinity, fallsTo, risesFrom, isCertain { minima.append(start..<end) }
      start = end
    }
    return minima
  }

  private func isLevel(_ value: Double, _ other: Double, _ noise: (Double) -> Double) -> Bool {
    value == other
      || (value.isFinite && other.isFinite && (value - other).magnitude <= noise(min(value, other)))
  }

  /// More places worth examining: the middles of all intervals that may hide a minimum.
  ///
  /// An interval next to a minimum of the points always may. Elsewhere a minimum and a maximum hide in an
  /// interval if the slope changes sign twice. The slopes of an interval and its neighbours show how much
  /// the slope varies over it: if it varies by as much as the slope itself, and the curve bends one way
  /// before the interval and the other way after it, the slope may vanish in between. An interval at the
  /// edge of feasibility is halved as well.
  ///
  /// Where a part of the curve is estimated, and other minima may be missed anyway, only intervals count
  /// that may hide the lowest: with the steepest of the slopes around an interval, a minimum in it can be
  /// half of its fall over the interval below the lower end.
  func suspects(noise: (Double) -> Double) -> [Double] {
    let minima = Set(minima(noise: noise).filter { $0.count < 3 }.flatMap { Array($0) })
    return points.indices.dropLast().compactMap { left in
      if estimated.contains(points[left].x) || estimated.contains(points[left + 1].x) { return nil }
      let middle = (points[left].x + points[left + 1].x) / 2
      if minima.contains(left) || minima.contains(left + 1) { return middle }
      let isFeasible = (points[left].value < .infinity, points[left + 1].value < .infinity)
      if isFeasible.0 != isFeasible.1 { return middle }
      return mayHideMinimum(left, noise) ? middle : nil
    }
  }

  private func mayHideMinimum(_ left: Int, _ noise: (Double) -> Double) -> Bool {
    guard left > 0, left + 2 < points.count,
      points[left - 1...left + 2].allSatisfy({ $0.value.isFinite && !estimated.contains($0.x) }),
      (points[left].value - points[left + 1].value).magnitude > noise(points[left].value)
    else { return false }
    let (before, own, after) = (slope(left - 1), slope(left), slope(left + 1))
    let bends = (own - before, after - own)
    guard bends.0 * bends.1 < 0,
      own.magnitude <= max(bends.0.magnitude, bends.1.magnitude)
    else { return false }
    guard !estimated.isEmpty, let lowest = points.map(\.value).min() else { return true }
    let steepest = max(before.magnitude, own.magnitude, after.magnitude)
    let fall = steepest * (points[left + 1].x - points[left].x) / 2
    return min(points[left].value, points[left + 1].value) - fall < lowest
  }

  private func slope(_ left: Int) -> Double {
    (points[left + 1].value - points[left].value) / (points[left + 1].x - points[left].x)
  }
}
