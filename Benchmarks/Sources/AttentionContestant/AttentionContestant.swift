import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Attention in single precision in a contest: holds the data in memory and pools values when told to.
///
///     attention-contestant KEYS QUERIES VALUES THREADS
///
/// Arrays are .npy files of floats, two-dimensional; it answers standard input as `peers/serving.py`
/// describes. A run is all that a client waits for, from arrays to an array, with the memory that it
/// took at most beside what was there before.
@main
struct AttentionContestant {
  private let keys: FloatArray
  private let queries: FloatArray
  private let values: FloatArray
  private let threads: Int
  private var estimates: [Float] = []

  static func main() {
    do {
      var contestant = try AttentionContestant(Array(CommandLine.arguments.dropFirst()))
      say(#"{"ready":true}"#)
      while let line = readLine() { try contestant.answer(line) }
    } catch {
      say(#"{"error":"\#("\(error)".filter { $0 != "\"" && $0 != "\\" })"}"#)
      exit(EX_DATAERR)
    }
  }

  private init(_ arguments: [String]) throws {
    guard arguments.count == 4, let threads = Int(arguments[3]), threads >= 1 else {
      throw FloatArray.Fault("three files and a number of threads are needed")
    }
    keys = try FloatArray(contentsOf: arguments[0])
    queries = try FloatArray(contentsOf: arguments[1])
    values = try FloatArray(contentsOf: arguments[2])
    self.threads = threads
  }

  private mutating func answer(_ line: String) throws {
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "run": try run()
    case "result" where words.count == 2:
      try FloatArray(estimates, width: values.width).write(to: String(words[1]))
      Self.say(#"{"written":true}"#)
    default: throw FloatArray.Fault("\(line) is neither run nor result FILE")
    }
  }

  private mutating func run() throws {
    // What the last run left behind is not held through this one.
    estimates = []
    let start = ContinuousClock.now
    let processor = Self.processorSeconds
    let attention = try FloatAttention(
      keys: keys.elements, values: values.elements, dimension: keys.width,
      computation: Computation(threads: threads))
    estimates = try attention.predict(queries.elements).estimates
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let fields = [
      #""seconds":\#(seconds)"#,
      #""processor_seconds":\#(Self.processorSeconds - processor)"#,
      #""instructions":"\#(attention.computation.instructions.name)""#,
    ]
    Self.say("{\(fields.joined(separator: ","))}")
  }

  /// What all threads together have worked so far.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func say(_ line: String) {
    print(line)
    fflush(nil)
  }
}
