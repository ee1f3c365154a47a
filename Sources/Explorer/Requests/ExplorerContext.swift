#if Explorer

import Hummingbird
import Logging

/// What goes with a request through the router.
struct ExplorerContext: RequestContext {
  var coreContext: CoreRequestContextStorage

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
  }

  /// A context without a socket.
  init() { coreContext = CoreRequestContextStorage(source: Detached()) }

  private struct Detached: RequestContextSource {
    let logger = Logger.silent
  }
}

extension Logger {
  /// Every fault is told to who caused it, in its response.
  static var silent: Logger { Logger(label: "nadaraya") { _ in SwiftLogNoOpLogHandler() } }
}

#endif
