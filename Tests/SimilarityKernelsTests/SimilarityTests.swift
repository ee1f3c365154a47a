import SimilarityKernels
import Testing

@Suite struct SimilarityTests {
  @Test func `product and radial agree in one input and for the gaussian in any number`() {
    for kernel in Kernel.all {
      let product = Similarity(kernel, bandwidths: [0.7])
      let radial = Similarity(kernel, bandwidths: [0.7], combination: .radial)
      #expect(product.weight(query: [0.2], key: [0.5]) == radial.weight(query: [0.2], key: [0.5]))
    }
    let product = Similarity(.gaussian, bandwidths: [0.5, 2])
    let radial = Similarity(.gaussian, bandwidths: [0.5, 2], combination: .radial)
    let weights = (
      product.weight(query: [1, 2], key: [0.5, 3]), radial.weight(query: [1, 2], key: [0.5, 3])
    )
    // Squares, their sum and an exponential of 0.6 round once each, on either side.
    #expect(abs(weights.0 - weights.1) <= 4 * weights.0.ulp)
  }

  @Test func `a bandwidth is one input's unit of distance`() {
    let similarity = Similarity(.triangular, bandwidths: [2, 10], combination: .radial)
    #expect(similarity.distance(query: [0, 0], key: [6, 40]) == 5)
    #expect(similarity.weight(query: [0, 0], key: [1, 0]) == 0.5)
    #expect(similarity.weight(query: [0, 0], key: [1, 5]) == 1 - (0.5).squareRoot())
  }
}

@Suite struct PointsTests {
  @Test func `columns and rows are two views of the same points`() {
    let points = Points(columns: [[1, 2, 3], [4, 5, 6]])
    #expect(points == Points(rowMajor: [1, 4, 2, 5, 3, 6], dimension: 2))
    #expect(points.column(1) == [4, 5, 6])
    #expect(Array(points[2]) == [3, 6])
    #expect(points.selecting(1..<3) == Points(rowMajor: [2, 5, 3, 6], dimension: 2))
    #expect(points.count == 3)
  }

  @Test func `no points are points too`() {
    #expect(Points([]).count == 0)
    #expect(Points(columns: [[], []]).dimension == 2)
  }
}
