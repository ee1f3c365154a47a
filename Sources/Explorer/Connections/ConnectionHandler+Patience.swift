#if Explorer

import NIOCore

extension ConnectionHandler {
  /// Checks the client's pace from time to time while the connection is open.
  func lookLater(_ context: ChannelHandlerContext) {
    nextLook = context.eventLoop.assumeIsolated().scheduleTask(in: Limits.lookInterval) {
      self.look(context)
      self.lookLater(context)
    }
  }

  /// Ends a connection that has waited too long for the client.
  private func look(_ context: ChannelHandlerContext) {
    noteReading(context)
    guard let (wait, behind) = connection.wait(), behind > Limits.patience(wait) else { return }
    switch wait {
    case .head: answer(.headTooSlow, context)
    // Who reads the body answers.
    case .body: connection.end(Fault.bodyTooSlow)
    case .request, .reading, .farewell: context.close(promise: nil)
    }
  }

  /// Notes what the client has read since the last check.
  private func noteReading(_ context: ChannelHandlerContext) {
    let unread =
      (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? unreadBytes
    if unread < unreadBytes { connection.passed(unreadBytes - unread) }
    unreadBytes = unread
  }
}

extension Limits {
  /// How far a client may be behind.
  fileprivate static func patience(_ wait: Connection.Wait) -> Duration {
    switch wait {
    case .request: silence
    case .head: head
    case .body: body
    case .reading: reading
    case .farewell: lingering
    }
  }
}

#endif
