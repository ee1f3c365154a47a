#if Explorer

import HTTPTypes
import Hummingbird

extension Router<ExplorerContext> {
  /// Answers a path with the given handlers, HEAD like GET, and other methods with the allowed ones.
  func on(_ path: String, _ handlers: [HTTPRequest.Method: Handler]) {
    var handlers = handlers
    handlers[.head] = handlers[.get]
    let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
    for method in Self.methods {
      let handler =
        handlers[method] ?? { request, _ in
          throw Fault(
            .methodNotAllowed, "\(request.method.rawValue) is not allowed here",
            hint: "this path takes \(allowed)", headers: [.allow: allowed])
        }
      on(RouterPath(path), method: method) { try await handler($0, $1) }
    }
  }

  typealias Handler = @Sendable (Request, ExplorerContext) async throws -> Response

  /// The methods that programs try.
  private static let methods: [HTTPRequest.Method] =
    [.get, .head, .post, .put, .delete, .connect, .options, .trace, .patch]
    + ["QUERY", "PROPFIND", "COPY", "LOCK", "SEARCH"].compactMap { HTTPRequest.Method($0) }
}

#endif
