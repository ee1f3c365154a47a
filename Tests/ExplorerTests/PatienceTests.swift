#if Explorer

import Foundation
import Testing

/// Clients that send or read slowly, beside one that does not.
@Suite(.serialized) struct PatienceTests {
  /// A client like any other is served: were it to wait for the others to be given up, 64 at a time, that would
  /// take 20 seconds and more, for which it has no patience.
  private func expectService(of server: ServerProcess) throws {
    let page = try RawConnection(server, patience: 10)
    page.request("/")
    #expect(page.response().hasPrefix("HTTP/1.1 200"))
    let upload = try RawConnection(server, patience: 10)
    upload.request(
      "/api/tables?name=a", method: "POST", fields: "Content-Length: 8\r\n", body: "x,y\n1,2\n")
    #expect(upload.response().hasPrefix("HTTP/1.1 201"))
  }

  @Test func `half of a header keeps nobody waiting, and is given up`() throws {
    let server = try ServerProcess()
    let half = try (0..<322).map { _ in try RawConnection(server) }
    for connection in half { connection.send("GET / HTTP/1.1\r\n") }
    try expectService(of: server)
    // The first made room for the last.
    #expect(half[0].response().isEmpty)
    #expect(half[321].response().hasPrefix("HTTP/1.1 408"))
  }

  @Test func `connections that say nothing keep nobody waiting`() throws {
    let server = try ServerProcess()
    let silent = try (0..<200).map { _ in try RawConnection(server) }
    try expectService(of: server)
    #expect(silent[0].response().isEmpty)
  }

  @Test func `bodies that do not come keep nobody waiting`() throws {
    let server = try ServerProcess()
    let slow = try (0..<200).map { number in
      let connection = try RawConnection(server)
      let path = number.isMultiple(of: 2) ? "/api/tables?name=a" : "/api/tables/start/predictions"
      connection.request(path, method: "POST", fields: "Content-Length: 100\r\n", body: "x")
      return connection
    }
    // Each that comes when 64 are there makes another one go.
    #expect(eventually { slow.count { !$0.isSilent(for: 0) } >= 200 - 64 })
    try expectService(of: server)
    withExtendedLifetime(slow) {}
  }

  /// A table makes room for one that comes after it, and only for such.
  @Test func `a table that arrives slowly makes room for others`() throws {
    let server = try ServerProcess()
    let slow = try (0..<9).map { number in
      let connection = try RawConnection(server)
      connection.request(
        "/api/tables?name=a", method: "POST", fields: "Content-Length: 8\r\n", body: "x,y\n")
      // One after the other: a whole request lies between them.
      let other = try RawConnection(server)
      other.request("/")
      #expect(other.response().hasPrefix("HTTP/1.1 200"))
      return connection
    }
    // Eight may arrive at once. The ninth takes the place of the first, and one that comes later the second's.
    #expect(slow[0].response().hasPrefix("HTTP/1.1 503"))
    try expectService(of: server)
    #expect(slow[1].response().hasPrefix("HTTP/1.1 503"))
    slow[8].send("1,2\n")
    #expect(slow[8].response().hasPrefix("HTTP/1.1 201"))
  }

  @Test func `a body that stops to arrive is told so, and one that dribbles`() throws {
    let server = try ServerProcess()
    let (stopped, dribbling) = (try RawConnection(server), try RawConnection(server))
    for connection in [stopped, dribbling] {
      connection.request(
        "/api/tables?name=a", method: "POST", fields: "Content-Length: 100\r\n", body: "x,y\n")
    }
    // A byte a second would take a minute and a half. The seconds are the client's pace; an answer ends them.
    for _ in 0..<12 where dribbling.isSilent(for: 1) { dribbling.send("1") }
    #expect(dribbling.response().hasPrefix("HTTP/1.1 408"))
    #expect(stopped.response().hasPrefix("HTTP/1.1 408"))
  }

  @Test func `responses that nobody reads keep nobody waiting`() throws {
    let server = try ServerProcess()
    let request = "GET /api/openapi.json HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"
    let slow = try (0..<80).map { _ in
      let connection = try RawConnection(server, hoards: false)
      // More than the system holds for such a connection.
      connection.send(String(repeating: request, count: 10))
      return connection
    }
    try expectService(of: server)
    withExtendedLifetime(slow) {}
  }
}

#endif
