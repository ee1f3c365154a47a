import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Prints the constants of the cost model, or how far the engine chosen is from the fastest.
@main
enum Calibrate {
  static func main() throws {
    var words = CommandLine.arguments.dropFirst()
    switch words.popFirst() {
    case "constants": try constants()
    case "choice":
      let name = words.popFirst() ?? InstructionSet.best.name
      guard let set = InstructionSet(named: name) else { fail("no instructions \"\(name)\" here") }
      let threads = words.popFirst().flatMap { Int($0) } ?? 1
      try choice(set, threads: threads)
    default: fail("usage: calibrate constants | calibrate choice [INSTRUCTIONS [THREADS]]")
    }
  }

  // MARK: - Constants

  /// The file of constants, from one thread and every instruction set of this processor.
  private static func constants() throws {
    var entries: [String] = []
    // The cases of the engines that are compared as a whole.
    let cells = [
      try Timing(.gaussian, dimension: 1, bandwidth: 0.01, keys: 300_000, queries: 300_000),
      try Timing(.gaussian, dimension: 2, bandwidth: 0.03, keys: 100_000, queries: 100_000),
    ]
    let line = [
      try Timing(.epanechnikov, dimension: 1, bandwidth: 0.01, keys: 300_000, queries: 300_000),
      try Timing(.laplacian, dimension: 1, bandwidth: 0.01, keys: 300_000, queries: 300_000),
    ]
    let tree = [
      try Timing(.epanechnikov, dimension: 2, bandwidth: 0.02, keys: 100_000, queries: 100_000)
    ]
    func times(_ set: InstructionSet) throws -> [[Double]] {
      [
        try cells.map { try $0.seconds(.cells, set, threads: 1).seconds },
        [
          try line[0].seconds(.piecewise, set, threads: 1).seconds,
          try line[1].seconds(.recursion, set, threads: 1).seconds,
        ],
        try tree.map { try $0.seconds(.tree, set, threads: 1).seconds },
      ]
    }
    // What is made first pays for memory that later runs find.
    _ = try times(.best)
    let measured = try InstructionSet.available.map(times)
    let widest = measured[measured.count - 1]
    for (place, set) in InstructionSet.available.enumerated() {
      func pair(_ kernel: Kernel, dimension: Int = 1, valueCount: Int = 1, degree: Int = 0) throws
        -> Double
      {
        let (keys, queries) = (16_384, 2_048)
        let timing = try Timing(
          kernel, dimension: dimension, bandwidth: 0.3, keys: keys, queries: queries,
          valueCount: valueCount, degree: degree)
        return try timing.seconds(.direct, set, threads: 1, rounds: 7).seconds * 1e9
          / Double(keys * queries)
      }
      let input = max((try pair(.gaussian, dimension: 3) - pair(.gaussian)) / 2, 0.01)
      let factor = max((try pair(.epanechnikov, dimension: 3) - pair(.epanechnikov)) / 2, 0.01)
      let sum = max((try pair(.boxcar, valueCount: 9) - pair(.boxcar)) / 8, 0.01)
      // In two inputs a line has five moments and three sums with the values.
      let moment =
        (try pair(.gaussian, dimension: 2, degree: 1) - pair(.gaussian, dimension: 2)) / 8
      // From 200 to 1,100 keys in the cells nearby; lines, which fail where few keys are near, from 600 to 2,100.
      func nearby(valueCount: Int = 1, degree: Int = 0) throws -> Double {
        func seconds(_ bandwidth: Double) throws -> Double {
          try Timing(
            .gaussian, dimension: 2, bandwidth: bandwidth, keys: 20_000, queries: 20_000,
            valueCount: valueCount, degree: degree
          ).seconds(.cells, set, threads: 1, rounds: 7, isLeaveOneOut: true).seconds
        }
        let added =
          degree == 0
          ? try (seconds(0.014) - seconds(0.005)) / 900 : try (seconds(0.02) - seconds(0.01)) / 1500
        return added * 1e9 / 20_000
      }
      let bucketSum = max((try nearby(valueCount: 9) - nearby()) / 8, 0.01)
      let bucket = try nearby() - bucketSum
      let bucketMoment = max((try nearby(degree: 1) - bucket) / 8, 0.01)
      func own(_ kernel: Kernel, input: Double) throws -> String {
        rounded(max(try pair(kernel) - input - sum, 0.02))
      }
      let ratios = zip(measured[place], widest).map { times, widest in
        zip(times, widest).map { $0 / $1 }.reduce(1, *).squareRoot(of: times.count)
      }
      entries.append(
        """
            "\(set.name)": CostModel(
              gaussian: \(try own(.gaussian, input: input)), \
        laplacian: \(try own(.laplacian, input: input)), \
        logistic: \(try own(.logistic, input: factor)), cauchy: \(try own(.cauchy, input: input)),
              constant: \(try own(.constant, input: 0)), \
        compact: \(try own(.epanechnikov, input: factor)), input: \(rounded(input)),
              factor: \(rounded(factor)), sum: \(rounded(sum)), moment: \(rounded(moment)),
              bucket: \(rounded(bucket)), bucketSum: \(rounded(bucketSum)), \
        bucketMoment: \(rounded(bucketMoment)), cells: \(rounded(ratios[0])), \
        line: \(rounded(ratios[1])), tree: \(rounded(ratios[2])))
        """)
    }
    print(
      """
      // Written by Benchmarks/calibrate, which says what it measures.

      extension CostModel {
        static let measured: [String: CostModel] = [
      \(entries.joined(separator: ",\n"))
        ]
      }
      """)
  }

  private static func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }

  // MARK: - Choice

  /// A line for each case: the engine chosen, the fastest when forced, and the ratio of their times.
  private static func choice(_ set: InstructionSet, threads: Int) throws {
    var worst = 0.0
    print("kernel inputs degree bandwidth keys queries auto seconds fastest seconds ratio")
    for (kernel, dimension, degree, bandwidth, keys, queries) in cases {
      let timing = try Timing(
        kernel, dimension: dimension, bandwidth: bandwidth, keys: keys, queries: queries,
        degree: degree)
      let auto = try timing.seconds(.automatic, set, threads: threads)
      var best = auto
      for engine in EngineChoice.allCases where engine != .automatic {
        // All pairs of many rows take minutes, and are never the fastest there.
        if engine == .direct, keys * queries > 4_000_000_000 { continue }
        guard engine.rawValue != auto.engine,
          let forced = try? timing.seconds(engine, set, threads: threads, rounds: 2)
        else { continue }
        if forced.seconds < best.seconds { best = forced }
      }
      let ratio = auto.seconds / best.seconds
      worst = max(worst, ratio)
      print(
        kernel.name, dimension, degree, bandwidth, keys, queries, auto.engine,
        milliseconds(auto.seconds), best.engine, milliseconds(best.seconds), rounded(ratio),
        ratio > 1.5 ? "because \(auto.reason)" : "")
      fflush(nil)
    }
    print("the worst ratio is \(rounded(worst))")
  }

  private static func milliseconds(_ seconds: Double) -> String { rounded(seconds * 1e3) + " ms" }

  private typealias Case = (Kernel, Int, Int, Double, Int, Int)

  private static var cases: [Case] {
    var cases: [Case] = []
    for kernel in [Kernel.gaussian, .epanechnikov, .laplacian, .cauchy] {
      for (dimension, bandwidths) in [(1, [0.001, 0.03]), (2, [0.02, 0.1]), (3, [0.05, 0.2])] {
        for bandwidth in bandwidths {
          for (keys, queries) in [
            (1_000, 1_000), (20_000, 20_000), (200_000, 100), (200_000, 10_000),
          ] {
            for degree in kernel == .gaussian && dimension < 3 ? [0, 1] : [0] {
              cases.append((kernel, dimension, degree, bandwidth, keys, queries))
            }
          }
        }
      }
    }
    return cases
  }

  private static func fail(_ message: String) -> Never {
    _ = write(STDERR_FILENO, message + "\n", message.utf8.count + 1)
    exit(EX_USAGE)
  }
}

extension Double {
  fileprivate func squareRoot(of count: Int) -> Double { count == 2 ? squareRoot() : self }
}
