import Foundation
import Testing
import _TestSupport

/// `partial` and `merge` against `predict` and `bandwidth` over the whole table.
@Suite struct PartialTests {
  let tool: Tool

  init() throws {
    tool = try Tool()
    var rows: [String] = []
    for row in 0..<90 {
      let x = Double(row * 37 % 90) / 7
      let grade = ["low", "mid", "high"][row % 3]
      let shop = row < 50 ? "a" : row % 2 == 0 ? "b" : "c"
      rows.append("\(x),\(row % 5),\(shop),\(grade),\(sin(x)),\(x * x),\(1 + row % 4)")
    }
    let header = "x,z,shop,grade,y,v,w\n"
    try tool.write(header + rows.joined(separator: "\n") + "\n", to: "all.csv")
    for part in 0..<3 {
      let own = rows.enumerated().filter { $0.offset / 40 == part }.map(\.element)
      try tool.write(header + own.joined(separator: "\n") + "\n", to: "part\(part).csv")
    }
    try tool.write(
      "x,z,shop,grade\n0.5,1,a,low\n3,2,c,mid\n12.9,0,b,high\n60,9,a,low\n", to: "queries.csv")
  }

  private static let questions: [[String]] = [
    ["-x", "x", "-y", "y", "--bandwidth", "0.8"],
    ["-x", "x", "-y", "y,v", "--weights", "w", "--bandwidth", "0.8", "--degree", "1"],
    ["-x", "x,z", "-y", "y", "--bandwidth", "2,3", "--radial", "--kernel", "cauchy"],
    ["-x", "x", "-y", "y", "--kernel", "tricube", "--bandwidth", "3", "--empty", "mean"],
    ["--factor", "shop", "-y", "y", "--bandwidth", "0.4"],
    [
      "-x", "x", "--factor", "shop", "--ordered", "grade", "-y", "y", "--bandwidth", "1,0.3,0.5",
      "--degree", "1",
    ],
  ]

  private func levels(_ question: [String]) -> [String] {
    (question.contains("shop") ? ["--levels", "shop=a,b,c"] : [])
      + (question.contains("grade") ? ["--levels", "grade=low,mid,high"] : [])
  }

  /// Moments of a line may lose three digits, in the parts as in one piece.
  static let tolerance = 1e-10

  @Test(.slow, arguments: questions.indices)
  func `merged parts are the prediction`(_ index: Int) throws {
    let question = Self.questions[index] + ["--at", "queries.csv"]
    for part in 0..<3 {
      let result = try tool.run(
        ["partial", "part\(part).csv", "-o", "part\(part).sums"] + question + levels(question))
      #expect(result.status == 0, "\(result.error)")
    }
    let merged = try tool.run(
      ["merge", "part2.sums", "part0.sums", "part1.sums"] + question + levels(question))
    let ordered = question.contains("grade") ? ["--levels", "grade=low,mid,high"] : []
    let whole = try tool.run(["predict", "all.csv"] + question + ordered)
    #expect(merged.status == 0, "\(merged.error)")
    // Sums of parts do not tell where a polynomial extrapolates, which is a warning and a hint.
    let words = whole.error.components(separatedBy: "\n")
    let others =
      words.firstIndex { $0.contains("the polynomial extrapolates") }
      .map { Array(words[..<$0] + words[($0 + 2)...]) } ?? words
    #expect(merged.error == others.joined(separator: "\n"))
    #expect(columns(merged.text).keys.sorted() == columns(whole.text).keys.sorted())
    for name in columns(whole.text).keys where name.hasSuffix("_hat") {
      for (found, expected) in zip(numbers(merged.text, name), numbers(whole.text, name)) {
        #expect(
          (found.isNaN && expected.isNaN)
            || abs(found - expected) <= Self.tolerance * max(1, abs(expected)))
      }
    }
    // The sums of all parts, merged in a tree, say the same.
    let pair = try tool.run(
      ["merge", "--sums", "part0.sums", "part1.sums"] + question + levels(question))
    let tree = try tool.run(
      ["merge", "-", "part2.sums"] + question + levels(question), input: pair.text)
    for name in columns(whole.text).keys where name.hasSuffix("_hat") {
      for (found, expected) in zip(numbers(tree.text, name), numbers(merged.text, name)) {
        #expect(
          (found.isNaN && expected.isNaN)
            || abs(found - expected) <= Self.tolerance * max(1, abs(expected)))
      }
    }
  }

  @Test func `a stream without header is read, marked rows are counted`() throws {
    let question = ["-x", "a", "-y", "b", "--bandwidth", "1", "--at", "places.csv"]
    try tool.write("a\n0\n1\n", to: "places.csv")
    let sums = try tool.run(
      ["partial", "-", "--columns", "b,a"] + question, input: "1.0\t0.0\n\\N\t\\N\n3.0\t1.0\n")
    #expect(sums.text.hasPrefix("-1\t2\t1\t"))
    let merged = try tool.run(["merge"] + question, input: sums.text)
    #expect(merged.error.contains("1 row with missing values left out"))
    try tool.write("a,b\n0,1\n1,3\n", to: "rows.csv")
    #expect(
      numbers(merged.text, "b_hat")
        == numbers(
          try tool.run(["predict", "rows.csv"] + question).text, "b_hat"))
  }

  @Test func `leave-one-out errors along a path`() throws {
    let question = [
      "-x", "x", "-y", "y", "--weights", "w", "--leave-one-out-at", "all.csv",
      "--path-bandwidths", "0.5,1,2",
    ]
    for part in 0..<3 {
      let result = try tool.run(
        ["partial", "part\(part).csv", "-o", "part\(part).sums"] + question)
      #expect(result.status == 0, "\(result.error)")
    }
    let merged = try tool.run(["merge", "part0.sums", "part1.sums", "part2.sums"] + question)
    let path = try tool.run([
      "bandwidth", "all.csv", "-x", "x", "-y", "y", "--weights", "w", "--path", "3", "--from",
      "0.5", "--to", "2",
    ])
    for (found, expected) in zip(
      numbers(merged.text, "criterion"), numbers(path.text, "criterion"))
    {
      #expect(abs(found - expected) < Self.tolerance)
    }
    #expect(numbers(merged.text, "criterion").count == 3)
  }

  /// A byte of a file of sums changed, taken away or doubled: the estimates stay, or there are none.
  @Test(
    .slow,
    arguments: [
      ["-x", "x", "-y", "y", "--bandwidth", "0.8", "--at", "queries.csv"],
      ["-x", "x", "-y", "y", "--bandwidth", "0.8", "--at", "queries.csv", "--degree", "1"],
      ["-x", "x", "-y", "y", "--leave-one-out-at", "few.csv", "--path-bandwidths", "0.5,1"],
    ])
  func `a file of sums with any byte changed is refused or says the same`(
    question: [String]
  ) throws {
    let rows = try tool.read("all.csv").split(separator: "\n")
    try tool.write(rows.prefix(4).joined(separator: "\n") + "\n", to: "few.csv")
    let sums = try tool.run(["partial", "all.csv"] + question).text
    let whole = try tool.run(["merge"] + question, input: sums)
    #expect(whole.status == 0, "\(whole.error)")
    let bytes = Array(sums.utf8)
    var refused = 0
    // The start, where the counts are, and of the rest every so often, with the ends of lines.
    let places =
      Array(0..<9) + (1...15).map { $0 * (bytes.count - 1) / 15 }
      + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.prefix(3)
    for (number, place) in places.enumerated() {
      var changed = bytes
      switch number % 3 {
      case 0: changed[place] ^= 1
      case 1: changed.remove(at: place)
      default: changed[place] = changed[place] == 0x37 ? 0x38 : 0x37
      }
      let text = String(decoding: changed, as: UTF8.self)
      let result = try tool.run(["merge"] + question, input: text)
      if result.status == 0 {
        #expect(result.text == whole.text && result.error == whole.error, "byte \(place): \(text)")
      } else {
        #expect([64, 65].contains(result.status))
        #expect(result.text.isEmpty && result.error.hasPrefix("error: "))
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  /// The arguments, what standard input holds, the exit code and what the message says.
  private static let refusals: [([String], String, Int32, String)] = [
    (
      ["partial", "all.csv", "-x", "x", "-y", "y", "--at", "queries.csv"], "", 64,
      "cannot choose a bandwidth"
    ),
    (
      ["partial", "all.csv", "-x", "x", "-y", "y", "--bandwidth", "1"], "", 64,
      "no queries are given"
    ),
    (
      [
        "partial", "all.csv", "--factor", "shop", "-y", "y", "--bandwidth", "0.4", "--at",
        "queries.csv",
      ],
      "", 64, "--levels shop="
    ),
    (
      [
        "partial", "all.csv", "--factor", "shop", "--levels", "shop=a,b", "-y", "y", "--bandwidth",
        "0.4", "--at", "queries.csv",
      ], "", 65, "\"c\""
    ),
    (
      [
        "partial", "all.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--at", "queries.csv",
        "--degree", "2",
      ],
      "", 64, "degree 0 or 1"
    ),
    (
      ["merge", "-x", "x", "-y", "y", "--bandwidth", "1", "--at", "queries.csv"], "abc\n", 65,
      "not a line of sums"
    ),
    (
      ["merge", "-x", "x", "-y", "y", "--bandwidth", "1", "--at", "queries.csv"],
      "-1\t5\t0\tff 0.0 0.0 5.0 1.0\t\\N\n", 64, "other queries"
    ),
    (
      ["merge", "-x", "x", "-y", "y", "--bandwidth", "1", "--at", "queries.csv"], "", 65, "no keys"
    ),
    (
      ["merge", "-x", "x", "-y", "y", "--bandwidth", "1", "--at", "queries.csv"],
      "-2\t0\t0\t\\N\tsomething went wrong\n", 65, "something went wrong"
    ),
  ]

  @Test(arguments: refusals.indices)
  func `what makes no sense is refused with a sentence`(_ index: Int) throws {
    let (arguments, input, status, words) = Self.refusals[index]
    let result = try tool.run(arguments, input: input)
    #expect(result.status == status)
    #expect(result.error.contains(words), "\(result.error)")
    #expect(result.text.isEmpty)
  }

  /// On a cluster a fault travels as a line; the program takes all of its input and ends well.
  @Test func `in a cluster a fault is a line`() throws {
    let result = try tool.run(
      [
        "partial", "-", "--columns", "x,y", "-x", "x", "-y", "y", "--bandwidth", "1", "--at",
        "queries.csv", "--in-cluster",
      ], input: "1.0\tabc\n")
    #expect(result.status == 0)
    #expect(result.text.hasPrefix("-2\t0\t0\t\\N\t"))
    #expect(result.text.contains("\"abc\" is not a number"))
  }
}
