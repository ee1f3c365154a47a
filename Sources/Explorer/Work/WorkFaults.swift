#if Explorer

import HTTPTypes
import NIOCore

/// The client of a request went away before its answer was there.
struct ClientLeft: Error {}

extension Fault {
  /// Nothing is in line for longer than a moment, so that a second later there is room.
  private static let later: HTTPFields = [.retryAfter: "1"]

  static func tookTooLong(_ limit: TimeAmount) -> Fault {
    Fault(
      .serviceUnavailable,
      "the computation was ended because it took longer than \(limit.nanoseconds / 1_000_000_000) s",
      hint: "fewer rows or fewer inputs take less")
  }

  static let tooManyWait = Fault(
    .serviceUnavailable, "too many computations wait already", headers: later)

  static let tooManyArrive = Fault(
    .serviceUnavailable, "more than \(Limits.uploads) tables arrive already", headers: later)

  static let serverEnds = Fault(.serviceUnavailable, "the explorer is ending")
}

#endif
