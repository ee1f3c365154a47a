#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the system says about an error number: `No such file or directory`.
func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }

/// Whether an error number says that there is no such file, not that it cannot be opened.
func meansAbsent(_ number: Int32) -> Bool { number == ENOENT || number == ENOTDIR }

/// The error number of a failed system call.
struct SystemError: Error {
  let number: Int32

  static var last: SystemError { SystemError(number: errno) }
}
