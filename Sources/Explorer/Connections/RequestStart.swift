#if Explorer

import NIOCore
import NIOHTTP1

/// Notes the first bytes of a request, which is otherwise reported only when its head is complete.
final class RequestStart: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection.begins()
    context.fireChannelRead(data)
  }
}

#endif
