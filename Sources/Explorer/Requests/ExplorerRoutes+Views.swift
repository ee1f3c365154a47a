#if Explorer

import ExplorerViews
import HTTPTypes
import Hummingbird
import NIOCore
import Nadaraya

extension ExplorerRoutes {
  /// The answers about a view, as JSON.
  func addViews(to router: Router<ExplorerContext>) {
    router.on(
      "/api/tables/:table/fit",
      [
        .get: { request, context in
          var parameters = try QueryParameters(request.uri.query)
          let isQuick = try parameters.takeQuick()
          return try await view(context, parameters) {
            try .json(try $0.fit($1, isQuick: isQuick, execution: $2))
          }
        }
      ])
    router.on(
      "/api/tables/:table/attention", [.get: answer { try $0.attention($1, execution: $2) }])
    router.on(
      "/api/tables/:table/learned",
      [.get: answer(.long, Limits.learning) { try $0.learned($1, execution: $2) }])
    router.on(
      "/api/tables/:table/path",
      [
        .get: { request, context in
          var parameters = try QueryParameters(request.uri.query)
          let points = try parameters.takePoints()
          return try await view(context, parameters, .long) {
            try .json(try $0.path($1, points: points, execution: $2))
          }
        }
      ])
    router.on(
      "/api/tables/:table/predictions",
      [
        .post: { request, context in
          let parameters = try QueryParameters(request.uri.query)
          let body = try await request.arrivedBody(
            of: "a list of queries", upTo: Limits.queryBytes)
          return try await view(context, parameters) {
            let queries = try QueryList(body).queries
            return try .json(try $0.predictions($1, queries: queries, execution: $2))
          }
        }
      ])
  }

  private func answer<Answer: Encodable & SendableMetatype>(
    _ length: Workbench.Length = .short, _ limit: TimeAmount = Limits.work,
    _ ask: @escaping @Sendable (Exploration, View, Execution) throws -> Answer
  ) -> Router<ExplorerContext>.Handler {
    { request, context in
      try await view(context, try QueryParameters(request.uri.query), length, limit) {
        try .json(try ask($0, $1, $2))
      }
    }
  }

  /// Asks a table's exploration about the view that the parameters describe.
  func view(
    _ context: ExplorerContext, _ parameters: QueryParameters,
    _ length: Workbench.Length = .short, _ limit: TimeAmount = Limits.work,
    _ ask: @escaping @Sendable (Exploration, View, Execution) throws -> Response
  ) async throws -> Response {
    let table = try table(context)
    let view = try View(parameters: parameters.all, of: table.summary)
    return try await workbench.perform(length, within: limit) { execution in
      try ask(table.exploration, view, execution)
    }
  }
}

extension QueryParameters {
  private static let pointRange = 2...1000

  /// Whether slow parts are left out, so that the answer follows a slider.
  fileprivate mutating func takeQuick() throws(Fault) -> Bool {
    guard let text = take("quick") else { return false }
    guard text == "0" || text == "1" else {
      throw Fault(.badRequest, "quick \"\(text)\" is not 0 or 1", parameter: "quick")
    }
    return text == "1"
  }

  /// The number of bandwidths along a path.
  fileprivate mutating func takePoints() throws(Fault) -> Int {
    guard let text = take("points"), !text.isEmpty else { return 80 }
    guard let points = Int(text), Self.pointRange.contains(points) else {
      throw Fault(
        .badRequest, "points \"\(text)\" is not a number from 2 to 1000", parameter: "points")
    }
    return points
  }
}

#endif
