#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard error, for everything that is not a result.
enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes {
        #if canImport(Glibc)
        Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
        #elseif canImport(Musl)
        Musl.write(STDERR_FILENO, $0.baseAddress, $0.count)
        #else
        Darwin.write(STDERR_FILENO, $0.baseAddress, $0.count)
        #endif
      }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }

  static func warn(_ message: String, hint: String? = nil) {
    write("\(emphasized("warning:")) \(message)\n")
    if let hint { write("hint: \(hint)\n") }
  }

  /// Bold on a terminal, unless NO_COLOR forbids it (https://no-color.org).
  static func emphasized(_ text: String) -> String {
    let forbidden = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    return isTerminal && !forbidden ? "\u{1b}[1m\(text)\u{1b}[0m" : text
  }
}
