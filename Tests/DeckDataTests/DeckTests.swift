import DeckData
import Foundation
import Testing

struct DeckTests {
  /// A rounding of a number from 4 to 8 to `Float` is at most 2⁻²², 2.4e-7, and torch's own sine and normal
  /// numbers are some units in the last place away from libm's.
  static let torch = 1e-6

  @Test func trainingInputsEqualTorchsToTheBit() throws {
    let fixture = try DeckFixture.load()
    #expect(fixture.decks.count == 71)
    for sample in fixture.decks {
      let deck = Deck(seed: sample.seed, count: sample.count)
      #expect(deck.trainingInputs == sample.inputs, "seed \(sample.seed), count \(sample.count)")
    }
  }

  @Test func trainingValuesAreWithinAMillionthOfTorchs() throws {
    for sample in try DeckFixture.load().decks {
      let deck = Deck(seed: sample.seed, count: sample.count)
      let distance = largestDistance(deck.trainingValues, sample.values)
      #expect(distance < Self.torch, "seed \(sample.seed), count \(sample.count)")
    }
  }

  @Test func validationInputsEqualTorchsToTheBit() throws {
    #expect(Deck(seed: 0).validationInputs == (try DeckFixture.load().validation.inputs))
  }

  @Test func validationTruthIsWithinAMillionthOfTorchs() throws {
    let expected = try DeckFixture.load().validation.truth
    #expect(largestDistance(Deck(seed: 0).validationTruth, expected) < Self.torch)
  }

  // A rounding of a number below 8 to `Float` is at most 2⁻²². An input sees two; the truth sees
  // one, and that of the sine below it.
  @Test func validationIsTheDecksGridAndCurve() {
    let deck = Deck(seed: 0)
    let grid = (0..<50).map { Double($0) / 10 }
    #expect(largestDistance(deck.validationInputs, grid) <= 0x1p-21)
    let curve = deck.validationInputs.map { 2 * sin($0) + $0 }
    #expect(largestDistance(deck.validationTruth, curve) <= 0x1p-21)
  }

  @Test func aDeckHas40PointsUnlessToldAndItsSeedMatters() {
    #expect(Deck(seed: 0) == Deck(seed: 0, count: 40))
    #expect(Deck(seed: 0).trainingInputs.count == 40)
    #expect(Deck(seed: 0) != Deck(seed: 1))
  }

  @Test(arguments: [1, 2, 15, 16, 17, 1_000])
  func inputsAreAscendingFromZeroBelowFive(count: Int) {
    let deck = Deck(seed: 3, count: count)
    #expect(deck.trainingInputs.count == count)
    #expect(deck.trainingValues.count == count)
    #expect(deck.trainingInputs.allSatisfy { 0 <= $0 && $0 < 5 })
    #expect(zip(deck.trainingInputs, deck.trainingInputs.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func everyNumberIsAFloat() {
    let deck = Deck(seed: 3, count: 100)
    let all =
      deck.trainingInputs + deck.trainingValues + deck.validationInputs + deck.validationTruth
    #expect(all.allSatisfy { Double(Float($0)) == $0 })
  }

  // Without the curve what remains is what the generator draws next, in the order of the sorted
  // inputs. Three roundings of numbers below 16 to `Float`, each at most 2⁻²¹, lie between.
  @Test func valuesLessTheCurveAreTheNoiseInDrawingOrder() {
    let deck = Deck(seed: 21, count: 64)
    var random = TorchRandom(seed: 21)
    _ = random.rand(64)
    let noise = random.randn(64).map(Double.init)
    let remains = zip(deck.trainingInputs, deck.trainingValues).map { $1 - (2 * sin($0) + $0) }
    #expect(largestDistance(remains, noise) <= 3 * 0x1p-21)
  }

  @Test func aDeckWithoutPointsIsAProgrammersMistake() async {
    await #expect(processExitsWith: .failure) { _ = Deck(seed: 0, count: 0) }
  }
}
