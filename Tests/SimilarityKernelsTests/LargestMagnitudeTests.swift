import Testing

@testable import SimilarityKernels

@Suite struct LargestMagnitudeTests {
  @Test(arguments: [0, 1, 7, 8, 9, 31])
  func `it is that of the number farthest from 0, wherever it stands`(count: Int) {
    #expect([Double](repeating: 0, count: count).largestMagnitude == 0)
    for place in 0..<count {
      var numbers = (0..<count).map { Double($0) / 100 }
      numbers[place] = -3
      #expect(numbers.largestMagnitude == 3)
      numbers[place] = .infinity
      #expect(numbers.largestMagnitude == .infinity)
      numbers[place] = .nan
      #expect(!(numbers.largestMagnitude <= .infinity))
    }
  }
}
