#if Explorer

import HTTPTypes
import Hummingbird

/// Lets requests through that come from our own page, from an address typed in, or from a program on
/// this machine, and turns away those that another page sends.
///
/// ## Source
/// RFC 9110 for Host, the fetch standard for Origin, and Fetch Metadata Request Headers of the W3C
/// for Sec-Fetch-Site.
struct Gatekeeper: RouterMiddleware {
  typealias Context = ExplorerContext

  let names: @Sendable () -> HostNames

  func handle(
    _ request: Request, context: ExplorerContext,
    next: (Request, ExplorerContext) async throws -> Response
  ) async throws -> Response {
    try check(request)
    return try await next(request, context)
  }

  private func check(_ request: Request) throws(Fault) {
    let names = names()
    guard let host = request.head.authority, !host.isEmpty else {
      throw Fault(.badRequest, "the request has no Host header")
    }
    guard request.headers[values: .host].isEmpty else {
      throw Fault(.badRequest, "the request has more than one Host header")
    }
    guard names.allows(authority: host) else {
      throw Fault(
        .forbidden, "the explorer does not answer to the name \"\(host)\"",
        hint: "open http://127.0.0.1:\(names.port)")
    }
    for origin in request.headers[values: .origin] where !names.allows(origin: origin) {
      throw Fault(.forbidden, "the explorer does not answer pages from \"\(origin)\"")
    }
    // Other ports of this machine are the same site and other pages all the same.
    let site = request.headers[.secFetchSite] ?? "none"
    guard site == "none" || site == "same-origin" || isPageOpened(request) else {
      throw Fault(.forbidden, "the explorer answers only its own page, not one that is \(site)")
    }
  }

  /// Whether somebody follows a link to the page itself, which tells the other page nothing.
  private func isPageOpened(_ request: Request) -> Bool {
    request.method == .get && request.uri.path == "/"
      && request.headers[.secFetchMode] == "navigate"
      && request.headers[.secFetchDest] == "document"
  }
}

extension HTTPField.Name {
  static let host = HTTPField.Name("Host")!
  static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
  static let secFetchMode = HTTPField.Name("Sec-Fetch-Mode")!
  static let secFetchDest = HTTPField.Name("Sec-Fetch-Dest")!
}

#endif
