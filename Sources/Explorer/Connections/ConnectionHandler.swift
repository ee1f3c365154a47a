#if Explorer

import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Minds one connection: it notices that the client leaves, answers what is no HTTP, asks for bodies
/// that wait for it, and ends a connection on which more arrives than anybody reads.
///
/// A response that is ready before its request has arrived is the last of its connection. What the
/// client still sends is read and thrown away for a moment, because a connection that closes with
/// unread bytes may take the response with it.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  let connection = Connection()
  private var isRequestArriving = false
  private var responsesOwed = 0
  private var isLastResponse = false
  private var isLingering = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isLingering else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      isRequestArriving = true
      responsesOwed += 1
      if head.headerFields[.expect]?.lowercased() == "100-continue", isWelcome(head) {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
    case .body: break
    case .end: isRequestArriving = false
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    if isLingering { context.read() }
  }

  /// A body that will be refused for its length need not be sent.
  private func isWelcome(_ head: HTTPRequest) -> Bool {
    head.headerFields[.contentLength].flatMap(Int.init).map { $0 <= Limits.tableBytes } ?? true
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if isRequestArriving { head.headerFields[.connection] = "close" }
      isLastResponse = head.headerFields[.connection] == "close"
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      responsesOwed -= 1
      guard isLastResponse else { return context.write(data, promise: promise) }
      context.writeAndFlush(data, promise: promise)
      linger(context)
    }
  }

  private func linger(_ context: ChannelHandlerContext) {
    isLingering = true
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: Limits.lingering) { channel.close(promise: nil) }
    context.read()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { connection.leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.leave()
    context.fireChannelInactive()
  }

  /// Bytes that are no HTTP are answered here, because no request comes of them.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let isMalformed = error is HTTPParserError || !(error is IOError)
    guard isMalformed, responsesOwed == 0, !isLingering else {
      return context.fireErrorCaught(error)
    }
    let fault = Fault(malformed: error)
    var head = fault.response.head
    head.headerFields[.connection] = "close"
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(fault.content)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    linger(context)
  }
}

#endif
