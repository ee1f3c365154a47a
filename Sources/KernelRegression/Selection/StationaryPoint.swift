internal import RealModule

// The place of a minimum, to more digits than the values around it can resolve.
//
// 1. Repeatability. Near a minimum a function that is known to ε is flat within √ε, and where in that
//    range a search ends depends on rounding: on the processor's instructions and the number of threads.
//    So the slope decides instead. From values δ apart it is known to ε/δ, and the place where it
//    vanishes to ε/(δf″): for δ = 0.03 and f″ = f/10 that is 300 ε, where √(ε/f″) would be a hundred
//    million ε.
// 2. Accuracy. Differences of sixth order have the error δ⁶f⁽⁷⁾/140. δ is halved until that no longer
//    moves the place.
// 3. At a kink the places for δ and δ/2 disagree, and then there is no answer.

/// The place near a found minimum where the slope of a smooth function vanishes.
struct StationaryPoint {
  let place: [Double]

  /// How far rounding may move each coordinate.
  let errors: [Double]

  /// Distances at which values are compared, in turn.
  private static let differences = [0.06, 0.03, 0.015, 0.0075, 0.00375, 0.001875, 0.0009375]

  /// Places for two differences that are this close count as one.
  private static let agreement = 2e-8

  /// The place near a start, or nil if the function is not smooth or not convex around it.
  ///
  /// - Parameters:
  ///   - start: the minimum as a search found it.
  ///   - free: the coordinates that may move.
  ///   - reach: for each coordinate how far values exist on either side; infinite if they exist
  ///     everywhere.
  ///   - noise: the rounding error of a value.
  /// - Complexity: about 25 values for one coordinate, about 14d + 2d² for d.
  init?(
    near start: [Double], free: [Int], reach: [Double], noise: Double,
    of function: @escaping ([Double]) throws(KernelRegressionError) -> Double
  ) throws(KernelRegressionError) {
    guard !free.isEmpty else { return nil }
    let stencil = Stencil(function: function, free: free)
    var last: [Double]?
    var inverse: [[Double]]?
    for difference in Self.differences {
      let steps = reach.map { min(difference, $0 / 3.5) }
      // The curvature at twice the distance serves Newton's method as well.
      guard
        let found = try stencil.root(
          near: last ?? start, steps: steps, noise: noise, inverse: last == nil ? nil : inverse),
        zip(found.place, start).allSatisfy({ ($0 - $1).magnitude <= difference })
      else {
        last = nil
        continue
      }
      if let last {
        let agrees = zip(free, found.errors).allSatisfy { index, error in
          (found.place[index] - last[index]).magnitude <= max(Self.agreement, error)
        }
        if agrees {
          place = found.place
          var all = start.map { _ in 0.0 }
          for (index, error) in zip(free, found.errors) { all[index] = error }
          errors = all
          return
        }
      }
      (last, inverse) = (found.place, found.inverse)
    }
    return nil
  }
}

extension StationaryPoint {
  /// The distance at which slopes are compared for curvatures.
  private static let slopeDifference = 1e-3

  /// A slope sums the squares of distances in bandwidths, and so may err by more than a value; by as much as
  /// differences of sixth order of values 0.03 apart.
  private static let slopeNoise = 110 / 60 / 0.03

  /// The same for a function whose slopes are known.
  ///
  /// - Parameter slopes: nil where they are not known.
  /// - Complexity: about 2d + 3 slopes for d coordinates.
  init?(
    near start: [Double], free: [Int], noise: Double,
    slopes: ([Double]) throws(KernelRegressionError) -> [Double]?
  ) throws(KernelRegressionError) {
    guard !free.isEmpty else { return nil }
    var matrix: [[Double]] = []
    for index in free {
      var (below, above) = (start, start)
      below[index] -= Self.slopeDifference
      above[index] += Self.slopeDifference
      guard let low = try slopes(below), let high = try slopes(above) else { return nil }
      matrix.append(free.map { (high[$0] - low[$0]) / (above[index] - below[index]) })
    }
    for row in free.indices {
      for column in 0..<row {
        let mean = (matrix[row][column] + matrix[column][row]) / 2
        (matrix[row][column], matrix[column][row]) = (mean, mean)
      }
    }
    guard let inverse = Stencil.inverse(matrix) else { return nil }
    let errors = inverse.map { row in
      row.reduce(0) { $0 + $1.magnitude * noise * Self.slopeNoise }
    }
    let tolerance = max(1e-9, errors.reduce(0, max) / 10)
    var place = start
    var last = Double.infinity
    for _ in 0..<8 {
      guard let slopes = try slopes(place) else { return nil }
      let step = inverse.map { row in -zip(row, free).reduce(0) { $0 + $1.0 * slopes[$1.1] } }
      for (index, change) in zip(free, step) { place[index] += change }
      let size = step.reduce(0) { max($0, $1.magnitude) }
      guard size < max(last / 2, tolerance),
        zip(place, start).allSatisfy({ ($0 - $1).magnitude <= Self.differences[0] })
      else { return nil }
      if size < tolerance {
        var all = start.map { _ in 0.0 }
        for (index, error) in zip(free, errors) { all[index] = error }
        self.init(place: place, errors: all)
        return
      }
      last = size
    }
    return nil
  }

  private init(place: [Double], errors: [Double]) {
    self.place = place
    self.errors = errors
  }
}

/// Slopes and curvatures from values at given distances.
private struct Stencil {
  let function: ([Double]) throws(KernelRegressionError) -> Double
  let free: [Int]

  /// Where the slopes vanish, by Newton's method, and how far noise moves that place along each free
  /// coordinate; nil if a value is not finite, the function is not convex or the steps do not shrink.
  ///
  /// - Parameter given: the inverse of the curvature, if known.
  func root(
    near start: [Double], steps: [Double], noise: Double, inverse given: [[Double]]?
  ) throws(KernelRegressionError) -> (place: [Double], errors: [Double], inverse: [[Double]])? {
    var place = start
    guard let first = try slopes(at: place, steps) else { return nil }
    var known = given
    if known == nil { known = try inverseCurvature(at: place, steps, first.diagonal) }
    guard let inverse = known else { return nil }
    // The weights of a difference of sixth order add up to 110/60.
    let errors = inverse.map { row in
      zip(row, free).reduce(0) { $0 + $1.0.magnitude * noise * 110 / 60 / steps[$1.1] }
    }
    // The curvature is known to at least four digits: after a step of 1e-6 the error is below 1e-10.
    let tolerance = max(1e-6, errors.reduce(0, max) / 10)
    var slopes = first.slopes
    var last = Double.infinity
    for _ in 0..<8 {
      let step = inverse.map { row in -zip(row, slopes).reduce(0) { $0 + $1.0 * $1.1 } }
      for (index, change) in zip(free, step) { place[index] += change }
      let size = step.reduce(0) { max($0, $1.magnitude) }
      guard size < max(last / 2, tolerance) else { return nil }
      if size < tolerance { return (place, errors, inverse) }
      last = size
      guard let next = try self.slopes(at: place, steps) else { return nil }
      slopes = next.slopes
    }
    return nil
  }

  private func value(
    _ place: [Double], _ moves: (index: Int, by: Double)...
  ) throws(KernelRegressionError) -> Double {
    var moved = place
    for move in moves { moved[move.index] += move.by }
    return try function(moved)
  }

  /// The slopes, and the terms of the same values that the second differences of sixth order need.
  private func slopes(
    at place: [Double], _ steps: [Double]
  ) throws(KernelRegressionError) -> (slopes: [Double], diagonal: [Double])? {
    var slopes: [Double] = []
    var diagonal: [Double] = []
    for index in free {
      var (difference, sum) = (0.0, 0.0)
      for (times, odd, even) in [(1.0, 45.0, 270.0), (2, -9, -27), (3, 1, 2)] {
        let above = try value(place, (index, times * steps[index]))
        let below = try value(place, (index, -times * steps[index]))
        guard above.isFinite, below.isFinite else { return nil }
        difference += odd * (above - below)
        sum += even * (above + below)
      }
      slopes.append(difference / (60 * steps[index]))
      diagonal.append(sum)
    }
    return (slopes, diagonal)
  }

  private func inverseCurvature(
    at place: [Double], _ steps: [Double], _ diagonal: [Double]
  ) throws(KernelRegressionError) -> [[Double]]? {
    let middle = try function(place)
    var matrix = free.map { _ in free.map { _ in 0.0 } }
    for (row, index) in free.enumerated() {
      let step = steps[index]
      matrix[row][row] = (diagonal[row] - 490 * middle) / (180 * step * step)
      for column in 0..<row {
        let (other, width) = (free[column], steps[free[column]])
        let mixed =
          try value(place, (index, step), (other, width))
          - value(place, (index, step), (other, -width))
          - value(place, (index, -step), (other, width))
          + value(place, (index, -step), (other, -width))
        matrix[row][column] = mixed / (4 * step * width)
        matrix[column][row] = matrix[row][column]
      }
    }
    return Self.inverse(matrix)
  }

  /// The inverse of a positive definite matrix, by its Cholesky factor; nil for any other.
  static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
    let count = matrix.count
    var factor = matrix.map { $0.map { _ in 0.0 } }
    for row in 0..<count {
      for column in 0...row {
        let rest = (0..<column).reduce(matrix[row][column]) {
          $0 - factor[row][$1] * factor[column][$1]
        }
        guard row == column else {
          factor[row][column] = rest / factor[column][column]
          continue
        }
        guard rest > 0, rest.isFinite else { return nil }
        factor[row][row] = rest.squareRoot()
      }
    }
    let columns = (0..<count).map { unit in
      var solution = (0..<count).map { $0 == unit ? 1.0 : 0 }
      for row in 0..<count {
        for column in 0..<row { solution[row] -= factor[row][column] * solution[column] }
        solution[row] /= factor[row][row]
      }
      for row in (0..<count).reversed() {
        for below in row + 1..<count { solution[row] -= factor[below][row] * solution[below] }
        solution[row] /= factor[row][row]
      }
      return solution
    }
    return columns
  }
}
