import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What it costs when rows come and go, and what a million changes leave behind.
///
///     swift run -c release --package-path Benchmarks streaming
///
/// A window of random rows slides: each update adds a row and removes the oldest. About one row in a
/// hundred is in reach of a query. One thread; rates are by the processor's time.
@main
struct StreamingCommand {
  static func main() throws {
    var random = SplitMix(state: 1)
    for count in [10_000, 100_000] {
      for (kernel, bandwidth) in [(Kernel.gaussian, 0.01 / 11), (.epanechnikov, 0.005)] {
        try rates(count, kernel, bandwidth, &random)
      }
    }
    try drift(&random)
  }

  private static func rates(
    _ count: Int, _ kernel: Kernel, _ bandwidth: Double, _ random: inout SplitMix
  ) throws {
    var rows = try StreamingRegression(
      Similarity(kernel, bandwidths: [bandwidth]), window: .rows(count),
      computation: Computation(threads: 1))
    func update(_ random: inout SplitMix) throws {
      try rows.add(key: [random.uniform()], values: [random.uniform()])
    }
    for _ in 0..<count { try update(&random) }
    let updates = 200_000
    let changing = try seconds { for _ in 0..<updates { try update(&random) } }
    let queries = (0..<50_000).map { _ in random.uniform() }
    let together = try seconds { _ = try rows.predict(queries) }
    let alone = try seconds {
      for query in queries.prefix(10_000) { _ = try rows.predict([query]) }
    }
    print(
      "\(kernel.name), window \(count): \(Int(Double(updates) / changing)) updates a second, "
        + "\(Int(Double(queries.count) / together)) queries a second together, "
        + "\(Int(10_000 / alone)) one by one")
  }

  private static func drift(_ random: inout SplitMix) throws {
    let (updates, count) = (1_000_000, 10_000)
    var rows = try StreamingRegression(Similarity(bandwidths: [0.05]), window: .rows(count))
    var keys: [Double] = []
    var values: [Double] = []
    for update in 0..<updates {
      let (key, value) = (random.uniform(), random.uniform())
      try rows.add(key: [key], values: [value])
      if update >= updates - count {
        keys.append(key)
        values.append(value)
      }
    }
    let fresh = try KernelSmoother(
      Sample(keys, values), Similarity(bandwidths: [0.05]),
      computation: Computation(engine: .direct))
    let queries = (0..<1000).map { _ in 1.4 * random.uniform() - 0.2 }
    let pairs = zip(try rows.predict(queries), try fresh.predict(queries))
    let largest = pairs.map { abs($0 - $1) }.max() ?? 0
    print("after \(updates) updates the largest difference from a fresh fit is \(largest)")
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = clock()
    try body()
    return Double(clock() - start) / Double(CLOCKS_PER_SEC)
  }
}

/// Vigna's splitmix64: the same rows everywhere.
struct SplitMix {
  var state: UInt64

  mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
  }
}
