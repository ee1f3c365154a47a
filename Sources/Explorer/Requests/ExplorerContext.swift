#if Explorer

import Hummingbird
import Logging

/// What accompanies a request through the router.
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
  /// A logger that writes nothing, because every fault is reported in its response.
  static var silent: Logger { Logger(label: "nadaraya") { _ in SwiftLogNoOpLogHandler() } }
}

#endif
