/// Turns numbers into running sums, block after block, what rounding loses carried along (Neumaier).
struct RunningSums {
  /// For each number the sum so far, and what it lost.
  private let sums: UnsafeMutableBufferPointer<(sum: Double, lost: Double)>

  /// Lets `body` use the running sums of `count` numbers, all 0 at first.
  static func with(_ count: Int, _ body: (RunningSums) -> Void) {
    withUnsafeTemporaryAllocation(of: (sum: Double, lost: Double).self, capacity: count) { sums in
      sums.initialize(repeating: (0, 0))
      body(RunningSums(sums: sums))
    }
  }

  /// Starts anew.
  func restart() { sums.update(repeating: (0, 0)) }

  /// Multiplies one of them.
  func scale(_ index: Int, by factor: Double) {
    sums[index] = ((sums[index].sum + sums[index].lost) * factor, 0)
  }

  /// Adds the numbers of a block and writes the sums in their place.
  func run(over numbers: UnsafeMutablePointer<Double>) {
    for index in sums.indices {
      let (term, sum) = (numbers[index], sums[index].sum)
      let next = sum + term
      sums[index].lost +=
        sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
      sums[index].sum = next
      numbers[index] = next + sums[index].lost
    }
  }
}
