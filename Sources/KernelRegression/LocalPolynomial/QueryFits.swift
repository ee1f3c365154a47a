internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The polynomials at some queries, as they come out of the sums.
struct QueryFits {
  /// For each value column the value at each query; NaN without support.
  var estimates: [[Double]]
  /// For each value column and input ∂ŷ/∂q; NaN where no slope is determined.
  var gradients: [[[Double]]]
  /// The first element of the inverse of Σwzzᵀ; infinite where it leaves the range of doubles.
  var leverages: [Double]
  /// The degree that served; −1 without support.
  var degrees: [Int8]
  /// (Σw)²/Σw²; 0 without support.
  var effectiveSampleSizes: [Double]

  init(queryCount: Int, columnCount: Int, dimension: Int, degree: Int) {
    let unknown = [Double](repeating: .nan, count: queryCount)
    estimates = Array(repeating: unknown, count: columnCount)
    gradients = Array(repeating: Array(repeating: unknown, count: dimension), count: columnCount)
    leverages = unknown
    degrees = [Int8](repeating: Int8(degree), count: queryCount)
    effectiveSampleSizes = unknown
  }
}

extension LocalPolynomial {
  /// The polynomials at a run of queries.
  ///
  /// By the moments where they determine them well, otherwise by the keys themselves.
  func fits(
    at queries: Points, in run: Range<Int>, omission: Omission, squares: Bool, execution: Execution
  ) -> QueryFits {
    let problem = base.problem
    let sums = base.engine.sums(
      at: queries, in: run, omission: omission, squares: squares, execution: execution)
    var fits = QueryFits(
      queryCount: run.count, columnCount: problem.columns.count,
      dimension: similarity.bandwidths.count, degree: degree)
    sums.withUnsafeSums { sums in
      fits.withStorage(scales: base.valueScales, bandwidths: similarity.bandwidths) { storage in
        execution.silent.forEachBlock(
          of: run.count, atMost: 1024, scratch: { MomentFit(problem) }
        ) { block, fit in
          for slot in block {
            storage.takeSampleSize(sums, at: slot)
            if !(sums.weights[slot] > 0) {
              storage.degrees[slot] = -1
            } else if fit.solve(sums, at: slot) {
              storage.take(fit, at: slot, logAnchor: sums.logAnchors[slot])
            } else {
              storage.degrees[slot] = Storage.isLeft
            }
          }
        }
        let left = (0..<run.count).filter { storage.degrees[$0] == Storage.isLeft }
        problem.forEachQuery(
          left.map { run.lowerBound + $0 }, of: queries, omission: omission,
          execution: execution.silent
        ) { place, weights in
          let slot = left[place]
          let fit = CarefulFit(problem)
          fit.fit(at: queries[run.lowerBound + slot], weights: weights)
          storage.take(
            fit, at: slot, logWeight: sums.logAnchors[slot] + .log(sums.weights[slot]))
        }
        takeFarKeys(left, of: queries, in: run, omission: omission, sums, storage)
      }
    }
    return fits
  }
}

extension LocalPolynomial {
  /// Fits those queries anew whose degree was lowered though keys farther away, whose weights are none
  /// in double precision, do determine it.
  private func takeFarKeys(
    _ slots: [Int], of queries: Points, in run: Range<Int>, omission: Omission, _ sums: UnsafeSums,
    _ storage: Storage
  ) {
    guard similarity.kernel.hasLogProfile else { return }
    var left = slots.filter { (0..<degree).contains(Int(storage.degrees[$0])) }
    guard let first = left.first else { return }
    // Without any window, no key adds to what all of them determine.
    let everywhere = CarefulFit(base.problem)
    everywhere.fit(
      at: queries[run.lowerBound + first],
      weights: keys.indices.map { ($0, (observationWeights?[$0] ?? 1) > 0 ? 1 : 0) })
    left = left.filter { Int(storage.degrees[$0]) < everywhere.degree }
    var depth = 1e4
    while !left.isEmpty {
      let slots = left
      let greatest = everywhere.degree
      base.problem.forEachQuery(
        slots.map { run.lowerBound + $0 }, of: queries, omission: omission, depth: depth,
        execution: execution.silent
      ) { place, logWeights, isWhole in
        let slot = slots[place]
        let fit = CarefulFit(base.problem)
        fit.fit(at: queries[run.lowerBound + slot], logWeights: logWeights)
        guard fit.degree >= greatest || isWhole else { return }
        storage.take(
          fit, at: slot, logWeight: sums.logAnchors[slot] + .log(sums.weights[slot]))
        storage.isSettled[slot] = true
      }
      left = slots.filter { !storage.isSettled[$0] }
      depth *= 1e4
    }
  }
}

/// Where the results of all threads go, each to places of its own.
private struct Storage: @unchecked Sendable {
  /// Marks a query that is left to the keys themselves.
  static var isLeft: Int8 { -2 }

  let estimates: [UnsafeMutablePointer<Double>]
  let gradients: [[UnsafeMutablePointer<Double>]]
  let leverages: UnsafeMutablePointer<Double>
  let degrees: UnsafeMutablePointer<Int8>
  /// Whether the degree is as high as it can be.
  let isSettled: UnsafeMutablePointer<Bool>
  let sizes: UnsafeMutablePointer<Double>
  /// What a column was divided by, and that over each bandwidth.
  let scales: [Double]
  let slopes: [[Double]]

  func takeSampleSize(_ sums: UnsafeSums, at slot: Int) {
    let weight = sums.weights[slot]
    sizes[slot] = weight > 0 ? weight / sums.squaredWeights[slot] * weight : 0
  }

  func take(_ fit: MomentFit, at slot: Int, logAnchor: Double) {
    for column in estimates.indices {
      let coefficients = fit.coefficients + column * fit.count
      estimates[column][slot] = coefficients[0] * scales[column]
      guard fit.count > 1 else { continue }
      for input in gradients[column].indices {
        gradients[column][input][slot] = coefficients[1 + input] * slopes[column][input]
      }
    }
    leverages[slot] = logAnchor == 0 ? fit.leverage : fit.leverage * .exp(-logAnchor)
  }

  func take(_ fit: CarefulFit, at slot: Int, logWeight: Double) {
    degrees[slot] = Int8(fit.degree)
    leverages[slot] = fit.leverage * .exp(-logWeight)
    for column in estimates.indices {
      estimates[column][slot] = fit.values[column] * scales[column]
      guard fit.degree > 0 else { continue }
      for input in gradients[column].indices {
        gradients[column][input][slot] = fit.derivatives[column][input] * slopes[column][input]
      }
    }
  }
}

extension QueryFits {
  fileprivate mutating func withStorage(
    scales: [Double], bandwidths: [Double], _ body: (Storage) -> Void
  ) {
    let columns = estimates.indices
    let inputs = bandwidths.indices
    let count = leverages.count
    // Every array lies in one block while threads write to it.
    let rows = 2 + columns.count * (1 + inputs.count)
    let room = UnsafeMutablePointer<Double>.allocate(capacity: max(rows * count, 1))
    room.initialize(repeating: .nan, count: max(rows * count, 1))
    defer { room.deallocate() }
    func row(_ index: Int) -> UnsafeMutablePointer<Double> { room + index * count }
    func array(_ index: Int) -> [Double] {
      Array(UnsafeBufferPointer(start: row(index), count: count))
    }
    degrees.withUnsafeMutableBufferPointer { degrees in
      let placeholder = UnsafeMutablePointer<Int8>.allocate(capacity: 1)
      defer { placeholder.deallocate() }
      let isSettled = UnsafeMutablePointer<Bool>.allocate(capacity: max(count, 1))
      isSettled.initialize(repeating: false, count: count)
      defer { isSettled.deallocate() }
      body(
        Storage(
          estimates: columns.map { row(2 + $0) },
          gradients: columns.map { column in
            inputs.map { row(2 + columns.count + column * inputs.count + $0) }
          },
          leverages: row(0), degrees: degrees.baseAddress ?? placeholder, isSettled: isSettled,
          sizes: row(1),
          scales: scales,
          slopes: scales.map { scale in bandwidths.map { scale / $0 } }))
    }
    leverages = array(0)
    effectiveSampleSizes = array(1)
    estimates = columns.map { array(2 + $0) }
    gradients = columns.map { column in
      inputs.map { array(2 + columns.count + column * inputs.count + $0) }
    }
  }
}
