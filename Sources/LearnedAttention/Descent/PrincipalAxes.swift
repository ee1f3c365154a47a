internal import RealModule

/// The eigenvectors of a symmetric matrix, largest eigenvalues first (Jacobi rotations).
///
/// - Parameter matrix: d rows of d.
/// - Returns: d pairs of an eigenvalue and its vector of length 1, whose sign makes its largest number
///   positive.
/// - Complexity: O(d³) for each of about ten rounds.
///
/// ## Source
/// G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition (Johns Hopkins, 2013), section 8.5.
func principalAxes(of matrix: [[Double]]) -> [(value: Double, vector: [Double])] {
  let count = matrix.count
  var a = matrix
  var vectors = (0..<count).map { row in (0..<count).map { row == $0 ? 1.0 : 0 } }
  for _ in 0..<30 {
    var isDiagonal = true
    for p in 0..<count {
      for q in p + 1..<max(count, p + 1) {
        let size = Double.sqrt(a[p][p].magnitude) * .sqrt(a[q][q].magnitude)
        guard a[p][q].magnitude > 1e-15 * size, a[p][q] != 0 else { continue }
        isDiagonal = false
        let ratio = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let tangent = (ratio >= 0 ? 1 : -1) / (ratio.magnitude + .hypot(1, ratio))
        let cosine = 1 / Double.hypot(1, tangent)
        let sine = tangent * cosine
        for k in 0..<count {
          let (x, y) = (a[k][p], a[k][q])
          (a[k][p], a[k][q]) = (cosine * x - sine * y, sine * x + cosine * y)
        }
        for k in 0..<count {
          let (x, y) = (a[p][k], a[q][k])
          (a[p][k], a[q][k]) = (cosine * x - sine * y, sine * x + cosine * y)
          let (v, w) = (vectors[p][k], vectors[q][k])
          (vectors[p][k], vectors[q][k]) = (cosine * v - sine * w, sine * v + cosine * w)
        }
      }
    }
    if isDiagonal { break }
  }
  return (0..<count).sorted { (a[$0][$0], $1) > (a[$1][$1], $0) }.map { index in
    let vector = vectors[index]
    let largest = vector.reduce(0) { $1.magnitude > $0.magnitude ? $1 : $0 }
    return (a[index][index], largest < 0 ? vector.map { -$0 } : vector)
  }
}
