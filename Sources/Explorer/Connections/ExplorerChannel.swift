#if Explorer

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Connections as Hummingbird serves them, each watched by a ``ConnectionHandler``.
struct ExplorerChannel: ServerChildChannel {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  private let http: HTTP1Channel
  private let open: OpenConnections

  init(responder: @escaping HTTPChannelHandler.Responder, open: OpenConnections) {
    http = HTTP1Channel(
      responder: responder,
      configuration: HTTP1Channel.Configuration(
        additionalChannelHandlers: [ConnectionHandler()],
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: Limits.headerFieldBytes, maxHeaderListSize: Limits.headerBytes,
          maxHeaderFieldCount: Limits.headerFields)))
    self.open = open
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    http.setup(channel: channel, logger: logger).flatMapThrowing { [open] value in
      let pipeline = channel.pipeline.syncOperations
      let connection = try pipeline.handler(type: ConnectionHandler.self).connection
      try pipeline.addHandler(RequestStart(connection), position: .first)
      try pipeline.addHandler(
        RequestHead(),
        position: .before(try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)))
      open.add(channel, connection)
      return value
    }
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
