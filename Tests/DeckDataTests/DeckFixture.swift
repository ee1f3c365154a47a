import Foundation

/// The numbers of torch and numpy in `Fixtures/deck-data.json`, written by
/// `Scripts/fixtures/deck-data.py`.
struct DeckFixture: Decodable {
  struct Validation: Decodable {
    let inputs: [Double]
    let truth: [Double]
  }

  struct Sample: Decodable {
    let seed: Int
    let count: Int
    let inputs: [Double]
    let values: [Double]
  }

  struct Sequence: Decodable {
    let seed: Int
    let calls: [Call]
  }

  struct Call: Decodable {
    enum Draw: String, Decodable {
      case rand
      case randn
    }

    let draw: Draw
    let count: Int
    let numbers: [Double]
  }

  struct Generator: Decodable {
    let seed: UInt32
    let words: [UInt32]
  }

  let validation: Validation
  let decks: [Sample]
  let sequences: [Sequence]
  let wordIndices: [Int]
  let generators: [Generator]

  static func load() throws -> DeckFixture {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent()
      .appending(path: "Fixtures/deck-data.json")
    return try JSONDecoder().decode(DeckFixture.self, from: Data(contentsOf: file))
  }
}

/// The largest distance between two lists of equal length, infinite where one number is NaN.
func largestDistance(_ left: [Double], _ right: [Double]) -> Double {
  precondition(left.count == right.count)
  return zip(left, right).reduce(0) { largest, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isNaN ? .infinity : max(largest, distance)
  }
}
