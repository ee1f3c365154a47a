import Nadaraya

/// How fast a workload ran under one instruction set.
struct Measurement {
  let workload: Workload
  let execution: Execution

  /// Pairs per second of each repetition.
  let rates: [Double]

  /// What was computed; see ``Workload/Checksums``.
  let checksums: Workload.Checksums

  /// Repeats the workload for at least `seconds`, `repetitions` times over.
  ///
  /// A pass goes before the first repetition, which brings the data into the caches and the
  /// processor to its clock.
  init(_ workload: Workload, execution: Execution, repetitions: Int, seconds: Double) {
    self.workload = workload
    self.execution = execution
    let clock = ContinuousClock()
    let least = Duration.seconds(seconds)
    checksums = Workload.Checksums(workload.sums(execution))
    rates = (0..<repetitions).map { _ in
      var passes = 0
      let start = clock.now
      var elapsed = Duration.zero
      repeat {
        _ = workload.sums(execution)
        passes += 1
        elapsed = clock.now - start
      } while elapsed < least
      return Double(passes * workload.pairCount) / (elapsed / .seconds(1))
    }
  }

  var medianRate: Double {
    let sorted = rates.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// One JSON object on one line; names hold no character that JSON escapes.
  var json: String {
    let fields = [
      #""kernel":"\#(workload.kernel.name)""#,
      #""dimension":\#(workload.dimension)"#,
      #""combination":"\#(workload.combination.rawValue)""#,
      #""instructions":"\#(execution.instructions.name)""#,
      #""threads":\#(execution.threadLimit)"#,
      #""keys":\#(workload.keyCount)"#,
      #""queries":\#(workload.queries.count)"#,
      #""pairs_per_second":\#(medianRate)"#,
      #""rates":[\#(rates.map(\.description).joined(separator: ","))]"#,
      #""sum_of_weights":\#(checksums.weights)"#,
      #""sum_of_products":\#(checksums.products)"#,
    ]
    return "{\(fields.joined(separator: ","))}"
  }
}
