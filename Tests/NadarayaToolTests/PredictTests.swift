import Foundation
import Nadaraya
import Testing
import _TestSupport

@Suite struct PredictTests {
  let tool: Tool
  let keys = [0, 0.625, 1.25, 1.875, 2.25, 3.125, 3.25, 4.75]
  let values = [1.0, 3.5, 2.25, -1, 0.5, 4, 4.5, 7.125]

  init() throws {
    tool = try Tool()
    let rows = zip(keys, values).map { "\($0),\($1),label" }
    try tool.write("x,y,note\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  func estimator(_ bandwidth: Double, _ kernel: Kernel = .gaussian) throws -> KernelSmoother {
    try KernelSmoother(Sample(keys, values), Similarity(kernel, bandwidths: [bandwidth]))
  }

  @Test func `numbers read back to the bits that the library computes`() throws {
    let result = try tool.run("predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.4")
    #expect(result.status == 0)
    #expect(result.error.isEmpty)
    #expect(result.text.hasPrefix("x,y_hat\n"))
    #expect(numbers(result.text, "x") == keys)
    #expect(numbers(result.text, "y_hat") == (try estimator(0.4).predict(keys)))
  }

  @Test func `queries come from a grid, a file or the other rows`() throws {
    let base = ["predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.4"]
    let grid = try tool.run(base + ["--grid", "3"])
    #expect(numbers(grid.text, "x") == [0, 2.375, 4.75])
    #expect(numbers(grid.text, "y_hat") == (try estimator(0.4).predict(numbers(grid.text, "x"))))
    try tool.write("other;x\r\n7;0.25\r\n8;100\r\n", to: "queries.csv")
    let at = try tool.run(base + ["--at", "queries.csv"])
    #expect(numbers(at.text, "y_hat") == (try estimator(0.4).predict([0.25, 100])))
    let left = try tool.run(base + ["--leave-one-out"])
    #expect(numbers(left.text, "y_hat") == (try estimator(0.4).predict(at: .leaveOneOut).values))
  }

  @Test func `the default bandwidth has the least leave-one-out error`() throws {
    let result = try tool.run("predict", "data.csv", "-x", "x", "-y", "y", "--verbose")
    let selected = try Bandwidths.select(.leaveOneOut, for: Sample(keys, values))
    #expect(
      numbers(result.text, "y_hat") == (try estimator(selected.bandwidths[0]).predict(keys)))
    #expect(result.error.contains("bandwidth: \(selected.bandwidths[0]), least leave-one-out"))
    #expect(result.error.contains("engine: direct, because"))
  }

  @Test func `standard input is a table too`() throws {
    let text = try tool.read("data.csv")
    let piped = try tool.run(
      "predict", "-", "-x", "x", "-y", "y", "--bandwidth", "1", input: text)
    let named = try tool.run("predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1")
    #expect(piped.output == named.output)
    let fault = try tool.run("predict", "-", "-x", "x", "-y", "y", input: "x,y\n1,z\n")
    #expect(fault.error == "error: <stdin>:2: column \"y\": \"z\" is not a number\n")
  }

  @Test func `empty windows are counted on standard error`() throws {
    let base =
      ["predict", "data.csv", "-x", "x", "-y", "y", "--kernel", "boxcar"]
      + ["--bandwidth", "0.25", "--leave-one-out"]
    let result = try tool.run(base)
    #expect(result.status == 0)
    // Only 3.125 and 3.25 have each other.
    #expect(
      columns(result.text)["y_hat"] == ["nan", "nan", "nan", "nan", "nan", "4.5", "4.0", "nan"])
    #expect(result.error.hasPrefix("warning: no key supports 6 of 8 queries; nan is written there"))
    let nearest = try tool.run(base + ["--empty", "nearest"])
    // 0.625 and 1.25 have two nearest keys each, which share.
    #expect(numbers(nearest.text, "y_hat") == [3.5, 1.625, 1.25, 0.5, -1, 4.5, 4, 4.5])
    #expect(nearest.error.contains("the nearest key is used there"))
  }

  @Test func `rows with missing values are dropped on request and counted`() throws {
    try tool.write("x,y\n1,2\n2,NA\n3,4\n,5\n", to: "holes.csv")
    let result = try tool.run(
      "predict", "holes.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--missing", "drop")
    #expect(numbers(result.text, "x") == [1, 3])
    #expect(
      result.error
        == "warning: holes.csv: 2 rows with missing values left out; row numbers do not count them\n"
    )
  }

  @Test func `diagnostics, weights, several inputs and values`() throws {
    try tool.write("a,b,u,v,w\n0,0,1,5,1\n1,0,2,6,2\n0,1,4,7,1\n3,3,8,9,0\n", to: "table.csv")
    let result = try tool.run(
      "predict", "table.csv", "-x", "a,b", "-y", "u,v", "--weights", "w", "--bandwidth", "1,2",
      "--kernel", "triangular", "--radial", "--diagnostics")
    #expect(result.text.hasPrefix("a,b,u_hat,v_hat,effective_n,nearest\n"))
    // At (0, 0): weights 1·1, 2·0 at distance 1, 1·(1 − 1/2) at distance 1/2.
    #expect(numbers(result.text, "u_hat")[0] == (1 + 0.5 * 4) / 1.5)
    #expect(numbers(result.text, "v_hat")[0] == (5 + 0.5 * 7) / 1.5)
    #expect(numbers(result.text, "effective_n")[0] == 1.5 / 1.25 * 1.5)
    // The row of weight 0 is no key: from (3, 3) the nearest is (1, 0).
    #expect(abs(numbers(result.text, "nearest")[3] - 2.5) < Rounding.few)
    #expect(columns(result.text)["u_hat"]?[3] == "nan")
  }

  @Test func `JSON and NPY hold the same numbers`() throws {
    let base = ["predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.4", "--format"]
    let expected = try estimator(0.4).predict(keys)
    let json = try tool.run(base + ["json"])
    let records = try JSONDecoder().decode([[String: Double]].self, from: json.output)
    #expect(records.map { $0["y_hat"] } == expected)
    // The name says it as well as the option does.
    let npy = try tool.run(base.dropLast() + ["--output", "out.npy"])
    #expect(npy.output.isEmpty)
    let bytes = try Data(contentsOf: tool.folder.appendingPathComponent("out.npy"))
    #expect(bytes.starts(with: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]))
    #expect(String(decoding: bytes.prefix(128), as: UTF8.self).contains("(8, 2)"))
    let numbers = bytes.suffix(128).withUnsafeBytes { raw in
      (0..<16).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    #expect(numbers == zip(keys, expected).flatMap { [$0, $1] })
  }

  @Test func `timings are one JSON line`() throws {
    struct Line: Decodable {
      let read, plan, compute, write: Double
      let engine, instructions: String
      let threads: Int
    }
    let result = try tool.run(
      "predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.4", "--timings", "--threads",
      "1",
      "--instructions", "baseline")
    let line = try JSONDecoder().decode(Line.self, from: Data(result.error.utf8))
    #expect(line.engine == "direct")
    #expect(line.instructions == "baseline")
    #expect(line.threads == 1)
    #expect([line.read, line.plan, line.compute, line.write].allSatisfy { $0 >= 0 && $0 < 60 })
  }

  @Test func `a Parquet table comes through duckdb`() throws {
    // A stand-in that answers as duckdb does, once the statement is the right one.
    try tool.write(
      """
      #!/bin/sh
      [ "$1" = -csv ] && [ "$3" = "SELECT * FROM read_parquet('it''s.parquet')" ] && cat data.csv && exit
      echo "Invalid Input Error: no magic bytes" >&2
      exit 1
      """, to: "duckdb")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: tool.folder.path + "/duckdb")
    let path = ["PATH": "\(tool.folder.path):/usr/bin:/bin"]
    for name in ["it's.parquet", "bad.parquet"] { try tool.write("PAR1", to: name) }
    let options = ["-x", "x", "-y", "y", "--bandwidth", "0.4"]
    let good = try tool.run(["predict", "it's.parquet"] + options, environment: path)
    #expect(good.output == (try tool.run(["predict", "data.csv"] + options)).output)
    let bad = try tool.run(["predict", "bad.parquet"] + options, environment: path)
    #expect(bad.status == 65)
    #expect(
      bad.error
        == "error: bad.parquet: duckdb cannot read it: Invalid Input Error: no magic bytes\n")
    let missing = try tool.run(["predict", "no.parquet"] + options, environment: path)
    #expect(missing.status == 66)
  }
}
