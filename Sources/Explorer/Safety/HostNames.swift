#if Explorer

import NIOCore

/// The names under which a page may reach the server.
///
/// A page from elsewhere can make the browser of this machine send requests here, by guessing the
/// address or by pointing a name of its own at it (DNS rebinding). Both show in what the browser says
/// of the request: the name is not ours, or the page's origin is not.
struct HostNames: Sendable {
  /// The address that the server listens on, as given.
  let host: String
  let port: Int

  /// Whether it listens on every address of the machine.
  private var isWildcard: Bool { host == "0.0.0.0" || host == "::" }

  /// The host in the address of the page, as it is told to people.
  var pageName: String {
    isWildcard ? (host == "::" ? "[::1]" : "127.0.0.1") : Self.bracketed(host)
  }

  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && isAddress(host)
  }

  /// A host as written in an address, IPv6 in brackets.
  static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

  /// Whether a host is a numeric address, which nobody else can have pointed here.
  private static func isAddress(_ host: String) -> Bool {
    (try? SocketAddress(ipAddress: host, port: 0)) != nil
  }

  /// Whether the value of the field Host is one of ours.
  func allows(authority: String) -> Bool {
    let lowered = authority.lowercased()
    let (name, hasPort) = splitting(lowered)
    // A browser leaves the usual port out.
    guard hasPort || port == 80 else { return false }
    if ["127.0.0.1", "localhost", "::1"].contains(name) || name == host.lowercased() {
      return true
    }
    return isWildcard && Self.isAddress(name)
  }

  /// Whether the value of the field Origin is one of ours.
  func allows(origin: String) -> Bool {
    let scheme = "http://"
    let lowered = origin.lowercased()
    return lowered.hasPrefix(scheme) && allows(authority: String(lowered.dropFirst(scheme.count)))
  }

  /// The name without our port and without brackets; an authority with another port stays whole.
  private func splitting(_ authority: String) -> (name: String, hasPort: Bool) {
    var name = authority[...]
    let suffix = ":\(port)"
    let hasPort = name.hasSuffix(suffix)
    if hasPort { name = name.dropLast(suffix.count) }
    if name.hasPrefix("["), name.hasSuffix("]") {
      return (String(name.dropFirst().dropLast()), hasPort)
    }
    // Without brackets the colons of an IPv6 address could be those of a port.
    return (name.contains(":") ? "" : String(name), hasPort)
  }
}

#endif
