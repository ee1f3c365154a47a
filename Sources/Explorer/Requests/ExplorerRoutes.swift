#if Explorer

import ExplorerViews
import HTTPTypes
import Hummingbird
import Tables

/// The paths of the explorer and their answers.
///
/// A route reads the request, asks the table's `Exploration` on the workbench and gives its answer a form;
/// it computes nothing.
struct ExplorerRoutes: Sendable {
  let shelf: TableShelf
  let workbench: Workbench
  let arrivals = Arrivals()
  let names: @Sendable () -> HostNames

  func router() -> Router<ExplorerContext> {
    let router = Router(context: ExplorerContext.self)
    router.add(middleware: SafeResponses())
    router.add(middleware: Gatekeeper(names: names))
    for file in PageFile.all {
      router.on(file.path, [.get: { _, _ in file.response }])
    }
    addTables(to: router)
    addViews(to: router)
    addFiles(to: router)
    return router
  }

  private func addTables(to router: Router<ExplorerContext>) {
    router.on(
      "/api/tables",
      [
        .get: { request, _ in
          try QueryParameters(request.uri.query).requireNone()
          return try .json(["tables": shelf.all])
        },
        .post: { request, _ in try await receive(request) },
      ])
    router.on(
      "/api/tables/:table",
      [
        .get: { request, context in
          try QueryParameters(request.uri.query).requireNone()
          return try .json(try table(context))
        },
        .delete: { request, context in
          try QueryParameters(request.uri.query).requireNone()
          try shelf.remove(try table(context).id)
          return Response(status: .noContent)
        },
      ])
  }

  func table(_ context: ExplorerContext) throws(Fault) -> HeldTable {
    try shelf.table(context.parameters.get("table") ?? "")
  }

  /// Receives a table, whose bytes are the body.
  private func receive(_ request: Request) async throws -> Response {
    var parameters = try QueryParameters(request.uri.query)
    guard let name = parameters.take("name"), !name.isEmpty else {
      throw Fault(
        .badRequest, "the table has no name", hint: "as in ?name=cars.csv", parameter: "name")
    }
    try parameters.requireNone()
    return try await arrivals.receiving { note in
      let bytes = try await request.arrivedBody(
        of: "a table", upTo: Limits.tableBytes, note: note)
      let table = try await workbench.perform { _ in
        let table = try ExploredTable(.bytes(bytes, name: name))
        return shelf.add(table, summary: try table.summary, byteCount: bytes.count)
      }
      var response = try Response.json(table, .created)
      response.headers[.location] = "/api/tables/\(table.id)"
      return response
    }
  }
}

extension QueryParameters {
  /// Refuses parameters on a path that takes none.
  func requireNone() throws(Fault) {
    guard let first = all.first else { return }
    throw Fault(
      .badRequest, "there is no parameter \"\(first.name)\" here", parameter: first.name)
  }
}

#endif
