#if Explorer

import ExplorerViews
import HTTPTypes
import Hummingbird
import Nadaraya

extension ExplorerRoutes {
  /// Pictures and numbers to keep.
  func addFiles(to router: Router<ExplorerContext>) {
    router.on(
      "/api/tables/:table/figures/:figure",
      [
        .get: { request, context in
          let kind = try figure(context)
          return try await view(
            context, try QueryParameters(request.uri.query), kind.length,
            kind == .learned ? Limits.learning : Limits.work
          ) {
            Response(type: "image/svg+xml", try $0.figure(kind, $1, execution: $2).svg)
          }
        }
      ])
    router.on(
      "/api/tables/:table/fit.csv",
      [.get: file { try $0.fitTable($1, execution: $2) }])
    router.on(
      "/api/tables/:table/weights.csv",
      [.get: file { try $0.weightsTable($1, execution: $2) }])
  }

  private func figure(_ context: ExplorerContext) throws(Fault) -> FigureKind {
    let name = context.parameters.get("figure") ?? ""
    guard let kind = FigureKind.allCases.first(where: { "\($0.rawValue).svg" == name }) else {
      throw Fault(
        .notFound, "there is no figure \"\(name)\"",
        hint: "the figures are "
          + FigureKind.allCases.map { "\($0.rawValue).svg" }.joined(separator: ", "))
    }
    return kind
  }

  private func file(
    _ ask: @escaping @Sendable (Exploration, View, Execution) throws -> String
  ) -> Router<ExplorerContext>.Handler {
    { request, context in
      try await view(context, try QueryParameters(request.uri.query)) {
        Response(type: "text/csv; charset=utf-8", try ask($0, $1, $2))
      }
    }
  }
}

extension FigureKind {
  fileprivate var length: Workbench.Length {
    switch self {
    case .criterion, .learned: .long
    default: .short
    }
  }
}

#endif
