import SimilarityKernels
import Testing
import _TestSupport

@Suite struct OracleTests {
  func data(
    _ kernel: Kernel, keys: [Double], values: [Double], queries: [Double], bandwidth: Double = 1
  ) -> RegressionCase {
    RegressionCase(
      keys: Points(keys), values: values, queries: Points(queries),
      similarity: Similarity(kernel, bandwidths: [bandwidth]))
  }

  @Test func `estimates are those worked out by hand`() {
    // Weights 1/2, 3/4 and 0 at distances 0.5, 0.25 and 1.
    let triangular = Oracle(
      data(.triangular, keys: [0, 0.75, 1.5], values: [6, 2, 99], queries: [0.5]))
    #expect(triangular.estimates() == [(0.5 * 6 + 0.75 * 2) / 1.25])
    #expect(triangular.effectiveSampleSizes()[0] == 1.5625 / 0.8125)

    // exp(−1) and 1.
    let laplacian = Oracle(data(.laplacian, keys: [-1, 0], values: [0, 1], queries: [0]))
    #expect(abs(laplacian.estimates()[0] - 0.731_058_578_630_004_9) < Rounding.few)
  }

  @Test func `an empty window has no estimate`() {
    let oracle = Oracle(data(.boxcar, keys: [0, 1], values: [1, 2], queries: [0.5, 2, 0.9]))
    #expect(oracle.estimates()[0] == 1.5)
    #expect(oracle.estimates()[1].isNaN)
    #expect(oracle.effectiveSampleSizes()[1] == 0)
  }

  @Test func `far away the nearest key decides and ties are shared`() {
    let oracle = Oracle(
      data(.gaussian, keys: [0, 2, 2], values: [9, 1, 5], queries: [900], bandwidth: 1))
    #expect(oracle.estimates() == [3])
  }

  @Test func `leaving out is estimating from the others`() {
    let oracle = Oracle(data(.constant, keys: [0, 1, 2], values: [1, 2, 6], queries: []))
    #expect(oracle.leaveOneOut() == [4, 3.5, 1.5])
  }
}
