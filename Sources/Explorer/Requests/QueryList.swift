#if Explorer

import FoundationEssentials
import HTTPTypes

/// The queries of a body such as `{"queries": [[4.5], [7]]}`.
struct QueryList {
  let queries: [[Double]]

  private struct Body: Decodable {
    let queries: [[Double]]
  }

  init(_ body: [UInt8]) throws(Fault) {
    do {
      queries = try JSONDecoder().decode(Body.self, from: Data(body)).queries
    } catch {
      throw Fault(
        .badRequest, "the body is not {\"queries\": [[number, …], …]}: \(Self.reason(error))")
    }
    guard queries.count <= Limits.queries else {
      throw Fault(
        .badRequest, "there are \(queries.count) queries, more than \(Limits.queries)")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
      let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      return (place.isEmpty ? "" : "at \(place.joined(separator: ".")), ")
        + context.debugDescription
    default: return "\(error)"
    }
  }
}

#endif
