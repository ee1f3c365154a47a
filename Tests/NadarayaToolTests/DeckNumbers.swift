import Foundation
import Testing

/// The numbers behind a deck's page, computed anew from the files beside it by the plainest sums.
struct DeckNumbers {
  let page: String
  let descriptions: [String: String]
  let train: (x: [Double], y: [Double])
  let queries: [Double]
  let truth: [Double]
  let fits: [String: [Double]]
  /// By panel, for each query the weights of the keys.
  let weights: [String: [[Double]]]

  init(_ tool: Tool, in folder: String) throws {
    let html = try tool.read("\(folder)/index.html")
    page = Self.words(of: html)
    descriptions = try Dictionary(
      uniqueKeysWithValues: [
        "fits-by-kernel", "attention-by-kernel", "fits-by-bandwidth", "attention-by-bandwidth",
      ].map { name in
        let svg = try tool.read("\(folder)/\(name).svg")
        let start = try #require(svg.range(of: "<desc id=\"\(name)-desc\">"))
        let end = try #require(svg.range(of: "</desc>"))
        return (name, Self.plain(String(svg[start.upperBound..<end.lowerBound])))
      })
    func read(_ name: String) throws -> [String: [String]] {
      columns(try tool.read("\(folder)/\(name)"))
    }
    func numbers(_ column: [String]?) throws -> [Double] {
      try #require(column).map { Double($0) ?? .nan }
    }
    let (points, table) = (try read("train.csv"), try read("fits.csv"))
    train = (try numbers(points["x"]), try numbers(points["y"]))
    (queries, truth) = (try numbers(table["x"]), try numbers(table["y"]))
    fits = try table.filter { $0.key != "x" && $0.key != "y" }.mapValues { try numbers($0) }
    let rows = try read("weights.csv")
    let (panels, places) = (try #require(rows["panel"]), try #require(rows["query"]))
    let shares = try numbers(rows["weight"])
    var weights: [String: [[Double]]] = [:]
    for row in panels.indices {
      let query = try #require(Int(places[row]))
      weights[panels[row], default: Array(repeating: [], count: queries.count)][query]
        .append(shares[row])
    }
    self.weights = weights
  }

  /// The words between tags, without pictures.
  private static func words(of html: String) -> String {
    var text = ""
    for (index, part) in html.components(separatedBy: "<figure>").enumerated() {
      text += index == 0 ? part : part.components(separatedBy: "</figure>").last ?? ""
    }
    let words = text.split(separator: "<").map { $0.drop { $0 != ">" }.dropFirst() }
    return plain(words.joined())
  }

  private static func plain(_ text: String) -> String {
    text.replacingOccurrences(of: "&#39;", with: "'")
  }

  // MARK: - Errors

  /// Root mean squared difference from the truth where there is an estimate.
  func errorToTruth(_ panel: String) throws -> Double {
    Self.size(zip(try #require(fits[panel]), truth).map { $0 - $1 })
  }

  static func size(_ numbers: [Double]) -> Double {
    let finite = numbers.filter { !$0.isNaN }
    return (finite.reduce(0) { $0 + $1 * $1 } / Double(finite.count)).squareRoot()
  }

  /// The Gaussian's estimate, its weights relative to the nearest key's; perhaps without one key.
  func estimate(at query: Double, width: Double, without omitted: Int? = nil) -> Double {
    let keys = train.x.indices.filter { $0 != omitted }
    func exponent(_ key: Int) -> Double { -pow((query - train.x[key]) / width, 2) / 2 }
    let highest = keys.map(exponent).max() ?? 0
    let weights = keys.map { exp(exponent($0) - highest) }
    return zip(weights, keys).reduce(0) { $0 + $1.0 * train.y[$1.1] } / weights.reduce(0, +)
  }

  func errorToTruth(width: Double) -> Double {
    Self.size(zip(queries, truth).map { estimate(at: $0, width: width) - $1 })
  }

  /// Each point in its own fit.
  func trainingError(width: Double) -> Double {
    Self.size(zip(train.x, train.y).map { estimate(at: $0, width: width) - $1 })
  }

  func leftOutError(width: Double) -> Double {
    Self.size(
      train.x.indices.map { estimate(at: train.x[$0], width: width, without: $0) - train.y[$0] })
  }

  // MARK: - Sentences

  /// The numbers that stand where a pattern has parentheses.
  func numbers(_ pattern: String) throws -> [Double] {
    try groups(pattern).map { try #require(Double($0.replacingOccurrences(of: ",", with: ""))) }
  }

  func groups(_ pattern: String) throws -> [String] {
    try #require(try find(pattern), "no “\(pattern)” in: \(page)")
  }

  /// The same, nil where the page does not have the pattern.
  func find(_ pattern: String) throws -> [String]? {
    let range = NSRange(page.startIndex..., in: page)
    guard let match = try NSRegularExpression(pattern: pattern).firstMatch(in: page, range: range)
    else { return nil }
    return (1..<match.numberOfRanges).compactMap {
      Range(match.range(at: $0), in: page).map { String(page[$0]) }
    }
  }

  func says(_ words: String) -> Bool { page.contains(words) }
}

/// A number with two decimals, as the page shows it.
func shown(_ value: Double) -> String { String(format: "%.2f", value) }

/// Whether one number is less than another as both are shown.
func showsLess(_ left: Double, _ right: Double) -> Bool {
  (Double(shown(left)) ?? .nan) < (Double(shown(right)) ?? .nan)
}
