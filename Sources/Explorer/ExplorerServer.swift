#if Explorer

package import ExplorerViews
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The explorer: a page on which a table's fit, attention and criterion follow a bandwidth that one moves, and
/// the interface behind it.
///
/// ```swift
/// let server = try ExplorerServer(.deck(), port: 0)
/// try await server.run { address in print(address) }
/// ```
///
/// It answers whoever reaches it under its own names, holds tables in memory and reads no files. What a
/// client may ask for is bounded in bytes, time and number.
package struct ExplorerServer: Sendable {
  private let shelf: TableShelf
  private let workbench = Workbench()
  private let open = OpenConnections()
  private let host: String
  private let port: Int

  /// Creates a server.
  ///
  /// - Parameters:
  ///   - table: the table that is shown at first.
  ///   - host: the address to listen on, a name or a number.
  ///   - port: the port to listen on, 0…65535; 0 takes one that is free.
  /// - Throws: a `TableError` where the columns of the table cannot be read.
  package init(_ table: ExploredTable, host: String = "127.0.0.1", port: Int = 0) throws {
    precondition((0...65_535).contains(port), "there is no such port")
    shelf = try TableShelf(start: table)
    self.host = host
    self.port = port
  }

  /// Whether only programs on this machine can reach an address.
  package static func isLoopback(_ host: String) -> Bool { HostNames.isLoopback(host) }

  /// Serves until the process gets SIGINT or SIGTERM, and then for as long as the requests in flight need, two
  /// seconds at most.
  ///
  /// - Parameter onListening: is called with the address of the page, once the server can be reached.
  /// - Throws: a ``ListeningError`` where the server cannot listen on the address.
  package func run(onListening: @escaping @Sendable (String) async -> Void) async throws {
    let actualPort = PortBox(port)
    let names: @Sendable () -> HostNames = { [host] in
      HostNames(host: host, port: actualPort.value)
    }
    let routes = ExplorerRoutes(shelf: shelf, workbench: workbench, names: names)
    let application = Application(
      router: routes.router(),
      server: HTTPServerBuilder { [open] in ExplorerChannel(responder: $0, open: open) },
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { channel in
        actualPort.value = channel.localAddress?.port ?? port
        await onListening("http://\(names().pageName):\(actualPort.value)/")
      },
      logger: .silent)
    let life = ServerLife(application: application, workbench: workbench, open: open)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [life], gracefulShutdownSignals: [.sigint, .sigterm], logger: .silent))
    do {
      try await group.run()
    } catch {
      throw ListeningError(error, host: host, port: port) ?? error
    }
  }
}

/// The port that the server got, which is known only once it listens.
private final class PortBox: Sendable {
  private let port: Mutex<Int>

  init(_ port: Int) { self.port = Mutex(port) }

  var value: Int {
    get { port.withLock { $0 } }
    set { port.withLock { $0 = newValue } }
  }
}

#endif
