import Nadaraya
import NadarayaFigures
import Tables
import Wording

/// The criterion over the bandwidth of one input.
struct CriterionSlice {
  let input: Int
  let curve: Panel.Curve

  /// The most rows that no other supports, at the drawn bandwidths without a criterion.
  let unsupportedRows: Int

  /// Whether the criterion is finite everywhere.
  var isFeasible: Bool { curve.y.allSatisfy(\.isFinite) }

  func axis(of data: DataTable) -> Axis {
    let name = data.inputNames[input]
    guard input < data.keyNames.count else { return Axis(label: "λ of \(name)") }
    let (first, last) = (curve.x[0], curve.x[curve.x.count - 1])
    let step = Bandwidths.path(from: first, to: last, count: 51)[1] / first
    // A shaded stretch begins where the axis does.
    let start = curve.y[0].isFinite ? max(first / step, .leastNormalMagnitude) : first
    let end = min(last * step, .greatestFiniteMagnitude)
    return Axis(label: "bandwidth h of \(name)", scale: .log10, limits: start...end)
  }

  /// The bandwidth itself, or the end of the axis where that lies far beyond it.
  func place(of bandwidth: Double) -> Double { min(bandwidth, curve.x[curve.x.count - 1]) }

  func subtitle(of data: DataTable) -> String {
    guard !isFeasible else { return "" }
    return unsupportedRows > 0
      ? "no criterion where shaded: up to \(unsupportedRows) of "
        + "\(counted(data.rowCount, "row")) without support"
      : "no criterion where shaded: no degrees of freedom left"
  }
}

extension CriterionFigure {
  /// The number of bandwidths at which a curve is drawn.
  private static let placeCount = 400

  /// A slice for each input, under a progress bar.
  func slices() throws -> [CriterionSlice] {
    let bar = ProgressBar("drawing the criterion")
    defer { bar.finish() }
    let count = Double(data.inputNames.count)
    return try data.inputNames.indices.map { input in
      try slice(over: input) { bar.report?((Double(input) + $0) / count) }
    }
  }

  private func slice(
    over input: Int, progress: (Double) -> Void
  ) throws -> CriterionSlice {
    guard input < data.keyNames.count else {
      let label = input - data.keyNames.count
      let greatest = labelKernels[label].largestBandwidth(
        levelCount: data.labels[label].levels.count)
      let places = (0..<Self.placeCount).map {
        greatest * Double($0) / Double(Self.placeCount - 1)
      }
      return try slice(over: input, at: places, progress: progress)
    }
    let (range, first) = try range(of: input)
    let slice = try slice(
      over: input,
      at: Bandwidths.path(from: range.lowerBound, to: range.upperBound, count: Self.placeCount),
      progress: { progress($0 * 0.5) })
    // What is not feasible is worth a fifth of the panel, no more.
    guard first == nil, let start = slice.curve.y.firstIndex(where: \.isFinite),
      start > Self.placeCount / 4
    else { return slice }
    let low = Self.start(before: slice.curve.x[start], end: range.upperBound)
    return try self.slice(
      over: input,
      at: Bandwidths.path(from: low, to: range.upperBound, count: Self.placeCount),
      progress: { progress(0.5 + $0 * 0.5) })
  }

  /// The range in which one input's bandwidth is drawn, and where in it the criterion is known to begin.
  private func range(of input: Int) throws -> (ClosedRange<Double>, first: Double?) {
    // This criterion exists however few rows support each other, so its range begins at the gaps
    // between keys.
    let usual = try BandwidthCriterion(
      .generalizedCrossValidation,
      of: Sample(
        keys: Points(data.keyColumns[input]), values: data.values,
        weights: data.observationWeights),
      similarity: Similarity(kernel)
    ).range
    let marked =
      data.inputNames.count == 1
      ? selection.minima.map { $0.bandwidths[0] } : [selection.bandwidths[input]]
    // An input without bearing has a bandwidth decades away, on the way to which nothing happens.
    let upper = marked.filter { $0 <= 10 * usual.upperBound }.reduce(usual.upperBound, max)
    guard data.inputNames.count == 1 else {
      return (marked.reduce(usual.lowerBound, min)...upper, nil)
    }
    let first = criterion.range.lowerBound
    guard first > usual.lowerBound else {
      return (marked.reduce(usual.lowerBound, min)...upper, nil)
    }
    let low = max(usual.lowerBound, Self.start(before: first, end: upper))
    return (marked.reduce(low, min)...upper, first)
  }

  /// The start of an axis, four fifths of which lie between two bandwidths.
  private static func start(before first: Double, end: Double) -> Double {
    let quarter = Bandwidths.path(from: first, to: end, count: 5)[1] / first
    return max(first / quarter, .leastNormalMagnitude)
  }

  private func slice(
    over input: Int, at places: [Double], progress: (Double) -> Void
  ) throws -> CriterionSlice {
    // The curve passes through what is marked on it.
    let marked =
      data.inputNames.count == 1
      ? selection.minima.flatMap { minimum in
        minimum.bandwidths + (minimum.stretch.map { [$0.lowerBound, $0.upperBound] } ?? [])
      } : [selection.bandwidths[input]]
    let inside = marked.filter { $0 >= places[0] && $0 <= places[places.count - 1] }
    let bandwidths = Set(places + inside).sorted()
    var values: [Double] = []
    var unsupportedRows = 0
    for bandwidth in bandwidths {
      var all = selection.bandwidths
      all[input] = bandwidth
      let (value, report) = try criterion.evaluated(all)
      values.append(value.isFinite ? value : .nan)
      if !value.isFinite {
        unsupportedRows = max(unsupportedRows, report.unsupportedRows)
      }
      progress(Double(values.count) / Double(bandwidths.count))
    }
    return CriterionSlice(
      input: input, curve: Panel.Curve(x: bandwidths, y: values), unsupportedRows: unsupportedRows)
  }
}
