#if Explorer

import HTTPTypes
import Hummingbird
import Testing

@testable import Explorer

@Suite struct GatekeeperTests {
  private let router: RouterUnderTest

  init() throws { router = try RouterUnderTest() }

  @Test(arguments: ["evil.example:8642", "localhost:3000", "127.0.0.1"])
  func `requests under another name are refused, whatever they ask for`(host: String) async throws {
    for path in ["/", "/explorer.js", "/api/tables", "/api/tables/start/fit", "/nothing"] {
      let answer = try await router.ask(.get, path, host: host)
      #expect(answer.status == 403)
      #expect(answer.message.contains("\"\(host)\""))
    }
  }

  @Test func `a request needs one Host`() async throws {
    #expect(try await router.ask(.get, "/", host: nil).status == 400)
    let twice: HTTPFields = [HTTPField.Name("Host")!: RouterUnderTest.host]
    #expect(try await router.ask(.get, "/", headers: twice).status == 400)
  }

  @Test(arguments: ["http://evil.example", "null", "http://localhost:3000"])
  func `pages from elsewhere can do nothing`(origin: String) async throws {
    for (method, path) in [
      (HTTPRequest.Method.post, "/api/tables?name=a.csv"), (.delete, "/api/tables/start"),
      (.get, "/api/tables"), (.get, "/"),
    ] {
      let answer = try await router.ask(
        method, path, headers: [.origin: origin], body: "x,y\n1,2\n")
      #expect(answer.status == 403)
      #expect(answer.headers[.accessControlAllowOrigin] == nil)
    }
    #expect(router.shelf.all.count == 1)
  }

  @Test func `our own page may`() async throws {
    let headers: HTTPFields = [
      .origin: "http://127.0.0.1:8642", HTTPField.Name("Sec-Fetch-Site")!: "same-origin",
    ]
    #expect(try await router.ask(.get, "/api/tables", headers: headers).status == 200)
  }

  @Test(arguments: ["cross-site", "same-site"])
  func `other pages may link to the page and embed nothing`(site: String) async throws {
    func headers(_ mode: String, _ destination: String) -> HTTPFields {
      [
        HTTPField.Name("Sec-Fetch-Site")!: site, HTTPField.Name("Sec-Fetch-Mode")!: mode,
        HTTPField.Name("Sec-Fetch-Dest")!: destination,
      ]
    }
    let link = headers("navigate", "document")
    #expect(try await router.ask(.get, "/?x=a", headers: link).status == 200)
    #expect(try await router.ask(.get, "/api/tables", headers: link).status == 403)
    #expect(try await router.ask(.get, "/", headers: headers("navigate", "iframe")).status == 403)
    let picture = headers("no-cors", "image")
    #expect(
      try await router.ask(.get, "/api/tables/start/figures/fit.svg", headers: picture).status
        == 403)
  }

  @Test(arguments: ["/", "/api/tables", "/nothing", "/api/tables/start/fit?degree=9"])
  func `every answer forbids what the page does not need`(path: String) async throws {
    let headers = try await router.ask(.get, path).headers
    let policy = try #require(headers[.contentSecurityPolicy])
    for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
      #expect(policy.contains(part))
    }
    #expect(!policy.contains("unsafe"))
    #expect(headers[.xContentTypeOptions] == "nosniff")
    #expect(headers[HTTPField.Name("Referrer-Policy")!] == "no-referrer")
    #expect(headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] == "same-origin")
    #expect(headers[.crossOriginResourcePolicy] == "same-origin")
    #expect(headers[.cacheControl] == "no-store")
  }
}

#endif
