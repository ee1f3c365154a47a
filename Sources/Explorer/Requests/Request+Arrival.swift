#if Explorer

import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
  /// The body, once it has arrived.
  ///
  /// - Parameters:
  ///   - what: what the body is, for messages.
  ///   - note: called with the bytes received so far; may throw to stop.
  /// - Throws: a ``Fault`` of status 413 as soon as it is known that there are more bytes than `limit`;
  ///   whatever ends the connection while it waits.
  func arrivedBody(
    of what: String, upTo limit: Int, note: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> [UInt8] {
    let tooLarge = Fault(
      .contentTooLarge, "\(what) may have at most \(limit >> 20) MiB, but this one has more")
    let announced = headers[.contentLength].flatMap(Int.init)
    if let announced, announced > limit { throw tooLarge }
    let arrival = Task {
      var bytes: [UInt8] = []
      for try await part in body {
        guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
        try note(part.readableBytes)
        bytes.append(contentsOf: part.readableBytesView)
      }
      return bytes
    }
    let connection = Connection.current
    connection?.whenEnded { _ in arrival.cancel() }
    defer { connection?.forgetObserver() }
    let result = await withTaskCancellationHandler {
      await arrival.result
    } onCancel: {
      arrival.cancel()
    }
    if let end = connection?.end { throw end }
    let bytes = try result.get()
    guard announced.map({ $0 == bytes.count }) ?? true else { throw ClientLeft() }
    return bytes
  }
}

#endif
