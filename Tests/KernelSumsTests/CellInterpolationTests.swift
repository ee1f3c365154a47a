import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelSums

/// What the cell transform's bounds rest on.
@Suite struct CellInterpolationTests {
  static let kernels = [Kernel.gaussian, .logistic, .cauchy].flatMap { kernel in
    [false, true].compactMap {
      CellKernel(Similarity(kernel, bandwidths: [1]), isSquared: $0)
    }
  }

  @Test(.slow, arguments: kernels, [(8, 0.3), (12, 0.6), (16, 0.9), (16, 0.125), (24, 1)])
  func `interpolation errs by less than its bound`(
    kernel: CellKernel, shape: (terms: Int, ratio: Double)
  ) {
    let interpolation = CellInterpolation(
      kernel, width: shape.ratio, bandwidth: 1, terms: shape.terms, reach: 12,
      form: .other)
    let places = (0...20).map { Double($0) / 10 - 1 }
    for offset in [-12, -3, -1, 0, 1, 2, 5, 12] {
      let matrix = (offset + 12) * shape.terms * shape.terms
      var worst = 0.0
      for u in places {
        for t in places {
          var sum = 0.0
          for row in (0..<shape.terms).reversed() {
            var inner = 0.0
            for column in (0..<shape.terms).reversed() {
              inner = inner * t + interpolation.matrices[matrix + row * shape.terms + column]
            }
            sum = sum * u + inner
          }
          worst = max(worst, abs(sum - kernel(shape.ratio / 2 * (2 * Double(offset) + u - t))))
        }
      }
      let rounding = CellTable.rounding * interpolation.growth[abs(offset)]
      #expect(worst <= interpolation.error[abs(offset)] + rounding, "offset \(offset)")
    }
    // A bound that is far too large would be of no use. Weights are up to 1: a thousandth of that is too large.
    #expect(interpolation.error[0] < 1e-3)
  }

  /// Horner's rule for the polynomial of a matrix and its first two derivatives in u, against
  /// (−v)ᵃ exp(−v²/2).
  @Test(.slow, arguments: [1, 2], [(12, 0.6), (16, 0.9), (20, 1.3), (24, 1.8)])
  func `moments from slopes err by less than their bound`(
    power: Int, shape: (terms: Int, ratio: Double)
  ) throws {
    let plain = try #require(CellKernel(Similarity(.gaussian, bandwidths: [1])))
    let precise = PreciseInterpolation(terms: shape.terms)
    let coefficients = (0...6).map { precise.powers(ratio: shape.ratio, offset: $0) }
    func interpolation(_ power: Int, _ form: CellInterpolation.Form) -> CellInterpolation {
      CellInterpolation(
        plain.times(power: power), width: shape.ratio, bandwidth: 1, terms: shape.terms, reach: 6,
        form: form, coefficients: coefficients)
    }
    let matrices = interpolation(0, .other).matrices
    let bounds = interpolation(power, .slopes)
    let exact = plain.times(power: power)
    let b = shape.ratio / 2
    for offset in [-6, -2, -1, 0, 1, 3] {
      let matrix = (offset + 6) * shape.terms * shape.terms
      var worst = 0.0
      for u in stride(from: -1, through: 1, by: 0.1) {
        for t in stride(from: -1, through: 1, by: 0.1) {
          var (value, slope, half) = (0.0, 0.0, 0.0)
          for row in (0..<shape.terms).reversed() {
            var inner = 0.0
            for column in (0..<shape.terms).reversed() {
              inner = inner * t + matrices[matrix + row * shape.terms + column]
            }
            (half, slope, value) = (half * u + slope, slope * u + value, value * u + inner)
          }
          let moment = power == 1 ? slope / b : 2 * half / (b * b) + value
          worst = max(worst, abs(moment - exact(b * (2 * Double(offset) + u - t))))
        }
      }
      let rounding = CellTable.rounding * bounds.growth[abs(offset)]
      #expect(worst <= bounds.error[abs(offset)] + rounding, "offset \(offset)")
    }
    #expect(bounds.error[0] < 1e-3)
  }

  @Test(arguments: kernels)
  func `no weight between two cells is above its limit`(kernel: CellKernel) {
    let interpolation = CellInterpolation(
      kernel, width: 0.5, bandwidth: 1, terms: 8, reach: 6, form: .last)
    for offset in 0...6 {
      for u in [-1.0, -0.3, 0.4, 1] {
        for t in [-1.0, 0, 1] {
          let weight = kernel(0.25 * (2 * Double(offset) + u - t))
          #expect(weight <= interpolation.greatest[offset])
        }
      }
    }
  }

  @Test(arguments: [0, 17.3, 1.6e9, -4e11])
  func `centres of cells are doubles, and so are the distances between them`(start: Double) throws {
    let axis = try #require(
      CellAxis(from: start, to: start + 90, width: 0.0371 * max(1, start.ulp * 1e5), margin: 2))
    #expect(axis.lowest <= start)
    #expect(axis.lowest + Double(axis.count) * axis.width >= start + 90)
    for cell in [0, 1, axis.count / 3, axis.count - 1] {
      let centre = axis.lowest + (Double(cell) + 0.5) * axis.width
      #expect(Float80(axis.lowest) + (Float80(cell) + 0.5) * Float80(axis.width) == Float80(centre))
    }
  }

  @Test func `pages have rows where keys are dense, and warn of keys that have none`() throws {
    let axis = try #require(CellAxis(from: 0, to: 1e6, width: 1, margin: 2))
    let dense = (0..<4000).map { 500_000 + Double($0) / 10 }
    let grid = (dense + [0, 1e6, 500_600]).withUnsafeBufferPointer {
      CellGrid(axis: axis, keys: $0, density: 4, reach: 9)
    }
    #expect(grid.rowCount < 1000)
    #expect(grid.lines.reduce(0) { $0 + $1.count } == grid.rowCount)
    #expect(grid.pages.last == -1)
    #expect(grid.uncertainRows.allSatisfy { $0.count == 9 })
  }
}
