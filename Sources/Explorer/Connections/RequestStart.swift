#if Explorer

import NIOCore
import NIOHTTP1

/// Notes the first bytes of a request, of which nothing is heard before its head is whole.
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
