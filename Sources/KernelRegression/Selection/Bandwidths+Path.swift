internal import RealModule

extension Bandwidths {
  /// Bandwidths in even steps of log h, both ends included.
  ///
  /// - Parameters:
  ///   - least: the first, positive.
  ///   - greatest: the last, at least the first.
  ///   - count: how many, at least 2.
  /// - Complexity: O(`count`).
  public static func path(from least: Double, to greatest: Double, count: Int) -> [Double] {
    precondition(least > 0 && greatest >= least && count >= 2, "a path runs upwards from above 0")
    let step = (Double.log(greatest) - .log(least)) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? greatest : least * .exp(step * Double($0)) }
  }
}
