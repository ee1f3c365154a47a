#if Explorer

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// Connections as Hummingbird serves them, each minded by a ``ConnectionHandler``.
struct ExplorerChannel: ServerChildChannel {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  private let http: HTTP1Channel
  private let open: OpenConnections

  init(responder: @escaping HTTPChannelHandler.Responder, open: OpenConnections) {
    http = HTTP1Channel(
      responder: responder,
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [ConnectionHandler()], idleTimeout: Limits.silence,
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: Limits.headerFieldBytes, maxHeaderListSize: Limits.headerBytes,
          maxHeaderFieldCount: Limits.headerFields)))
    self.open = open
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    open.add(channel)
    return http.setup(channel: channel, logger: logger)
  }

  func handle(value: Value, logger: Logger) async {
    let handler = value.channel.pipeline.handler(type: ConnectionHandler.self)
    let connection = try? await handler.map(\.connection).get()
    await Connection.$current.withValue(connection) {
      await http.handle(value: value, logger: logger)
    }
  }
}

#endif
