import DeckData
import Testing

/// The first word and the 10000th after the default seed are those of ISO C++ [rand.predef], the
/// others those of numpy's implementation of the reference code.
struct MersenneTwisterTests {
  @Test func defaultSeedGivesThePublishedWords() {
    var generator = MersenneTwister(seed: 5489)
    let words = (0..<10_000).map { _ in generator.next() }
    #expect(words[0] == 3_499_211_612)
    #expect(words[9_999] == 4_123_659_995)
  }

  @Test func wordsAgreeWithAnotherImplementationAcrossRenewalsOfTheState() throws {
    let fixture = try DeckFixture.load()
    #expect(fixture.generators.count == 5)
    let last = try #require(fixture.wordIndices.last)
    for expected in fixture.generators {
      var generator = MersenneTwister(seed: expected.seed)
      let words = (0...last).map { _ in generator.next() }
      #expect(fixture.wordIndices.map { words[$0] } == expected.words, "seed \(expected.seed)")
    }
  }

  @Test func aCopyGoesOnIndependently() {
    var original = MersenneTwister(seed: 1)
    for _ in 0..<620 { _ = original.next() }
    var copy = original
    let first = (0..<10).map { _ in original.next() }
    let second = (0..<10).map { _ in copy.next() }
    #expect(first == second)
    #expect(Set(first).count == 10)
  }
}
