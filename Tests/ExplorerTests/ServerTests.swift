#if Explorer

import Foundation
import Testing

@Suite(.serialized) struct ServerTests {
  /// A table for whose criterion along the bandwidths a computer needs minutes.
  private static let large: URL = {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("nadaraya-explorer-\(UUID().uuidString).csv")
    var text = "x,y\n"
    for row in 0..<100_000 {
      let x = Double(row &* 7_919 % 100_000) / 1e5
      text += "\(x),\((x * 12).rounded() + Double(row % 17))\n"
    }
    try? Data(text.utf8).write(to: url)
    return url
  }()

  private static let longWork = "/api/tables/start/path?points=1000&kernel=tricube&degree=3"

  @Test func `a request is answered, and the next on the same connection`() throws {
    let server = try ServerProcess()
    #expect(server.page == "http://127.0.0.1:\(server.port)/")
    let connection = try RawConnection(server)
    for _ in 0..<3 {
      connection.request("/api/tables/start/fit?h=0.5")
      #expect(connection.response().hasPrefix("HTTP/1.1 200"))
    }
    #expect(server.end(by: SIGTERM).status == 0)
    #expect(server.errors.isEmpty)
  }

  @Test func `requests that come at once are answered in their order`() throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    let fields = "Host: 127.0.0.1:\(server.port)\r\n"
    let paths = ["/nothing", "/explorer.css", "/api/tables", "/"]
    connection.send(
      paths.dropLast().map { "GET \($0) HTTP/1.1\r\n\(fields)\r\n" }.joined()
        + "GET / HTTP/1.1\r\n\(fields)Connection: close\r\n\r\nGET /late HTTP/1.1\r\n\(fields)\r\n")
    let text = connection.everything()
    let answers = text.components(separatedBy: "HTTP/1.1 ").dropFirst()
    let marks = ["nothing at this path", ":root", "\"tables\"", "</html>"]
    #expect(answers.count == marks.count)
    for (answer, mark) in zip(answers, marks) { #expect(answer.contains(mark)) }
  }

  @Test(arguments: [
    "GET / HTTP/1.0\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n",
    "GET / HTTP/1.1\r\nConnection: Close\r\n", "GET / HTTP/1.1\r\nConnection: foo, close\r\n",
  ])
  func `a client that asks for one answer gets it, and the end`(head: String) throws {
    let server = try ServerProcess()
    // A connection on which nothing happens would be closed after 15 seconds.
    let connection = try RawConnection(server, patience: 5)
    connection.send("\(head)Host: 127.0.0.1:\(server.port)\r\n\r\n")
    let text = connection.everything()
    #expect(text.hasPrefix("HTTP/1.1 200"))
    #expect(text.contains("\r\nConnection: close\r\n"))
    #expect(text.hasSuffix("</html>\n"))
    #expect(connection.isAtEnd)
  }

  @Test func `the target of a request cannot name somebody else`() throws {
    let server = try ServerProcess()
    let own = "127.0.0.1:\(server.port)"
    for (target, status) in [
      ("http://evil/", 403), ("HTTP://EVIL/api/tables", 403), ("http://evil:\(server.port)", 403),
      ("http://\(own)@evil/", 403), ("http://evil?x=http://\(own)/", 403), ("http:///", 400),
      ("https://\(own)/", 400), ("http://\(own)/", 200), ("HTTP://LocalHost:\(server.port)", 200),
      ("http://\(own)/api/tables", 200), ("//evil/", 404),
    ] {
      let connection = try RawConnection(server)
      connection.request(target)
      #expect(connection.response().hasPrefix("HTTP/1.1 \(status) "), "\(target)")
    }
    // The authority of the target counts, whatever Host says.
    let connection = try RawConnection(server)
    connection.send("GET http://\(own)/ HTTP/1.1\r\nHost: evil\r\n\r\n")
    #expect(connection.response().hasPrefix("HTTP/1.1 200 "))
  }

  @Test func `the first view is in the address`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nadaraya-explorer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("t.csv")
    try Data("\"a,b\",y,ö\n1,2,3\n2,3,4\n3,1,2\n".utf8).write(to: file)
    let server = try ServerProcess(
      file.path, "-x", "a,b", "-x", "ö", "-y", "y", "--kernel", "boxcar", "--bandwidth", "2")
    #expect(server.page.hasSuffix("/?x=a%252Cb,%C3%B6&y=y&kernel=boxcar&h=2.0,2.0"))
    let connection = try RawConnection(server)
    let query = try #require(server.page.split(separator: "?").last)
    connection.request("/api/tables/start/fit?\(query)")
    #expect(connection.response().hasPrefix("HTTP/1.1 200"))
  }

  @Test(arguments: [
    "GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
    "\u{0}\u{1}\u{2}\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
  ])
  func `bytes that are no HTTP are a 400 with a sentence`(text: String) throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    connection.send(text)
    let response = connection.response()
    #expect(response.hasPrefix("HTTP/1.1 400"))
    #expect(response.contains("{\"error\":{\"message\":\""))
  }

  @Test func `a header without end is refused`() throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    connection.request("/", fields: "X: \(String(repeating: "a", count: 40_000))\r\n")
    #expect(connection.response().hasPrefix("HTTP/1.1 431"))
  }

  @Test(arguments: ["zz\r\n", "5\r\na,b\n1XX"])
  func `a body in malformed chunks is refused`(chunks: String) throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    connection.request(
      "/api/tables?name=a", method: "POST", fields: "Transfer-Encoding: chunked\r\n")
    connection.send(chunks)
    #expect(connection.response().hasPrefix("HTTP/1.1 400"))
  }

  @Test(arguments: ["Content-Length: 99999999999\r\n", "Transfer-Encoding: chunked\r\n"])
  func `a body without end is refused and not read to its end`(field: String) throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    connection.request("/api/tables/start/predictions", method: "POST", fields: field)
    let piece = String(repeating: "x", count: 1 << 16)
    let part = field.hasPrefix("Transfer") ? "10000\r\n\(piece)\r\n" : piece
    // A connection that is closed takes no more. The seconds only end a test in which the server reads on.
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end, connection.send(part) {}
    #expect(!connection.send(part))
  }

  @Test func `a body that is announced as too long is refused before it comes`() throws {
    let server = try ServerProcess()
    // A body that does not come would be waited for 10 seconds.
    let connection = try RawConnection(server, patience: 5)
    connection.request(
      "/api/tables?name=a", method: "POST", fields: "Content-Length: 99999999999\r\n")
    let response = connection.response()
    #expect(response.hasPrefix("HTTP/1.1 413"))
    #expect(response.contains("256 MiB"))
    _ = connection.everything()
    #expect(connection.isAtEnd)
  }

  @Test func `a client that waits to be asked for its body is asked`() throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    connection.request(
      "/api/tables?name=a", method: "POST", fields: "Content-Length: 8\r\nExpect: 100-continue\r\n")
    #expect(connection.head().hasPrefix("HTTP/1.1 100"))
    connection.send("x,y\n1,2\n")
    #expect(connection.response().hasPrefix("HTTP/1.1 201"))
  }

  @Test func `a client that leaves takes its work along`() throws {
    let server = try ServerProcess(Self.large.path)
    let connection = try RawConnection(server)
    // What is prepared once for all views takes its time without optimisation.
    connection.request("/api/tables/start/fit?quick=1")
    #expect(connection.response().hasPrefix("HTTP/1.1 200"))
    let before = server.processorSeconds
    connection.request(Self.longWork)
    #expect(
      eventually { server.processorSeconds - before > 1 }, "the work is too short to be ended")
    connection.close()
    // The work takes minutes, in which the processor never rests. Ten seconds only end a test in which it goes on.
    let isAtRest = eventually(within: 10) {
      let start = server.processorSeconds
      usleep(200_000)
      return server.processorSeconds - start < 0.05
    }
    #expect(isAtRest)
    let next = try RawConnection(server)
    next.request("/api/tables")
    #expect(next.response().hasPrefix("HTTP/1.1 200"))
    #expect(server.end(by: SIGTERM).status == 0)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal ends it in two seconds, whatever is going on`(signal: Int32) throws {
    let server = try ServerProcess(Self.large.path)
    let idle = try RawConnection(server)
    idle.request("/api/tables")
    _ = idle.response()
    let half = try RawConnection(server)
    half.send("GET / HT")
    let body = try RawConnection(server)
    body.request(
      "/api/tables?name=a", method: "POST", fields: "Content-Length: 100\r\n", body: "x,y\n")
    let working = try (0..<4).map { _ in try RawConnection(server) }
    let before = server.processorSeconds
    for connection in working { connection.request(Self.longWork) }
    #expect(eventually { server.processorSeconds - before > 0.2 })
    let end = server.end(by: signal)
    #expect(end.reason == .exit)
    #expect(end.status == 0)
    // The time is what is promised.
    #expect(end.seconds < 2)
    for connection in working { #expect(connection.response().hasPrefix("HTTP/1.1 503")) }
    #expect(server.errors.isEmpty)
  }

  @Test func `a request in flight is finished`() throws {
    let server = try ServerProcess()
    let connection = try RawConnection(server)
    connection.request(
      "/api/tables?name=a", method: "POST", fields: "Content-Length: 8\r\nExpect: 100-continue\r\n")
    #expect(connection.head().hasPrefix("HTTP/1.1 100"))
    connection.send("x,y\n")
    kill(server.identifier, SIGTERM)
    #expect(eventually { !server.isListening })
    connection.send("1,2\n")
    #expect(connection.response().hasPrefix("HTTP/1.1 201"))
    #expect(server.end(by: SIGTERM).status == 0)
  }
}

#endif
