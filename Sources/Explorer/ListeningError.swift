#if Explorer

import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why the server cannot listen where it was asked to.
package struct ListeningError: Error, Sendable {
  /// One sentence that names the address or the port.
  package let message: String
  /// What the user can do about it.
  package let hint: String?

  /// Nil for an error of another kind.
  init?(_ error: any Error, host: String, port: Int) {
    let elsewhere = "--port 0 takes a free one"
    switch error {
    case let error as IOError where error.errnoCode == EADDRINUSE:
      (message, hint) = ("port \(port) is in use", elsewhere)
    case let error as IOError where error.errnoCode == EACCES:
      (message, hint) = ("this user may not listen on port \(port)", elsewhere)
    case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
      (message, hint) = ("\"\(host)\" is not an address of this machine", nil)
    case let error as IOError:
      (message, hint) = (
        "cannot listen on \(HostNames.bracketed(host)):\(port): \(error.localizedReason)", nil
      )
    case is NIOConnectionError, is SocketAddressError, is SocketAddressError.UnknownHost:
      (message, hint) = ("\"\(host)\" does not name an address", nil)
    default: return nil
    }
  }
}

extension IOError {
  fileprivate var localizedReason: String { String(cString: strerror(errnoCode)) }
}

#endif
