import Testing

@testable import Tables

@Suite struct EditDistanceTests {
  // Goldens: Wagner and Fischer 1974 (doi:10.1145/321796.321811) and the textbook examples.
  @Test(
    "Published distances",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("saturday", "sunday", 3),
      ("ca", "abc", 3), ("dits", "dist", 1), ("flaw", "lawn", 2),
    ])
  func goldens(_ first: String, _ second: String, _ distance: Int) {
    #expect(editDistance(first, second) == distance)
    #expect(editDistance(second, first) == distance)
  }

  @Test("Only a near name is suggested, and the nearest of them")
  func suggestions() {
    #expect(nearestName(to: "wieght", among: ["height", "weight"]) == "weight")
    #expect(nearestName(to: "X", among: ["y", "x"]) == "x")
    #expect(nearestName(to: "x", among: ["y", "z"]) == nil)
    #expect(nearestName(to: "temperature", among: ["pressure", "humidity"]) == nil)
    #expect(nearestName(to: "", among: ["a"]) == nil)
    #expect(nearestName(to: "a", among: []) == nil)
  }
}
