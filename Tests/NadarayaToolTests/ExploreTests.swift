import Foundation
import Testing

@Suite struct ExploreTests {
  #if !Explorer
  @Test func `without the explorer, the command says how to get it`() throws {
    let result = try Tool().run("explore")
    #expect(result.status == 69)
    #expect(result.output.isEmpty)
    #expect(
      result.error == """
        error: this nadaraya was built without the explorer
        hint: build it with: swift run --traits Explorer nadaraya explore

        """)
  }
  #endif

  @Test func `a port that is none is told`() throws {
    let result = try Tool().run("explore", "--port", "65536")
    #expect(result.status == 64)
    #expect(result.error == "error: --port 65536 is not between 0 and 65535\n")
  }
}
