#if Explorer

import Foundation
import HTTPTypes
import Testing

@testable import Explorer

@Suite struct RouteTests {
  private let router: RouterUnderTest

  init() throws { router = try RouterUnderTest() }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/Explorer/Page").standardizedFileURL

  @Test func `every file of the page is served as it is`() async throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
      let path =
        switch name {
        case "index.html": "/"
        case "openapi.json": "/api/openapi.json"
        default: "/\(name)"
        }
      let answer = try await router.ask(.get, path)
      #expect(answer.status == 200, "\(path)")
      #expect(
        Data(answer.bytes) == (try Data(contentsOf: Self.folder.appendingPathComponent(name))))
      let type = try #require(answer.headers[.contentType])
      let ending = name.split(separator: ".").last.map { $0 == "js" ? "javascript" : String($0) }
      #expect(type.contains(try #require(ending)))
    }
  }

  @Test(arguments: [
    "/index.html", "/api", "/api/tables/start/nothing", "/api/tables/start/figures/nothing.svg",
    "/api/tables/start/figures/fit.png", "/etc/passwd", "/../../etc/passwd", "/%2e%2e/etc/passwd",
    "/api/tables/..%2f..%2fetc%2fpasswd", "/api/tables/other/fit", "*", "/explorer.js/",
  ])
  func `other paths lead nowhere`(path: String) async throws {
    let answer = try await router.ask(.get, path)
    // A slash at the end leads to the same file.
    guard path != "/explorer.js/" else { return #expect([200, 404].contains(answer.status)) }
    #expect(answer.status == 404)
    #expect(!answer.message.isEmpty)
  }

  /// The paths of the description with the methods that it gives them.
  private static func described() throws -> [(path: String, methods: Set<String>)] {
    let data = try Data(contentsOf: folder.appendingPathComponent("openapi.json"))
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let paths = try #require(root["paths"] as? [String: [String: Any]])
    return paths.map { path, item in
      let methods = Set(item.keys.map { $0.uppercased() }).intersection(["GET", "POST", "DELETE"])
      return (
        path.replacingOccurrences(of: "{table}", with: "start")
          .replacingOccurrences(of: "{figure}", with: "fit.svg"), methods
      )
    }
  }

  @Test func `methods are those of the description, others are told which`() async throws {
    for (path, methods) in try Self.described() {
      let allowed = methods.contains("GET") ? methods.union(["HEAD"]) : methods
      for name in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"]
      where !allowed.contains(name) {
        let answer = try await router.ask(try #require(HTTPRequest.Method(name)), path)
        #expect(answer.status == 405, "\(name) \(path)")
        let field = try #require(answer.headers[.allow])
        #expect(Set(field.split(separator: ", ").map(String.init)) == allowed)
      }
    }
  }

  @Test(arguments: ["/", "/api/tables", "/api/tables/start", "/nothing"])
  func `HEAD answers as GET does, without the body`(path: String) async throws {
    let get = try await router.ask(.get, path)
    let head = try await router.ask(.head, path)
    #expect(head.status == get.status)
    #expect(head.bytes.isEmpty)
    #expect(head.headers[.contentType] == get.headers[.contentType])
    #expect(head.headers[.contentLength] == "\(get.bytes.count)")
  }

  @Test func `an address beyond the limit is not read`() async throws {
    let answer = try await router.ask(.get, "/?" + String(repeating: "a", count: 8192))
    #expect(answer.status == 414)
  }

  @Test(arguments: [
    ("/api/tables/start/fit?nothing=1", "nothing"), ("/api/tables/start/fit?degree=4", "degree"),
    ("/api/tables/start/fit?x=z", "x"), ("/api/tables/start/fit?h=-1", "h"),
    ("/api/tables/start/fit?h=1&h=2", "h"), ("/api/tables/start/path?points=1", "points"),
    ("/api/tables/start/path?points=many", "points"), ("/api/tables?page=1", "page"),
    ("/api/tables/start?x=x", "x"), ("/api/tables/start/figures/fit.svg?width=1", "width"),
    ("/api/tables/start/fit.csv?kernel=gausian", "kernel"),
  ])
  func `a malformed state is told by its parameter`(path: String, parameter: String) async throws {
    let answer = try await router.ask(.get, path)
    #expect(answer.status == 400)
    #expect(answer.fault["parameter"] as? String == parameter)
    #expect(answer.message.contains(parameter))
  }

  @Test(arguments: ["%", "%4", "%zz", "x=%ff", "%c3%28=1"])
  func `a malformed address is told`(query: String) async throws {
    let answer = try await router.ask(.get, "/api/tables/start/fit?\(query)")
    #expect(answer.status == 400)
    #expect(!answer.message.isEmpty)
  }

  @Test(arguments: [
    "", "{", "[]", "{}", "{\"queries\":1}", "{\"queries\":[1]}", "{\"queries\":[[\"a\"]]}",
    "{\"queries\":[[1e999]]}", "{\"queries\":[[null]]}", "\u{0}", "{\"queries\":[[1,2]]}",
  ])
  func `a malformed body is told`(body: String) async throws {
    let answer = try await router.ask(.post, "/api/tables/start/predictions", body: body)
    #expect(answer.status == 400, "\(answer.text)")
    #expect(!answer.message.isEmpty)
  }

  @Test func `too many queries are told`() async throws {
    let queries = Array(repeating: "[1]", count: 100_001).joined(separator: ",")
    let answer = try await router.ask(
      .post, "/api/tables/start/predictions", body: "{\"queries\":[\(queries)]}")
    #expect(answer.status == 400)
    #expect(answer.message.contains("100001"))
  }
}

#endif
