internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The choices at all times, from the residuals of one bandwidth after another.
struct SequentialSearch {
  private let series: TimeSeries
  private let predicts: Bool

  /// The end of each time's rows, and the bandwidths compared there; empty while all keys are the same.
  private let times: [(end: Int, candidates: Range<Int>)]

  /// Σωv² over the rows up to each time, for each value column.
  private let squares: [[Double]]

  /// The least criterion up to each time among the bandwidths so far, and the widest bandwidth tied with
  /// it.
  private var least: [Double]
  private var chosen: [Int?]
  private var evaluations = 0

  /// The first time up to which two rows have weight: before it, no other row can predict a row.
  private var firstPredicted = 0

  /// The number of bandwidths per factor of two.
  private static let density = 8

  init(_ series: TimeSeries, kernel: Kernel, predicts: Bool) {
    self.series = series
    self.predicts = predicts
    let keys = series.keys.coordinates
    let weights = series.observationWeights
    var gaps = GapMedian()
    var times: [(end: Int, candidates: Range<Int>)] = []
    var squares = series.values.map { _ in [Double]() }
    var sums = series.values.map { _ in 0.0 }
    var weighted = 0
    var start = 0
    while start < keys.count {
      var end = start
      if weighted < 2 { firstPredicted = times.count }
      while end < keys.count, keys[end] == keys[start] {
        if weights?[end] ?? 1 > 0 { weighted += 1 }
        for column in sums.indices {
          let value = series.values[column][end]
          sums[column] += (weights?[end] ?? 1) * value * value
        }
        end += 1
      }
      if start > 0 { gaps.add(Self.place(of: keys[start] - keys[start - 1])) }
      let range = keys[start] - keys[0]
      let candidates =
        gaps.median.map { median in
          // A quarter of the usual gap, and eight times the range.
          let low = median - 2 * Self.density
          return low..<max(Self.place(of: range) + 3 * Self.density + 1, low + 1)
        } ?? 0..<0
      times.append((end, candidates))
      for column in sums.indices { squares[column].append(sums[column]) }
      start = end
    }
    self.times = times
    self.squares = squares
    least = [Double](repeating: .infinity, count: times.count)
    chosen = [Int?](repeating: nil, count: times.count)
  }

  /// All bandwidths compared at some time, ascending.
  var candidates: Range<Int> {
    let all = times.map(\.candidates).filter { !$0.isEmpty }
    guard let low = all.map(\.lowerBound).min(), let high = all.map(\.upperBound).max() else {
      return 0..<0
    }
    return low..<high
  }

  static func bandwidth(_ index: Int) -> Double {
    let (octave, part) = index.quotientAndRemainder(dividingBy: density)
    return min(
      max(
        .pow(2, Double(part) / Double(density)) * .pow(2, Double(octave)), .leastNormalMagnitude),
      .greatestFiniteMagnitude)
  }

  /// The greatest bandwidth not above a distance.
  private static func place(of distance: Double) -> Int {
    Int(
      (Double.log2(min(distance, .greatestFiniteMagnitude)) * Double(density)).rounded(.down))
  }

  /// Includes the residuals of a bandwidth in the choices; bandwidths ascend.
  ///
  /// - Parameters:
  ///   - estimates: the leave-one-out predictions of the rows, from the rows that are not later.
  ///   - unsupported: the rows that have only the policy's prediction.
  mutating func add(_ index: Int, estimates: [[Double]], unsupported: [Int]) {
    evaluations += 1
    let weights = series.observationWeights
    let empty = Set(unsupported)
    var sums = series.values.map { _ in CompensatedSum() }
    var isFeasible = true
    var start = 0
    for (time, place) in times.enumerated() {
      for row in start..<place.end where weights?[row] ?? 1 > 0 {
        if time < firstPredicted { continue }
        if empty.contains(row), !predicts {
          isFeasible = false
          continue
        }
        for column in sums.indices {
          let residual = series.values[column][row] - estimates[column][row]
          if residual.isFinite { sums[column].add((weights?[row] ?? 1) * residual * residual) }
        }
      }
      start = place.end
      guard isFeasible, place.candidates.contains(index) else { continue }
      let (criterion, noise) = criterion(sums.map(\.value), at: time)
      // Among ties the widest.
      if criterion <= least[time] + noise { chosen[time] = index }
      least[time] = min(least[time], criterion)
    }
  }

  /// The criterion at a time, and how much rounding may change it.
  ///
  /// Estimates have errors of about 1e-13 of the values, which change the criterion by their product with
  /// the residuals.
  private func criterion(_ sums: [Double], at time: Int) -> (value: Double, noise: Double) {
    var (value, noise) = (0.0, 0.0)
    for (column, sum) in sums.enumerated() {
      let all = squares[column][time]
      guard all > 0 else { continue }
      let share = sum / all
      value += share
      noise += 4e-13 * share.squareRoot()
    }
    return (value, noise)
  }

  /// The choices, one for each stretch of time over which they do not change.
  var result: SequentialBandwidths {
    var starts: [Double] = []
    var bandwidths: [Double] = []
    var last: Int?
    let keys = series.keys.coordinates
    for (time, place) in times.enumerated() {
      let own = chosen[time]
      if time > 0, own == last { continue }
      starts.append(keys[place.end - 1])
      bandwidths.append(own.map(Self.bandwidth) ?? .greatestFiniteMagnitude / 16)
      last = own
    }
    return SequentialBandwidths(
      times: starts, bandwidths: bandwidths, criterion: lastCriterion, evaluations: evaluations)
  }

  /// The last criterion as it is reported.
  private var lastCriterion: Double {
    guard let least = least.last, least < .infinity else { return .nan }
    guard series.values.count == 1 else { return least }
    let start = firstPredicted == 0 ? 0 : times[firstPredicted - 1].end
    let weight = series.keys.indices.dropFirst(start)
      .reduce(0) { $0 + (series.observationWeights?[$1] ?? 1) }
    return least * (squares[0].last ?? 0) / weight
  }
}

/// The running median of integers: the gaps' places on the grid.
struct GapMedian {
  // Covers the least to the greatest double.
  private static let least = -8 * 1_080
  private var counts = [Int](repeating: 0, count: 8 * 2_110)
  private var count = 0
  private var middle = 0
  private var below = 0

  /// The number of rank ⌊count/2⌋, the least having rank 0; nil if there is none.
  var median: Int? { count > 0 ? middle + Self.least : nil }

  mutating func add(_ number: Int) {
    let place = min(max(number - Self.least, 0), counts.count - 1)
    counts[place] += 1
    count += 1
    if place < middle { below += 1 }
    let rank = count / 2
    while below > rank {
      middle -= 1
      below -= counts[middle]
    }
    while below + counts[middle] <= rank {
      below += counts[middle]
      middle += 1
    }
  }
}
