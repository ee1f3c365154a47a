#if Explorer

import HTTPTypes
import Tables

/// Why a request cannot be served: a status and one sentence.
struct Fault: Error, Sendable {
  let status: HTTPResponse.Status
  /// One sentence with the offending value.
  let message: String
  /// What the user can do about it.
  var hint: String?
  /// The query parameter at fault.
  var parameter: String?
  /// Where in a table the fault lies.
  var place: TableError.Place?
  var headers: HTTPFields = [:]

  init(
    _ status: HTTPResponse.Status, _ message: String, hint: String? = nil,
    parameter: String? = nil, place: TableError.Place? = nil, headers: HTTPFields = [:]
  ) {
    self.status = status
    self.message = message
    self.hint = hint
    self.parameter = parameter
    self.place = place
    self.headers = headers
  }
}

extension Fault: Encodable {
  private enum RootKey: CodingKey { case error }
  private enum Key: CodingKey { case message, hint, parameter, place }
  private enum PlaceKey: CodingKey { case line, row, column }

  func encode(to encoder: any Encoder) throws {
    var root = encoder.container(keyedBy: RootKey.self)
    var container = root.nestedContainer(keyedBy: Key.self, forKey: .error)
    try container.encode(message, forKey: .message)
    try container.encodeIfPresent(hint, forKey: .hint)
    try container.encodeIfPresent(parameter, forKey: .parameter)
    guard let place else { return }
    var inner = container.nestedContainer(keyedBy: PlaceKey.self, forKey: .place)
    try inner.encodeIfPresent(place.line, forKey: .line)
    try inner.encodeIfPresent(place.row, forKey: .row)
    try inner.encodeIfPresent(place.column, forKey: .column)
  }
}

#endif
