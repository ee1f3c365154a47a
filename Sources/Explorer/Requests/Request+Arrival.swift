#if Explorer

import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension Request {
  /// The body, once it has arrived.
  ///
  /// - Parameter what: what the body is, for messages.
  /// - Throws: a ``Fault`` of status 413 as soon as it is known that there are more bytes than `limit`, of
  ///   status 408 where nothing arrives for too long.
  func arrivedBody(of what: String, upTo limit: Int) async throws -> [UInt8] {
    let tooLarge = Fault(
      .contentTooLarge, "\(what) may have \(limit >> 20) MiB, and this has more")
    let announced = headers[.contentLength].flatMap(Int.init)
    if let announced, announced > limit { throw tooLarge }
    let lastArrival = LastArrival()
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask {
        var bytes: [UInt8] = []
        for try await part in body {
          lastArrival.note()
          guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
          bytes.append(contentsOf: part.readableBytesView)
        }
        guard announced.map({ $0 == bytes.count }) ?? true else { throw ClientLeft() }
        return bytes
      }
      group.addTask {
        while true {
          let deadline = lastArrival.time + Limits.bodySilence
          guard deadline > .now else {
            throw Fault(
              .requestTimeout,
              "no byte of \(what) arrived for \(Limits.bodySilence.components.seconds) s")
          }
          try await Task.sleep(until: deadline)
        }
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
  }
}

/// When something arrived last.
private final class LastArrival: Sendable {
  private let instant = Mutex(ContinuousClock.now)

  var time: ContinuousClock.Instant { instant.withLock { $0 } }

  func note() { instant.withLock { $0 = .now } }
}

#endif
