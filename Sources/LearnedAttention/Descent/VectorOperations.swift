internal import RealModule

extension [Double] {
  /// Σ xᵢ yᵢ, in an order that depends only on the length.
  func product(_ other: [Double]) -> Double {
    withUnsafeBufferPointer { first in
      other.withUnsafeBufferPointer { second in
        precondition(first.count == second.count, "both lists must have the same length")
        var sums = SIMD4<Double>()
        let whole = first.count & ~3
        for start in stride(from: 0, to: whole, by: 4) {
          let a = SIMD4(first[start], first[start + 1], first[start + 2], first[start + 3])
          let b = SIMD4(second[start], second[start + 1], second[start + 2], second[start + 3])
          sums += a * b
        }
        var sum = sums.sum()
        for index in whole..<first.count { sum += first[index] * second[index] }
        return sum
      }
    }
  }

  /// x + factor·y.
  func adding(_ other: [Double], times factor: Double) -> [Double] {
    zip(self, other).map { $0 + factor * $1 }
  }

  /// √Σx².
  var length: Double { .sqrt(product(self)) }

  /// The numbers at some rows.
  func rows(_ rows: [Int]) -> [Double] { rows.map { self[$0] } }
}

extension [[Double]] {
  /// Σⱼ factorsⱼ columnⱼ, added in the order of the columns.
  func combined(_ factors: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: first?.count ?? 0)
    sum.withUnsafeMutableBufferPointer { sum in
      for (column, factor) in zip(self, factors) where factor != 0 {
        column.withUnsafeBufferPointer { column in
          for row in sum.indices { sum[row] += factor * column[row] }
        }
      }
    }
    return sum
  }

  /// The same columns of some rows.
  func rows(_ rows: [Int]) -> [[Double]] { map { $0.rows(rows) } }
}
