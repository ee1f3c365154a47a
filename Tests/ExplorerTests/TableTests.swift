#if Explorer

import Foundation
import HTTPTypes
import Testing

@testable import Explorer

@Suite struct TableTests {
  private let router: RouterUnderTest
  private static let cars = "speed,dist,make\n4,2,a\n7,4,b\n8,16,a\n"

  init() throws { router = try RouterUnderTest() }

  private func drop(_ text: String, name: String = "cars.csv") async throws
    -> RouterUnderTest.Answer
  {
    try await router.ask(.post, "/api/tables?name=\(name)", body: text)
  }

  private func names() async throws -> [String] {
    let tables = try await router.ask(.get, "/api/tables").object["tables"] as? [[String: Any]]
    return (tables ?? []).compactMap { $0["name"] as? String }
  }

  @Test func `a dropped table can be asked for under its id`() async throws {
    let answer = try await drop(Self.cars)
    #expect(answer.status == 201)
    let id = try #require(answer.object["id"] as? String)
    #expect(answer.headers[.location] == "/api/tables/\(id)")
    #expect(answer.object["name"] as? String == "cars.csv")
    #expect(answer.object["rows"] as? Int == 3)
    let again = try await router.ask(.get, "/api/tables/\(id)")
    #expect(again.object as NSDictionary == answer.object as NSDictionary)
    let kinds = (answer.object["columns"] as? [[String: Any]])?.compactMap { $0["kind"] as? String }
    #expect(kinds == ["number", "number", "words"])
  }

  @Test(arguments: [
    ("x,y\n1,2\n3\n", 3), ("x,y\n1,\"2\n", 2),
  ])
  func `a faulty table is told with its line`(text: String, line: Int) async throws {
    let answer = try await drop(text, name: "bad.csv")
    #expect(answer.status == 422)
    #expect(answer.message.hasPrefix("bad.csv:\(line)"))
    #expect((answer.fault["place"] as? [String: Any])?["line"] as? Int == line)
    #expect(router.shelf.all.count == 1)
  }

  @Test(arguments: ["", "\u{0}\u{1}", "x"])
  func `what is no table is told`(text: String) async throws {
    let answer = try await drop(text)
    #expect([201, 422].contains(answer.status))
    if answer.status == 422 { #expect(!answer.message.isEmpty) }
  }

  @Test func `a table needs a name`() async throws {
    for query in ["", "?name=", "?nam=a"] {
      let answer = try await router.ask(.post, "/api/tables\(query)", body: Self.cars)
      #expect(answer.status == 400)
    }
  }

  @Test func `a body that announces too much is refused before it comes`() async throws {
    let answer = try await router.ask(
      .post, "/api/tables?name=a", headers: [.contentLength: "\((256 << 20) + 1)"], body: "")
    #expect(answer.status == 413)
    let queries = try await router.ask(
      .post, "/api/tables/start/predictions", headers: [.contentLength: "\((8 << 20) + 1)"])
    #expect(queries.status == 413)
  }

  @Test func `the oldest goes where there are too many, and never the first`() async throws {
    for number in 0..<10 { _ = try await drop(Self.cars, name: "t\(number)") }
    #expect(try await names() == ["deck/train.csv"] + (2..<10).map { "t\($0)" })
  }

  @Test func `a table is gone when it is deleted, but for the first`() async throws {
    let id = try #require(try await drop(Self.cars).object["id"] as? String)
    #expect(try await router.ask(.delete, "/api/tables/\(id)").status == 204)
    #expect(try await router.ask(.get, "/api/tables/\(id)").status == 404)
    #expect(try await router.ask(.delete, "/api/tables/\(id)").status == 404)
    #expect(try await router.ask(.delete, "/api/tables/start").status == 405)
    #expect(try await router.ask(.get, "/api/tables/start").status == 200)
  }
}

#endif
