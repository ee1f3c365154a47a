import RealModule
import Testing
import _TestSupport

@testable import LearnedAttention

@Suite struct DescentTests {
  @Test func `Rosenbrock's valley is followed to its end`() {
    var descent = LimitedMemoryDescent(from: [-1.2, 1]) { place in
      let (x, y) = (place[0], place[1])
      let (a, b) = (1 - x, y - x * x)
      return (a * a + 100 * b * b, [-2 * a - 400 * x * b, 200 * b])
    }
    var count = 0
    while descent.advance() == .moved, count < 200 { count += 1 }
    // The end is where the value, of curvature 0.4 at least, gains less than 1e-8 of itself: it is found
    // to the rounding of 1 − x.
    #expect((descent.point.place[0] - 1).magnitude < 1e-6)
    #expect((descent.point.place[1] - 1).magnitude < 2e-6)
    // Published counts of L-BFGS from this start are some 35 to 50.
    #expect(count < 80)
  }

  @Test func `values never rise`() {
    var descent = LimitedMemoryDescent(from: [3, -2, 0.5]) { place in
      var (value, gradient) = (0.0, place)
      for (index, x) in place.enumerated() {
        value += x * x * x * x + .cos(3 * x) + 1
        gradient[index] = 4 * x * x * x - 3 * .sin(3 * x)
      }
      return (value, gradient)
    }
    var last = descent.point.value
    for _ in 0..<50 where descent.advance() == .moved {
      #expect(descent.point.value <= last)
      last = descent.point.value
    }
  }

  @Test func `axes are eigenvectors of length 1`() {
    var random = SplitMix64(seed: 8)
    let factors = (0..<7).map { _ in (0..<7).map { _ in Double.random(in: -1...1, using: &random) }
    }
    let matrix = (0..<7).map { i in (0..<7).map { factors[$0].product(factors[i]) } }
    let axes = principalAxes(of: matrix)
    #expect(zip(axes, axes.dropFirst()).allSatisfy { $0.value >= $1.value })
    for (value, vector) in axes {
      // Some hundred rotations, for the matrix of numbers below 7.
      #expect((vector.length - 1).magnitude < Rounding.hundreds)
      for (row, number) in zip(matrix, vector) {
        #expect((row.product(vector) - value * number).magnitude < 10 * Rounding.hundreds)
      }
    }
  }
}
