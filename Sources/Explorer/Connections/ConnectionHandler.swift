#if Explorer

import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Minds one connection: it notices that the client leaves or lags, answers what is no HTTP, asks for
/// bodies that wait for it, and ends a connection on which more arrives than anybody reads.
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
  private var isLastRequest = false
  private var responsesOwed = 0
  private var responsesUnread = 0
  private var isLastResponse = false
  private var isLingering = false
  var unreadBytes = 0
  var nextLook: Scheduled<Void>?

  func handlerAdded(context: ChannelHandlerContext) { lookLater(context) }

  func handlerRemoved(context: ChannelHandlerContext) { nextLook?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What follows a last request is not meant for us.
    guard !isLingering, !isLastRequest || isRequestArriving else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      isRequestArriving = true
      responsesOwed += 1
      isLastRequest = head.headerFields[.connection]?.lowercased() == "close"
      if connection.isRefused { return answer(.tooManyConnections, context) }
      if head.headerFields[.expect]?.lowercased() == "100-continue", isWelcome(head) {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
    case .body(let bytes): connection.passed(bytes.readableBytes)
    case .end: isRequestArriving = false
    }
    tellWait()
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
      // Of several requests that came at once, each has its own answer.
      if responsesOwed == 1, isRequestArriving || isLastRequest {
        head.headerFields[.connection] = "close"
      }
      isLastResponse = head.headerFields[.connection] == "close"
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let read = tracked(promise, context)
      guard isLastResponse else { return context.write(data, promise: read) }
      context.writeAndFlush(data, promise: read)
      linger(context)
    }
  }

  /// Notes that a response is whole, and that it is read once the promise is kept.
  private func tracked(
    _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
  ) -> EventLoopPromise<Void> {
    let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
    responsesOwed -= 1
    responsesUnread += 1
    promise.futureResult.assumeIsolated().whenComplete { _ in
      self.responsesUnread -= 1
      self.tellWait()
    }
    tellWait()
    return promise
  }

  private func tellWait() {
    let isServing = responsesOwed > (isRequestArriving ? 1 : 0)
    connection.waits(
      for: responsesUnread > 0
        ? .reading
        : isLingering ? .farewell : isServing ? nil : isRequestArriving ? .body : .request)
  }

  private func linger(_ context: ChannelHandlerContext) {
    isLingering = true
    tellWait()
    context.close(mode: .output, promise: nil)
    context.read()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { connection.end(ClientLeft()) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.end(ClientLeft())
    context.fireChannelInactive()
  }

  /// Answers bytes that are not HTTP, because they make no request.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let isMalformed = error is HTTPParserError || !(error is IOError)
    guard isMalformed, responsesOwed == 0, !isLingering else {
      return context.fireErrorCaught(error)
    }
    answer(error as? Fault ?? Fault(malformed: error), context)
  }

  /// Answers with a fault, in place of the router, and ends the connection.
  func answer(_ fault: Fault, _ context: ChannelHandlerContext) {
    responsesOwed = 1
    var head = fault.response.head
    head.headerFields[.connection] = "close"
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(fault.content)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: tracked(nil, context))
    linger(context)
  }
}

#endif
