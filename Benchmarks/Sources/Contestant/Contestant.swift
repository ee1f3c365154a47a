import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The product in a contest: holds the data in memory and estimates when told to.
///
/// It speaks as `peers/serving.py` describes. A run is all that a client waits for, the estimator's
/// making and its prediction, from arrays of doubles to an array of doubles.
@main
struct Contestant {
  private let options: ContestantOptions
  private let keys: Points
  private let queries: Points
  private let values: [Double]
  private var estimates: [Double] = []

  static func main() {
    do throws(ContestantError) {
      var contestant = try Contestant(ContestantOptions(CommandLine.arguments.dropFirst()))
      say(#"{"ready":true}"#)
      while let line = readLine() { try contestant.answer(line) }
    } catch {
      say(#"{"error":"\#(error.description.escapedForJSON)"}"#)
      exit(EX_DATAERR)
    }
  }

  private init(_ options: ContestantOptions) throws(ContestantError) {
    self.options = options
    let values = try DoubleArray(contentsOf: options.values)
    self.values = values.elements
    keys = try DoubleArray(contentsOf: options.keys).points
    queries = try DoubleArray(contentsOf: options.queries).points
  }

  private mutating func answer(_ line: String) throws(ContestantError) {
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "run": try run()
    case "result" where words.count == 2:
      try DoubleArray(estimates).write(to: String(words[1]))
      Self.say(#"{"written":true}"#)
    default: throw .unknownRequest(line)
    }
  }

  private mutating func run() throws(ContestantError) {
    // What the last run left behind is not held through this one.
    estimates = []
    let start = ContinuousClock.now
    let smoother: KernelSmoother
    let planned: ContinuousClock.Instant
    do throws(KernelRegressionError) {
      smoother = try KernelSmoother(
        Sample(keys: keys, values: [values]),
        Similarity(
          options.kernel, bandwidths: options.bandwidths, combination: options.combination),
        computation: Computation(
          engine: options.engine, accuracy: options.accuracy, threads: options.threads))
      planned = .now
      estimates = try smoother.predict(at: .points(queries)).values
    } catch {
      throw .regression(error)
    }
    let end = ContinuousClock.now
    let fields = [
      #""seconds":\#((end - start) / .seconds(1))"#,
      #""plan":\#((planned - start) / .seconds(1))"#,
      #""engine":"\#(smoother.engineChoice.name)""#,
      #""instructions":"\#(smoother.computation.instructions.name)""#,
    ]
    Self.say("{\(fields.joined(separator: ","))}")
  }

  private static func say(_ line: String) {
    print(line)
    fflush(nil)
  }
}

extension String {
  fileprivate var escapedForJSON: String {
    String(flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] })
  }
}
