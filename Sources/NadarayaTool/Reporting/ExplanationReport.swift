import Nadaraya
import Tables
import Wording

/// An explanation of one estimate, for people and for programs.
struct ExplanationReport {
  private let run: Run
  private let query: Int
  private let explanation: EstimateExplanation

  init(_ run: Run, query: Int, _ explanation: EstimateExplanation) {
    self.run = run
    keys = run.data.keys
    self.query = query
    self.explanation = explanation
  }

  private var data: DataTable { run.data }
  private let keys: Points

  /// Whether weights and contributions are told apart: those of a polynomial are not its attention.
  private var isPolynomial: Bool { explanation.degree > 0 }

  /// An input: a label as it was written, a number to six digits.
  private func text(_ input: Int, _ value: Double) -> String {
    let label = input - data.keyNames.count
    return label < 0 ? short(value, digits: 6) : data.labels[label].levels[Int(value)]
  }

  private func percent(_ share: Double) -> String {
    let part = share * 100
    return part == 0 || part.magnitude >= 0.01
      ? fixed(part, decimals: 2) + " %" : short(part, digits: 2) + " %"
  }
}

extension ExplanationReport {
  /// A table to read.
  var text: String {
    var lines = [place]
    for (name, estimate) in zip(data.valueNames, explanation.estimates) {
      lines.append("estimate of \(name): \(estimate.isNaN ? "none" : short(estimate, digits: 6))")
    }
    guard explanation.estimates.allSatisfy({ !$0.isNaN }) else {
      return (lines + ["no key supports it"]).joined(separator: "\n") + "\n"
    }
    lines.append("")
    lines += table
    lines.append("")
    lines += sentences
    return lines.joined(separator: "\n") + "\n"
  }

  private var place: String {
    let point = run.queries[query]
    let inputs = data.inputNames.enumerated().map { input, name in
      "\(name) = \(text(input, point[point.startIndex + input]))"
    }
    return "query \(query): \(inputs.joined(separator: ", "))"
      + (run.omitsOwnKey ? ", row \(query) left out" : "")
  }

  private var table: [String] {
    let weightName = isPolynomial ? "influence" : "weight"
    let header =
      ["row"] + data.inputNames + data.valueNames + [weightName]
      + data.valueNames.map { data.valueNames.count == 1 ? "contribution" : "to \($0)" }
    let blank = [String](repeating: "", count: data.inputNames.count + data.valueNames.count)
    // As many decimals as give the estimate, or a larger part of it, six digits.
    let decimals = data.valueNames.indices.map { column in
      explanation.terms.reduce(explanation.estimates[column].magnitude) {
        max($0, $1.contributions[column].magnitude)
      }
    }.map(Self.decimals)
    func parts(_ contributions: [Double]) -> [String] {
      zip(contributions, decimals).map { part, decimals in
        decimals.map { fixed(part, decimals: $0) } ?? short(part, digits: 6)
      }
    }
    var rows = [header]
    for term in explanation.terms {
      let point = keys[term.key]
      let inputs = data.inputNames.indices.map { text($0, point[point.startIndex + $0]) }
      let values = data.values.map { short($0[term.key], digits: 6) }
      rows.append(
        ["\(term.key)"] + inputs + values + [percent(term.influence)]
          + parts(term.contributions))
    }
    let others = explanation.others
    if others.count > 0 {
      let keys = others.count == 1 ? "the other key" : "the other \(others.count) keys"
      rows.append(
        [keys] + blank + [percent(others.influence)]
          + parts(others.contributions))
    }
    let total = explanation.terms.reduce(others.influence) { $0 + $1.influence }
    rows.append(
      ["sum"] + blank + [percent(total)] + parts(explanation.estimates))
    return Self.aligned(rows)
  }

  /// The decimals at which a number has six digits; nil where it cannot be written so.
  private static func decimals(of magnitude: Double) -> Int? {
    guard magnitude >= 1e-4, magnitude < 1e12 else { return nil }
    var (decimals, bound) = (5, 10.0)
    while magnitude < bound / 10 { (decimals, bound) = (decimals + 1, bound / 10) }
    while magnitude >= bound, decimals > 0 { (decimals, bound) = (decimals - 1, bound * 10) }
    return decimals
  }

  /// Columns to the right, the first one to the left where it is words.
  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in
      rows.reduce(0) { max($0, $1[column].count) }
    }
    return rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }
  }

  private var sentences: [String] {
    var lines: [String] = []
    if isPolynomial {
      lines.append(
        "The influence of a key is its coefficient in the local polynomial of degree "
          + "\(explanation.degree), whose value is the estimate; a negative influence subtracts "
          + "the value of the key.")
    }
    if explanation.effectiveSampleSize > 0 {
      let keys = data.rowCount - (run.omitsOwnKey ? 1 : 0)
      lines.append(
        "The attention is spread as if over \(short(explanation.effectiveSampleSize)) equal keys "
          + "(effective sample size); its entropy is \(short(explanation.entropy)) nats, and would be "
          + "\(short(explanation.greatestEntropy)) if all \(keys) were alike.")
    } else {
      lines.append("No key supports the query: these are the weights of --empty.")
    }
    if let degree = run.estimator.polynomial?.degree, explanation.degree < degree,
      explanation.effectiveSampleSize > 0
    {
      lines.append(
        "The keys in reach do not determine a polynomial of degree \(degree), so degree "
          + "\(explanation.degree) is used.")
    }
    return lines
  }
}

extension ExplanationReport {
  /// One object with the content of ``text``, numbers to the last bit.
  var json: String {
    func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
    func object(_ names: [String], _ values: [String]) -> String {
      let pairs = zip(names, values).map { "\(JSONText.quoted($0)):\($1)" }
      return "{\(pairs.joined(separator: ","))}"
    }
    func inputs(_ point: ArraySlice<Double>) -> String {
      object(
        data.inputNames,
        data.inputNames.indices.map { input in
          let value = point[point.startIndex + input]
          return input < data.keyNames.count
            ? number(value) : JSONText.quoted(text(input, value))
        })
    }
    func values(_ numbers: [Double]) -> String {
      object(data.valueNames, numbers.map(number))
    }
    let terms = explanation.terms.map { term in
      object(
        ["row", "inputs", "values", "weight", "influence", "contributions"],
        [
          "\(term.key)", inputs(keys[term.key]),
          values(data.values.map { $0[term.key] }), number(term.attention),
          number(term.influence), values(term.contributions),
        ])
    }
    let others = explanation.others
    return object(
      [
        "query", "inputs", "degree", "estimates", "effective_n", "entropy", "keys", "others",
      ],
      [
        "\(query)", inputs(run.queries[query]), "\(explanation.degree)",
        values(explanation.estimates), number(explanation.effectiveSampleSize),
        number(explanation.entropy), "[\(terms.joined(separator: ","))]",
        object(
          ["count", "weight", "influence", "contributions"],
          [
            "\(others.count)", number(others.attention), number(others.influence),
            values(others.contributions),
          ]),
      ]) + "\n"
  }
}
