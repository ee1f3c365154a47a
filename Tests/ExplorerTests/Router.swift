#if Explorer

import ExplorerViews
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Tables

@testable import Explorer

/// The explorer's router, asked without a socket.
struct RouterUnderTest {
  static let host = "127.0.0.1:8642"

  let shelf: TableShelf
  let workbench = Workbench()
  private let responder: RouterResponder<ExplorerContext>

  init(_ text: String? = nil, name: String = "table.csv") throws {
    let table = try text.map { try ExploredTable(.bytes(Array($0.utf8), name: name)) } ?? .deck()
    shelf = try TableShelf(start: table)
    responder = ExplorerRoutes(shelf: shelf, workbench: workbench) {
      HostNames(host: "127.0.0.1", port: 8642)
    }.router().buildResponder()
  }

  struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var object: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
    }

    /// What a fault says of itself.
    var fault: [String: Any] { object["error"] as? [String: Any] ?? [:] }
    var message: String { fault["message"] as? String ?? "" }
  }

  func ask(
    _ method: HTTPRequest.Method = .get, _ path: String, host: String? = host,
    headers: HTTPFields = [:], body: String = ""
  ) async throws -> Answer {
    let head = HTTPRequest(
      method: method, scheme: "http", authority: host, path: path, headerFields: headers)
    let response = try await responder.respond(
      to: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body))),
      context: ExplorerContext())
    let collector = Collector()
    try await response.body.write(collector)
    return Answer(status: response.status.code, headers: response.headers, bytes: collector.bytes)
  }

  private final class Collector: ResponseBodyWriter {
    var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) { bytes += buffer.readableBytesView }
    func finish(_ trailingHeaders: HTTPFields?) {}
  }
}

#endif
