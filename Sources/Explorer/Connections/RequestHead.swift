#if Explorer

import NIOCore
import NIOHTTP1

/// Normalises the heads of requests, before later handlers lose how they were written.
///
/// An authority in the target takes the place of Host. The last request of a connection says so in its field
/// Connection, whether it was said by its version or in a list of words.
final class RequestHead: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data) else {
      return context.fireChannelRead(data)
    }
    if head.version != .http1_1 || !head.isKeepAlive {
      head.headers.replaceOrAdd(name: "Connection", value: "close")
    }
    do throws(Fault) {
      let target = try RequestTarget(head.uri)
      head.uri = target.path
      // More than one Host is refused later, whatever they say.
      if let authority = target.authority, head.headers["Host"].count < 2 {
        head.headers.replaceOrAdd(name: "Host", value: authority)
      }
    } catch {
      return context.fireErrorCaught(error)
    }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }
}

#endif
