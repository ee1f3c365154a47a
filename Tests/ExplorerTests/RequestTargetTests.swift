#if Explorer

import HTTPTypes
import Testing

@testable import Explorer

@Suite struct RequestTargetTests {
  @Test(
    arguments: [
      ("/", nil, "/"), ("/api?x=http://evil/", nil, "/api?x=http://evil/"),
      ("//evil/", nil, "//evil/"),
      ("/http://evil/", nil, "/http://evil/"), ("*", nil, "*"), ("http://evil/", "evil", "/"),
      ("HTTP://Evil:80", "Evil:80", "/"), ("http://evil/a?b=c", "evil", "/a?b=c"),
      ("http://evil?b=c", "evil", "/?b=c"), ("http://evil#@127.0.0.1/", "evil", "/#@127.0.0.1/"),
      ("http://127.0.0.1:8642@evil/", "127.0.0.1:8642@evil", "/"), ("http://", "", "/"),
      ("http:///a", "", "/a"), ("http://[::1]:80/a", "[::1]:80", "/a"),
    ] as [(String, String?, String)])
  func `a target is a path, or an authority and a path`(
    target: String, authority: String?, path: String
  ) throws {
    let found = try RequestTarget(target)
    #expect(found.authority == authority)
    #expect(found.path == path)
  }

  @Test(arguments: ["https://127.0.0.1/", "evil", "evil:80", "", "http:/evil", "file:///a", "?a"])
  func `any other is refused`(target: String) throws {
    let fault = try #require(throws: Fault.self) { try RequestTarget(target) }
    #expect(fault.status == .badRequest)
    #expect(fault.message.contains("\"\(target)\""))
  }
}

#endif
