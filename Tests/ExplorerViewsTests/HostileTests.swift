import ExplorerViews
import Foundation
import Nadaraya
import Tables
import Testing
import _TestSupport

/// Nothing that a page can ask ends the program, and no picture holds a number that is none.
@Suite struct HostileTests {
  private static let tiny = Double.leastNonzeroMagnitude

  private static let tables: [(name: String, columns: [(String, [Double])])] = [
    ("one row", [("x", [2]), ("z", [1]), ("y", [3])]),
    ("two rows", [("x", [2, 3]), ("z", [1, 1]), ("y", [3, -1])]),
    ("all the same", [("x", [5, 5, 5, 5]), ("z", [0, 0, 0, 0]), ("y", [1, 1, 1, 1])]),
    ("ties", [("x", [1, 1, 2, 2, 2]), ("z", [3, 3, 3, 4, 4]), ("y", [1, 2, 3, 4, 5])]),
    ("duplicate columns", [("x", [1, 2, 3, 4]), ("z", [1, 2, 3, 4]), ("y", [2, 1, 4, 3])]),
    (
      "huge",
      [("x", [-4e307, 0, 4e307]), ("z", [1e300, -1e300, 1e-300]), ("y", [1.7e308, -1.7e308, 1])]
    ),
    (
      "tiny",
      [
        ("x", [tiny, 2 * tiny, 0]), ("z", [1e10 * tiny, 2e10 * tiny, 3e10 * tiny]),
        ("y", [tiny, -tiny, 0]),
      ]
    ),
    (
      "close",
      [("x", [1, 1.0000000000000002, 1]), ("z", [1e15, 1e15 + 0.125, 1e15]), ("y", [1, 2, 3])]
    ),
    ("zeros", [("x", [0, 0, -0.0]), ("z", [0, 1, 0]), ("y", [0, 0, 0])]),
    (
      "outlier",
      [("x", [0, 1, 2, 3, 1e200]), ("z", [0, 1, 2, 3, 4]), ("y", [0, 1, 2, 3, 1e200])]
    ),
  ]

  private func allAnswers(_ exploration: Exploration, _ parameters: [String: String]) {
    func attempt(_ answer: () throws -> any Encodable) {
      do {
        let data = try JSONEncoder().encode(Box(try answer()))
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains("NaN") && !text.lowercased().contains(">inf"), "\(parameters)")
      } catch is ExplorationError, is KernelRegressionError, is TableError {
      } catch {
        Issue.record("\(error) for \(parameters)")
      }
    }
    do {
      let view = try exploration.view(parameters)
      let execution = Execution(threads: 1)
      attempt { try exploration.fit(view, execution: execution) }
      attempt { try exploration.attention(view, execution: execution) }
      attempt { try exploration.path(view, points: 5, execution: execution) }
      attempt {
        let zeros = view.inputs.map { _ in 0.0 }
        return try exploration.predictions(view, queries: [zeros], execution: execution)
      }
      attempt { try exploration.fitTable(view, execution: execution) }
      attempt { try exploration.weightsTable(view, execution: execution) }
      if view.showsLearned { attempt { try exploration.learned(view, execution: execution) } }
      for kind in FigureKind.allCases where kind != .learned && kind != .criterion {
        attempt { try exploration.figure(kind, view, execution: execution).svg }
      }
    } catch is ExplorationError, is KernelRegressionError, is TableError {
    } catch {
      Issue.record("\(error) for \(parameters)")
    }
  }

  private struct Box: Encodable {
    let answer: any Encodable
    init(_ answer: any Encodable) { self.answer = answer }
    func encode(to encoder: any Encoder) throws { try answer.encode(to: encoder) }
  }

  @Test(.slow, arguments: tables.indices)
  func `every table has an answer or a sentence`(index: Int) throws {
    let table = Self.tables[index]
    let exploration = Exploration(try ExploredTable(table.columns))
    var random = Random(seed: UInt64(index))
    func pick(_ values: [String]) -> String { values.randomElement(using: &random) ?? "" }
    for round in 0..<8 {
      let x = pick(["x", "z", "x,z", "z,x"])
      let count = x.split(separator: ",").count
      func list(_ values: [String]) -> String {
        (0..<count).map { _ in pick(values) }.joined(separator: ",")
      }
      var parameters = [
        "x": x, "y": "y", "kernel": pick(Kernel.all.map(\.name)),
        "degree": pick(["0", "1", "2", "3"]),
        "criterion": pick(["loo", "gcv", "aicc"]), "band": pick(["none", "0.95", "1e-300"]),
        "residuals": pick(["0", "1"]), "width": pick(["280", "900", "2000"]),
        "query": pick(["0", "2", "-1e300", "4e307", "5e-324"]), "theme": pick(["light", "dark"]),
        "weights": pick(["", "x", "y", "z"]), "learned": round % 10 == 0 ? "1" : "0",
      ]
      if round.isMultiple(of: 3) == false {
        parameters["h"] = list(["1", "1e-307", "1e308", "2.3e-308", "0.01", "1e5"])
      }
      if round.isMultiple(of: 2) { parameters["at"] = list(["", "0", "1e300", "-4e307"]) }
      parameters["over"] = pick(x.split(separator: ",").map(String.init))
      allAnswers(exploration, parameters)
    }
  }

  @Test func `random parameter lists are views or sentences`() throws {
    let summary = try ExploredTable(Self.tables[3].columns).summary
    let names = [
      "x", "y", "weights", "kernel", "degree", "criterion", "h", "over", "at", "band", "missing",
      "residuals", "learned", "query", "theme", "width", "", "X", "ä",
    ]
    let values = [
      "", ",", "%", "%2", "%zz", "x", "z", "y", "x,z", "x,,z", "1", "-1", "1e999", "nan", "inf",
      "0x1",
      "loo", "gaussian", "none", "drop", "dark", "900", "9223372036854775808", "\u{0}", "💡", "1,2",
      "e",
      "+", ".", "1e", "--", "%C3%28",
    ]
    var random = Random(seed: 9)
    for _ in 0..<3000 {
      let count = Int.random(in: 0..<6, using: &random)
      let list = (0..<count).map { _ in
        (
          name: names.randomElement(using: &random) ?? "",
          value: values.randomElement(using: &random) ?? ""
        )
      }
      do throws(ExplorationError) {
        let view = try View(parameters: list, of: summary)
        #expect((try? View(parameters: view.parameters, of: summary)) == view)
      } catch {
        #expect(!error.message.isEmpty && !error.message.contains("\n"))
      }
    }
  }

  @Test func `ten inputs`() throws {
    var random = Random(seed: 5)
    let names = (0..<10).map { "c\($0)" }
    let columns = (names + ["y"]).map { name in (name, (0..<25).map { _ in random.uniform() }) }
    let exploration = Exploration(try ExploredTable(columns))
    let fit = try exploration.fit(
      ["x": names.joined(separator: ","), "over": "c7"])
    #expect(fit.bandwidth.count == 10 && fit.view["over"] == "c7")
    #expect(fit.curve.estimate.values.allSatisfy { (0...1).contains($0) })
    #expect(fit.words.title.contains("c6"))
  }
}
