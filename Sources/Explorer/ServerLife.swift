#if Explorer

import Hummingbird
import NIOCore
import ServiceLifecycle

/// The server from its start to its end.
///
/// At the end it stops listening and closes what is idle, which Hummingbird does; requests in flight have a
/// moment to finish, then their work is ended and they are told so, then all connections are closed.
struct ServerLife<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
  let application: Application<Responder>
  let workbench: Workbench
  let open: OpenConnections

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await application.run()
    } onGracefulShutdown: {
      Task {
        try? await Task.sleep(for: Limits.farewell)
        workbench.close()
        try? await Task.sleep(for: Limits.lastWord)
        open.closeAll()
      }
    }
  }
}

#endif
