#if Explorer

import Testing

@testable import Explorer

@Suite struct HostNamesTests {
  private let names = HostNames(host: "127.0.0.1", port: 8642)

  @Test(arguments: [
    "127.0.0.1:8642", "localhost:8642", "LOCALHOST:8642", "[::1]:8642",
  ])
  func `the names of this machine are ours`(authority: String) {
    #expect(names.allows(authority: authority))
    #expect(names.allows(origin: "http://" + authority))
  }

  @Test(arguments: [
    "", "127.0.0.1", "localhost", "localhost:8643", "localhost:86420", "evil.example:8642",
    "127.0.0.1.evil.example:8642", "localhost.evil.example:8642", "::1:8642", "[::1", "[::2]:8642",
    "192.168.1.2:8642", "user@localhost:8642", "localhost:8642:8642", "127.0.0.2:8642",
  ])
  func `other names are not, even if they point here`(authority: String) {
    #expect(!names.allows(authority: authority))
    #expect(!names.allows(origin: "http://" + authority))
  }

  @Test(arguments: [
    "null", "https://localhost:8642", "http:localhost:8642", "file://localhost:8642", "",
    "http://localhost:8642.evil.example", "http://localhost:3000",
  ])
  func `other origins are not`(origin: String) { #expect(!names.allows(origin: origin)) }

  @Test func `the usual port may be left out where it is the port`() {
    #expect(HostNames(host: "127.0.0.1", port: 80).allows(authority: "localhost"))
    #expect(HostNames(host: "127.0.0.1", port: 80).allows(authority: "localhost:80"))
  }

  @Test func `the name that was given is ours as well, and no other`() {
    let given = HostNames(host: "Lab.example", port: 80)
    #expect(given.allows(authority: "lab.example"))
    #expect(!given.allows(authority: "192.168.1.2"))
  }

  @Test(arguments: ["0.0.0.0", "::"])
  func `on all addresses any address will do, and no name`(host: String) {
    let all = HostNames(host: host, port: 80)
    #expect(all.allows(authority: "192.168.1.2"))
    #expect(all.allows(authority: "[fe80::1]"))
    #expect(!all.allows(authority: "evil.example"))
  }

  @Test func `loopback addresses are known`() {
    for host in ["127.0.0.1", "127.0.0.53", "localhost", "::1"] {
      #expect(ExplorerServer.isLoopback(host))
    }
    for host in ["0.0.0.0", "::", "192.168.1.2", "127.evil.example", ""] {
      #expect(!ExplorerServer.isLoopback(host))
    }
  }
}

#endif
