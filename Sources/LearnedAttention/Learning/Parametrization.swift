internal import RealModule

/// How a list of numbers θ defines a similarity of D standardised columns x̃.
///
/// ```
/// bandwidths     θ: bⱼ of each group of columns        z = b ⊙ x̃
/// metric         θ: A, row after row                   z = A x̃
/// projections    θ: Wq, β, Wk, ln τ                    q = (Wq x̃ + β)/τ,  k = Wk x̃
/// ```
///
/// It uses inverse bandwidths, not logarithms: 0, for an input that does not count, is then an ordinary
/// value. A negative one means the same as its magnitude.
enum Parametrization: Sendable, Equatable {
  case bandwidths(groups: [Range<Int>])
  case metric(rank: Int, columnCount: Int)
  case projections(rank: Int, columnCount: Int)

  /// The numbers of a form over expanded inputs.
  init(_ form: LearnedSimilarity.Form, of expansion: InputExpansion) {
    let columnCount = expansion.columnCount
    self =
      switch form {
      case .bandwidth: .bandwidths(groups: [0..<columnCount])
      case .bandwidths:
        .bandwidths(groups: (0..<expansion.inputCount).map { expansion.columns(of: $0) })
      case .metric(let rank): .metric(rank: rank, columnCount: columnCount)
      case .projections(let rank): .projections(rank: rank, columnCount: columnCount)
      }
  }

  /// The number of numbers in θ.
  var count: Int {
    switch self {
    case .bandwidths(let groups): groups.count
    case .metric(let rank, let columnCount): rank * columnCount
    case .projections(let rank, let columnCount): 2 * rank * columnCount + rank + 1
    }
  }

  var isDistance: Bool {
    if case .projections = self { false } else { true }
  }

  /// One row of a matrix within θ.
  private static func row(_ index: Int, _ columnCount: Int, from start: Int = 0) -> Range<Int> {
    start + index * columnCount..<start + (index + 1) * columnCount
  }

  /// The places of queries: r columns of the rows.
  ///
  /// - Complexity: O(n·r·D).
  func queries(_ parameters: [Double], _ columns: [[Double]]) -> [[Double]] {
    switch self {
    case .bandwidths(let groups):
      return zip(groups, parameters).flatMap { group, factor in
        columns[group].map { column in column.map { $0 * factor } }
      }
    case .metric(let rank, let columnCount):
      return (0..<rank).map {
        columns.combined(Array(parameters[Self.row($0, columnCount)]))
      }
    case .projections(let rank, let columnCount):
      let inverse = Double.exp(-parameters[count - 1])
      return (0..<rank).map { index in
        let bias = parameters[rank * columnCount + index]
        return columns.combined(Array(parameters[Self.row(index, columnCount)])).map {
          ($0 + bias) * inverse
        }
      }
    }
  }

  /// The places of keys: r columns of the rows.
  func keys(_ parameters: [Double], _ columns: [[Double]]) -> [[Double]] {
    guard case .projections(let rank, let columnCount) = self else {
      return queries(parameters, columns)
    }
    return (0..<rank).map {
      columns.combined(
        Array(parameters[Self.row($0, columnCount, from: rank * (columnCount + 1))]))
    }
  }

  /// Adds to a gradient the ∂L/∂θ that follows from ∂L/∂z of some rows as queries.
  ///
  /// With z = A x̃ it is Σᵢ ∂L/∂z_i x̃_iᵀ; the temperature divides all of q, so ∂L/∂ln τ = −Σ q·∂L/∂q.
  ///
  /// - Complexity: O(n·r·D).
  func addQuerySlopes(
    _ slopes: [[Double]], at parameters: [Double], _ columns: [[Double]],
    to gradient: inout [Double]
  ) {
    switch self {
    case .bandwidths(let groups):
      for (index, group) in groups.enumerated() {
        for column in group { gradient[index] += slopes[column].product(columns[column]) }
      }
    case .metric(_, let columnCount):
      for (index, slopes) in slopes.enumerated() {
        for column in 0..<columnCount {
          gradient[index * columnCount + column] += slopes.product(columns[column])
        }
      }
    case .projections(let rank, let columnCount):
      let inverse = Double.exp(-parameters[count - 1])
      let places = queries(parameters, columns)
      for (index, slopes) in slopes.enumerated() {
        for column in 0..<columnCount {
          gradient[index * columnCount + column] += slopes.product(columns[column]) * inverse
        }
        gradient[rank * columnCount + index] += slopes.reduce(0, +) * inverse
        gradient[count - 1] -= slopes.product(places[index])
      }
    }
  }

  /// The same for rows as keys.
  func addKeySlopes(
    _ slopes: [[Double]], at parameters: [Double], _ columns: [[Double]],
    to gradient: inout [Double]
  ) {
    guard case .projections(let rank, let columnCount) = self else {
      return addQuerySlopes(slopes, at: parameters, columns, to: &gradient)
    }
    let start = rank * (columnCount + 1)
    for (index, slopes) in slopes.enumerated() {
      for column in 0..<columnCount {
        gradient[start + index * columnCount + column] += slopes.product(columns[column])
      }
    }
  }
}
