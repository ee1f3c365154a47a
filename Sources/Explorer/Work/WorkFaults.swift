#if Explorer

import HTTPTypes
import NIOCore

/// The client of a request left before its answer was ready.
struct ClientLeft: Error {}

extension Fault {
  /// Requests wait only for a moment, so there is room a second later.
  private static let later: HTTPFields = [.retryAfter: "1"]

  static func tookTooLong(_ limit: TimeAmount) -> Fault {
    Fault(
      .serviceUnavailable,
      "the computation was stopped because it took longer than \(limit.nanoseconds / 1_000_000_000) s",
      hint: "fewer rows or inputs take less time")
  }

  static let tooManyWait = Fault(
    .serviceUnavailable, "too many computations are already waiting", headers: later)

  static let tooManyArrive = Fault(
    .serviceUnavailable, "too many tables are already arriving", headers: later)

  static let madeRoom = Fault(
    .serviceUnavailable, "the table arrived so slowly that it was dropped to make room for others",
    headers: later)

  static let tooManyConnections = Fault(
    .serviceUnavailable, "all \(Limits.connections) connections are busy", headers: later)

  static let headTooSlow = Fault(
    .requestTimeout,
    "the request's header did not arrive within \(Limits.head.components.seconds) s")

  static let bodyTooSlow = Fault(
    .requestTimeout,
    "the request's body arrived too slowly: for more than \(Limits.body.components.seconds) s it came at less than "
      + "\(Limits.slowestPace >> 10) KiB a second")

  static let serverEnds = Fault(.serviceUnavailable, "the explorer is shutting down")
}

#endif
