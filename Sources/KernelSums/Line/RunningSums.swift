/// Turns numbers into running sums, block after block, carrying the rounding errors along.
struct RunningSums {
  private let sums: UnsafeMutableBufferPointer<CompensatedSum>

  /// Lets `body` use the running sums of `count` numbers, all 0 at first.
  static func with(_ count: Int, _ body: (RunningSums) -> Void) {
    withUnsafeTemporaryAllocation(of: CompensatedSum.self, capacity: count) { sums in
      sums.initialize(repeating: CompensatedSum())
      body(RunningSums(sums: sums))
    }
  }

  /// Resets all sums to 0.
  func restart() { sums.update(repeating: CompensatedSum()) }

  /// Multiplies one of the sums.
  func scale(_ index: Int, by factor: Double) { sums[index].scale(by: factor) }

  /// Adds the numbers of a block and writes the sums in their place.
  func run(over numbers: UnsafeMutablePointer<Double>) {
    for index in sums.indices {
      sums[index].add(numbers[index])
      numbers[index] = sums[index].value
    }
  }
}
