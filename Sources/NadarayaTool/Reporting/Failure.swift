import ArgumentParser
import Nadaraya
import Tables

/// Why a command cannot do its work: one sentence, perhaps a hint, and an exit code.
struct Failure: Error {
  let exitCode: ExitCode
  let message: String
  let hint: String?

  init(_ exitCode: ExitCode, _ message: String, hint: String? = nil) {
    self.exitCode = exitCode
    self.message = message
    self.hint = hint
  }

  /// An option whose value makes no sense.
  static func usage(_ message: String, hint: String? = nil) -> Failure {
    Failure(.usage, message, hint: hint)
  }

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as TableError:
      self.init(ExitCode(error.code), error.message, hint: error.hint)
    case let error as KernelRegressionError:
      self.init(ExitCode(error.code), error.description)
    default:
      switch NadarayaCommand.exitCode(for: error) {
      case .success: self.init(.success, NadarayaCommand.fullMessage(for: error))
      case .validationFailure: self.init(.usage, NadarayaCommand.message(for: error))
      default: self.init(.internalFault, "unexpected: \(error)")
      }
    }
  }

  /// Reports the failure and ends the process.
  ///
  /// Help and version, which the argument parser delivers as errors of exit code 0, go to standard
  /// output.
  func exit() -> Never {
    if exitCode == .success {
      print(message)
    } else {
      StandardError.write("\(StandardError.emphasized("error:")) \(message)\n")
      if let hint { StandardError.write("hint: \(hint)\n") }
    }
    NadarayaCommand.exit(withError: exitCode)
  }
}

extension ExitCode {
  /// EX_USAGE of sysexits.
  static let usage = ExitCode(64)
  /// EX_DATAERR.
  static let badData = ExitCode(65)
  /// EX_NOINPUT.
  static let noInput = ExitCode(66)
  /// EX_UNAVAILABLE: a needed program is missing.
  static let unavailable = ExitCode(69)
  /// EX_SOFTWARE.
  static let internalFault = ExitCode(70)
  /// EX_OSERR: there is not enough memory.
  static let outOfMemory = ExitCode(71)
  /// EX_CANTCREAT.
  static let cannotWrite = ExitCode(73)

  init(_ code: TableError.Code) {
    switch code {
    case .noSuchFile, .unreadable: self = .noInput
    case .cannotWrite: self = .cannotWrite
    case .outOfMemory: self = .outOfMemory
    case .unsupportedValue: self = .usage
    default: self = .badData
    }
  }

  init(_ code: KernelRegressionError.Code) {
    switch code {
    case .invalidBandwidth, .dimensionMismatch, .invalidAccuracy, .invalidDegree,
      .invalidProbability,
      .unsuitableEngine, .unsuitableMethod:
      self = .usage
    default: self = .badData
    }
  }
}
