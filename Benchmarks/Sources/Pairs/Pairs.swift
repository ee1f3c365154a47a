import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Prints the direct engine's speed in pairs of query and key per second, a JSON object a line.
@main
enum Pairs {
  static func main() {
    let options: PairsOptions
    do throws(PairsOptionsError) {
      options = try PairsOptions(CommandLine.arguments.dropFirst())
    } catch {
      fail("error: \(error)\n\(PairsOptions.usage)\n")
    }
    for kernel in options.kernels {
      for dimension in options.dimensions {
        // In one input the two combinations are the same.
        for combination in dimension == 1 ? [.product] : options.combinations {
          do {
            try measure(kernel, dimension, combination, options)
          } catch {
            fail("error: \(error)\n")
          }
        }
      }
    }
  }

  private static func measure(
    _ kernel: Kernel, _ dimension: Int, _ combination: InputCombination, _ options: PairsOptions
  ) throws(KernelRegressionError) {
    let workload = try Workload(
      kernel: kernel, dimension: dimension, combination: combination,
      keyCount: options.keyCount, queryCount: options.queryCount)
    for instructions in options.instructionSets {
      let measurement = try Measurement(
        workload, instructions: instructions, threads: options.threads,
        repetitions: options.repetitions, seconds: options.seconds)
      print(measurement.json)
      fflush(nil)
    }
  }

  private static func fail(_ message: String) -> Never {
    _ = write(STDERR_FILENO, message, message.utf8.count)
    exit(EX_USAGE)
  }
}
