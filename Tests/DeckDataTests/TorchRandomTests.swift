import DeckData
import Testing

struct TorchRandomTests {
  @Test func countOfZeroDrawsNothing() {
    var random = TorchRandom(seed: 0)
    #expect(random.rand(0).isEmpty)
    #expect(random.randn(0).isEmpty)
    var fresh = TorchRandom(seed: 0)
    #expect(random.rand(1) == fresh.rand(1))
  }

  @Test func uniformNumbersAreMultiplesOfTwoToTheMinus24BelowOne() {
    var random = TorchRandom(seed: 11)
    let numbers = random.rand(100_000)
    #expect(numbers.allSatisfy { 0 <= $0 && $0 < 1 })
    #expect(numbers.allSatisfy { ($0 * 0x1p24).rounded() == $0 * 0x1p24 })
    // A coarser grid would leave every last bit 0.
    #expect(numbers.contains { Int($0 * 0x1p24) % 2 == 1 })
  }

  @Test func uniformNumbersAreTheSameInOneDrawOrMany() {
    var whole = TorchRandom(seed: 5)
    var parts = TorchRandom(seed: 5)
    #expect(whole.rand(700) == parts.rand(1) + parts.rand(0) + parts.rand(623) + parts.rand(76))
  }

  @Test func onlyTheLow32BitsOfTheSeedCount() {
    func numbers(_ seed: some BinaryInteger) -> [Float] {
      var random = TorchRandom(seed: seed)
      return random.rand(4)
    }
    #expect(numbers(5) == numbers(1 << 32 + 5))
    #expect(numbers(-1) == numbers(UInt64.max))
    #expect(numbers(-1) == numbers(UInt32.max))
    #expect(numbers(5) != numbers(6))
    #expect(numbers(1 << 31) != numbers(0))
  }

  @Test func successiveDrawsAgreeWithTorch() throws {
    let fixture = try DeckFixture.load()
    #expect(fixture.sequences.count == 3)
    for sequence in fixture.sequences {
      var random = TorchRandom(seed: sequence.seed)
      for (place, call) in sequence.calls.enumerated() {
        let name: Comment = "seed \(sequence.seed), draw \(place)"
        switch call.draw {
        case .rand:
          #expect(random.rand(call.count).map(Double.init) == call.numbers, name)
        case .randn:
          // Four units in the last place at 4, where torch's polynomials and libm may part.
          let drawn = random.randn(call.count).map(Double.init)
          #expect(largestDistance(drawn, call.numbers) < 1e-6, name)
        }
      }
    }
  }
}
