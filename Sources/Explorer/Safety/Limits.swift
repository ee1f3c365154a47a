#if Explorer

import NIOCore

/// Limits on what a client may request.
///
/// Each limit is far above normal use and far below what would overload a machine.
enum Limits {
  /// The bytes of a table that is dropped on the page.
  static let tableBytes = 256 << 20
  /// The bytes of queries to predict at.
  static let queryBytes = 8 << 20
  /// The number of those queries.
  static let queries = 100_000
  /// The number of dropped tables that are held, and their bytes.
  static let tables = 8
  static let heldBytes = 512 << 20
  /// The number of tables that arrive at once, and their bytes.
  static let uploads = 8
  static let arrivingBytes = 512 << 20

  static let addressLength = 8 << 10
  static let headerFieldBytes = 16 << 10
  static let headerBytes = 32 << 10
  static let headerFields = 100

  static let connections = 64

  /// How far a client may be behind: without a request, within a request's head, within its body, in
  /// reading a response, and in closing the connection after the last one.
  static let silence = Duration.seconds(15)
  static let head = Duration.seconds(5)
  static let body = Duration.seconds(10)
  static let reading = Duration.seconds(30)
  static let lingering = Duration.seconds(2)
  /// The bytes a second below which a client that sends or reads a body falls behind.
  static let slowestPace = 16 << 10
  /// How far behind the sender of a table must be to make room for another.
  static let yielding = Duration.milliseconds(100)
  /// How long a table may wait for room.
  static let entry = Duration.seconds(1)
  /// How often clients are checked.
  static let lookInterval = TimeAmount.milliseconds(500)

  /// How long a view may take, and how long one that learns.
  static let work = TimeAmount.seconds(60)
  static let learning = TimeAmount.seconds(180)
  /// The computations at once, those of them that may take long, and those that wait of all and of
  /// the long ones: every connection may wait with something short.
  static let running = 2
  static let runningLong = 1
  static let waiting = 64
  static let waitingLong = 8

  /// How long requests in flight may go on when the server ends, and connections after that.
  static let farewell = Duration.milliseconds(1000)
  static let lastWord = Duration.milliseconds(400)
}

#endif
