import Nadaraya

/// How fast a workload ran under one instruction set.
struct Measurement {
  let workload: Workload
  let instructions: InstructionSet
  let threads: Int

  /// Pairs per second of each repetition.
  let rates: [Double]

  /// The sum of the estimates that there are, by which a peer shows that it computed the same.
  let checksum: Double

  /// Repeats the workload for at least `seconds`, `repetitions` times over.
  ///
  /// A pass goes before the first repetition, which brings the data into the caches and the
  /// processor to its clock.
  init(
    _ workload: Workload, instructions: InstructionSet, threads: Int, repetitions: Int,
    seconds: Double
  ) throws(KernelRegressionError) {
    self.workload = workload
    self.instructions = instructions
    self.threads = threads
    let clock = ContinuousClock()
    let least = Duration.seconds(seconds)
    let smoother = try workload.smoother(instructions: instructions, threads: threads)
    checksum = try workload.estimates(smoother).filter { !$0.isNaN }.reduce(0, +)
    var rates: [Double] = []
    for _ in 0..<repetitions {
      var passes = 0
      let start = clock.now
      var elapsed = Duration.zero
      repeat {
        _ = try workload.estimates(smoother)
        passes += 1
        elapsed = clock.now - start
      } while elapsed < least
      rates.append(Double(passes * workload.pairCount) / (elapsed / .seconds(1)))
    }
    self.rates = rates
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
      #""instructions":"\#(instructions.name)""#,
      #""threads":\#(threads)"#,
      #""keys":\#(workload.keyCount)"#,
      #""queries":\#(workload.queries.count)"#,
      #""pairs_per_second":\#(medianRate)"#,
      #""rates":[\#(rates.map(\.description).joined(separator: ","))]"#,
      #""sum_of_estimates":\#(checksum)"#,
    ]
    return "{\(fields.joined(separator: ","))}"
  }
}
