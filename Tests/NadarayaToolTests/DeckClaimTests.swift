import Foundation
import Testing
import _TestSupport

/// Every sentence of the deck's page that depends on its data holds for the data in the files.
@Suite struct DeckClaimTests {
  struct Deck: CustomTestStringConvertible {
    let seed: Int
    let points: Int
    var testDescription: String { "seed \(seed), \(points) points" }
  }

  static let decks: [Deck] =
    (0...20).map { Deck(seed: $0, points: 40) }
    + [2, 3, 5, 10, 100].flatMap { points in [0, 7, 12].map { Deck(seed: $0, points: points) } }
    + [Deck(seed: 0, points: 400)]

  @Test(.slow, arguments: decks) func `sentences follow from the numbers`(deck: Deck) throws {
    let tool = try Tool()
    let result = try tool.run("deck", "--seed", "\(deck.seed)", "--points", "\(deck.points)")
    #expect(result.status == 0)
    let numbers = try DeckNumbers(tool, in: "deck")
    try checkKernels(numbers)
    try checkWeights(numbers)
    try checkWidths(numbers)
    try checkChoice(numbers)
    try checkWalks(numbers)
    try checkForms(numbers)
    try checkMetric(numbers)
    #expect(!numbers.says("nan") && !numbers.says("inf"))
  }

  private let names = [
    ("gaussian", "the Gaussian"), ("boxcar", "the boxcar"), ("triangular", "the triangle"),
  ]

  private func checkKernels(_ numbers: DeckNumbers) throws {
    let mean = numbers.train.y.reduce(0, +) / Double(numbers.train.y.count)
    #expect(numbers.says("the mean of the labels, \(shown(mean)): attention"))
    var nearer: [String] = []
    var errors: [String] = []
    for (panel, name) in names {
      let fit = try #require(numbers.fits[panel])
      let error = try numbers.errorToTruth(panel)
      let ofMean = DeckNumbers.size(zip(fit, numbers.truth).map { $0.isNaN ? .nan : mean - $1 })
      if showsLess(error, ofMean) { nearer.append(name) }
      errors.append("\(shown(error)) (\(name))")
      let missing = fit.count { $0.isNaN }
      #expect(numbers.says("reach of \(name), and it gives no answer") == (missing > 0))
      if missing > 0 {
        #expect(
          numbers.says(
            "At \(missing) of the 50 places no point is within reach of \(name), and it gives no "
              + "answer; at the others its error is \(shown(error)) and the mean's \(shown(ofMean))."
          ))
      }
    }
    let sentence =
      "the errors are \(errors[0]), \(errors[1]) and \(errors[2]), the mean's is "
      + "\(shown(try numbers.errorToTruth("constant")))."
    #expect(numbers.says(sentence))
    #expect(numbers.descriptions["fits-by-kernel"]?.contains(sentence) == true)
    #expect(numbers.says("The three kernels that look at") == (nearer.count == 3))
    #expect(numbers.says("None of the three kernels that look at") == nearer.isEmpty)
    if (1...2).contains(nearer.count) {
      let list = nearer.joined(separator: " and ")
      #expect(numbers.says("at the distance, \(list) come"))
    }
  }

  private func checkWeights(_ numbers: DeckNumbers) throws {
    func share(_ panel: String) throws -> Double {
      let shares = zip(numbers.queries, try #require(numbers.weights[panel])).map {
        query, weights in
        zip(numbers.train.x, weights).filter { abs($0.0 - query) < 1 }.reduce(0) { $0 + $1.1 }
      }
      return shares.reduce(0, +) / Double(shares.count)
    }
    let sentence =
      "On average \(String(format: "%.0f", 100 * (try share("gaussian")))) % of the Gaussian's "
      + "weight lies within distance 1 of the query, all of the boxcar's and the triangle's, and "
      + "\(String(format: "%.0f", 100 * (try share("constant")))) % of the constant kernel's, which "
      + "gives every key 1/\(numbers.train.x.count)."
    #expect(numbers.says(sentence))
    #expect(numbers.descriptions["attention-by-kernel"]?.contains(sentence) == true)
    for panel in ["boxcar", "triangular"] {
      for (query, weights) in zip(numbers.queries, try #require(numbers.weights[panel])) {
        let far = zip(numbers.train.x, weights).filter { abs($0.0 - query) >= 1 && $0.1 > 0 }
        #expect(far.isEmpty)
      }
    }
  }

  private let widths = ["0.1", "0.2", "0.5", "1"]

  private func checkWidths(_ numbers: DeckNumbers) throws {
    let sizes = try widths.map { width in
      let rows = try #require(numbers.weights["sigma_\(width)"])
      let sizes = rows.map { 1 / $0.reduce(0) { $0 + $1 * $1 } }
      return String(format: "%.1f", sizes.reduce(0, +) / Double(sizes.count))
    }
    let sizeSentence =
      "With σ = 0.1, 0.2, 0.5 and 1 an answer rests on \(sizes[0]), \(sizes[1]), \(sizes[2]) and "
      + "\(sizes[3]) points on average"
    #expect(numbers.says(sizeSentence))
    #expect(numbers.descriptions["attention-by-bandwidth"]?.contains(sizeSentence) == true)

    let (narrow, wide) = (
      try #require(numbers.fits["sigma_0.1"]), try #require(numbers.fits["sigma_1"])
    )
    func travel(_ fit: [Double]) -> Double {
      zip(fit.dropFirst(), fit).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let (peak, highest) = (numbers.truth.max() ?? .nan, wide.max() ?? .nan)
    let sentence =
      "moves up and down by \(shown(travel(narrow))) in all, the one with σ = 1 by "
      + "\(shown(travel(wide))): "
      + (showsLess(travel(wide), travel(narrow))
        ? "the wide fit is the calmer one" : "here the wide fit is not the calmer one")
      + ". The truth rises to \(shown(peak)), the wide fit to \(shown(highest)): "
      + (showsLess(highest, peak) ? "it cuts the peak." : "it does not cut the peak.")
    #expect(numbers.says(sentence))
    #expect(numbers.descriptions["fits-by-bandwidth"]?.contains(sentence) == true)

    let errors = try widths.map { try numbers.errorToTruth("sigma_\($0)") }
    let least = errors.min() ?? .nan
    let best = widths[errors.firstIndex(of: least) ?? 0]
    #expect(
      numbers.says(
        "Of the four, σ = \(best) comes nearest to the truth, with an error of \(shown(least))."))
  }
}
