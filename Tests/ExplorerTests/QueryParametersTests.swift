#if Explorer

import Testing

@testable import Explorer

@Suite struct QueryParametersTests {
  private func pairs(_ query: String?) throws -> [String] {
    try QueryParameters(query).all.map { "\($0.name)→\($0.value)" }
  }

  @Test func `names and values are decoded, in their order`() throws {
    #expect(try pairs(nil).isEmpty)
    #expect(try pairs("").isEmpty)
    #expect(try pairs("&&").isEmpty)
    #expect(try pairs("x=speed&y=dist") == ["x→speed", "y→dist"])
    #expect(try pairs("b&a=&c=1=2") == ["b→", "a→", "c→1=2"])
    #expect(try pairs("na%20me=a+b%2Bc") == ["na me→a b+c"])
    #expect(try pairs("x=%c3%B6") == ["x→ö"])
    // A comma within a name is escaped once more, for the list of names to undo.
    #expect(try pairs("x=a%252Cb,c") == ["x→a%2Cb,c"])
  }

  @Test(arguments: ["a=1&a=2", "a&a", "a=%", "a=%1", "a=%1g", "%=1", "a=%ff", "a=%ed%a0%80"])
  func `what is ambiguous or malformed is refused`(query: String) {
    #expect(throws: Fault.self) { try QueryParameters(query) }
  }
}

#endif
