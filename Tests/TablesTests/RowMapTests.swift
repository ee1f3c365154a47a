import Testing

@testable import Tables

@Suite struct RowMapTests {
  @Test("Every row gives the number noted for it, whatever the gaps")
  func rows() {
    var random = SplitMix64(state: 5)
    for gap in [1, 2, 10] {
      var map = RowMap()
      var numbers: [Int] = []
      var number = 2
      for _ in 0..<1000 {
        map.append(number)
        numbers.append(number)
        number += Int.random(in: 1...gap, using: &random)
      }
      #expect(numbers.indices.map(map.number(ofRow:)) == numbers)
    }
  }
}
