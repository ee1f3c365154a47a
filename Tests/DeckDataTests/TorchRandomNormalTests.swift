import DeckData
import Foundation
import Testing

struct TorchRandomNormalTests {
  @Test(arguments: [16, 32, 160])
  func wholeBlocksTakeOneWordANumber(count: Int) {
    var normal = TorchRandom(seed: 2)
    var uniform = TorchRandom(seed: 2)
    _ = normal.randn(count)
    _ = uniform.rand(count)
    #expect(normal.rand(3) == uniform.rand(3))
  }

  @Test(arguments: [17, 31, 40, 47])
  func aRestOfABlockTakes16WordsMore(count: Int) {
    var normal = TorchRandom(seed: 2)
    var uniform = TorchRandom(seed: 2)
    _ = normal.randn(count)
    _ = uniform.rand(count + 16)
    #expect(normal.rand(3) == uniform.rand(3))
  }

  @Test(arguments: 1...15)
  func fewNumbersTakeFourWordsAPair(count: Int) {
    var normal = TorchRandom(seed: 2)
    var uniform = TorchRandom(seed: 2)
    _ = normal.randn(count)
    _ = uniform.rand((count + 1) / 2 * 4)
    #expect(normal.rand(3) == uniform.rand(3))
  }

  @Test func theSecondOfAPairWaitsForALaterDraw() {
    var one = TorchRandom(seed: 9)
    var several = TorchRandom(seed: 9)
    let pair = one.randn(2)
    let first = several.randn(1)
    _ = several.rand(8)
    #expect(pair == first + several.randn(1))
  }

  @Test func aLongerDrawOfWholeBlocksBeginsWithAShorterOne() {
    var short = TorchRandom(seed: 4)
    var long = TorchRandom(seed: 4)
    #expect(short.randn(16) == Array(long.randn(48).prefix(16)))
  }

  // r² cos² θ + r² sin² θ = −2 ln(1 − u), whatever θ is. The logarithm (1 unit of 2⁻²³), the root,
  // the circular functions and the products (½, 1 and ½ unit, doubled by the squares) come to less
  // than 6 units, 7.2e-7.
  @Test func theSquaresOfAPairAddUpToTheRadiusOfItsUniformNumber() {
    var normal = TorchRandom(seed: 6)
    var uniform = TorchRandom(seed: 6)
    let numbers = normal.randn(160).map(Double.init)
    let uniforms = uniform.rand(160).map(Double.init)
    for block in stride(from: 0, to: 160, by: 16) {
      for first in block..<block + 8 {
        let squares = numbers[first] * numbers[first] + numbers[first + 8] * numbers[first + 8]
        let expected = -2 * log1p(-uniforms[first])
        #expect(abs(squares - expected) <= 1e-6 * expected)
      }
    }
  }

  // Five standard errors of each sample moment: 1/√n, √(2/n), √(15/n) and √(96/n).
  @Test func momentsAreThoseOfTheStandardNormal() {
    var random = TorchRandom(seed: 8)
    let count = 200_000
    let numbers = random.randn(count).map(Double.init)
    func moment(_ power: Double) -> Double {
      numbers.reduce(0) { $0 + pow($1, power) } / Double(count)
    }
    let error = 5 / Double(count).squareRoot()
    #expect(abs(moment(1)) < error)
    #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
    #expect(abs(moment(3)) < error * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
  }
}
