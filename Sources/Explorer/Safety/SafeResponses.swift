#if Explorer

import HTTPTypes
import Hummingbird

/// Gives every response the fields that keep browsers from doing more with it than the page needs, and
/// every fault its form.
struct SafeResponses: RouterMiddleware {
  typealias Context = ExplorerContext

  /// Scripts, styles and requests of our own alone; pictures may come from memory, as they do for PNG.
  static let contentPolicy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
    "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")

  func handle(
    _ request: Request, context: ExplorerContext,
    next: (Request, ExplorerContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      guard (request.head.path ?? "").utf8.count <= Limits.addressLength else {
        throw Fault(
          .uriTooLong, "the address is longer than \(Limits.addressLength) bytes")
      }
      response = try await next(request, context)
    } catch {
      response = Fault(error).response
    }
    if request.method == .head { response = response.createHeadResponse() }
    let fields: [(HTTPField.Name, String)] = [
      (.contentSecurityPolicy, Self.contentPolicy), (.xContentTypeOptions, "nosniff"),
      (.referrerPolicy, "no-referrer"), (.crossOriginOpenerPolicy, "same-origin"),
      (.crossOriginResourcePolicy, "same-origin"), (.cacheControl, "no-store"),
    ]
    for (name, value) in fields { response.headers[name] = value }
    return response
  }
}

extension HTTPField.Name {
  static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
  static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
}

#endif
