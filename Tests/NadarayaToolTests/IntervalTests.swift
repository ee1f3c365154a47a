import Nadaraya
import Testing

@Suite struct IntervalTests {
  let tool: Tool
  let keys = (0..<30).map { Double($0) / 8 }
  let values: [Double]

  let base = ["predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.6"]

  init() throws {
    tool = try Tool()
    values = keys.enumerated().map { $1 * $1 + [0.25, -0.5, 0.125][$0 % 3] }
    let rows = zip(keys, values).map { "\($0),\($1)" }
    try tool.write("x,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  func estimator(_ degree: Int) throws -> KernelSmoother {
    try KernelSmoother(Sample(keys, values), Similarity(bandwidths: [0.6]), degree: degree)
  }

  @Test func `degree and gradient are the library's`() throws {
    let result = try tool.run(base + ["--degree", "2", "--gradient", "--grid", "5"])
    #expect(result.text.hasPrefix("x,y_hat,y_d_x\n"))
    let queries = Points(numbers(result.text, "x"))
    let fits = try estimator(2).predict(at: .points(queries), gradients: true)
    #expect(numbers(result.text, "y_hat") == fits.values)
    #expect(numbers(result.text, "y_d_x") == fits.gradients?[0][0])
  }

  @Test func `intervals of every kind are the library's`() throws {
    let options = base + ["--degree", "1", "--grid", "9", "--level", "0.9"]
    let estimator = try estimator(1)
    let interval = try tool.run(options)
    #expect(interval.text.hasPrefix("x,y_hat,y_centre,y_se,y_lower,y_upper\n"))
    let queries = Points(numbers(interval.text, "x"))
    let expected = try estimator.confidenceIntervals(at: .points(queries), level: 0.9)
    #expect(numbers(interval.text, "y_centre") == expected.estimates[0])
    #expect(numbers(interval.text, "y_se") == expected.standardErrors?[0])
    #expect(numbers(interval.text, "y_lower") == expected.lower[0])
    let band = try tool.run(options + ["--band"])
    #expect(
      numbers(band.text, "y_upper")
        == (try estimator.confidenceBand(at: .points(queries), level: 0.9).upper[0]))
    let prediction = try tool.run(options + ["--prediction"])
    #expect(prediction.text.hasPrefix("x,y_hat,y_centre,y_lower,y_upper\n"))
    #expect(
      numbers(prediction.text, "y_lower")
        == (try estimator.predictionIntervals(at: .points(queries), level: 0.9).lower[0]))
    let bootstrap = try tool.run(options + ["--gradient", "--bootstrap", "40"])
    #expect(
      bootstrap.text.hasPrefix(
        "x,y_hat,y_d_x,y_d_x_centre,y_d_x_se,y_d_x_lower,y_d_x_upper,y_centre,y_se,y_lower,y_upper\n"
      ))
    let drawn = try estimator.bootstrapIntervals(
      at: .points(queries), level: 0.9, replicates: 40, gradients: true)
    #expect(numbers(bootstrap.text, "y_d_x_upper") == drawn.gradients?[0].upper[0])
  }

  /// One key is in reach of each query and lies beside it, so that it says nothing of a line there.
  @Test func `a lowered degree is told and counted`() throws {
    try tool.write("x\n" + keys.map { "\($0 + 0.03125)\n" }.joined(), to: "beside.csv")
    let result = try tool.run(
      "predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.05", "--kernel", "boxcar",
      "--degree", "1", "--at", "beside.csv")
    #expect(result.status == 0)
    #expect(
      result.error.contains(
        "the keys in reach of 30 of 30 queries do not determine a polynomial of degree 1"))
    #expect(result.error.contains("hint: a larger --bandwidth reaches farther"))
  }

  /// Keys at c = 5 say what is at c = 5, and nothing of c = 6.
  @Test func `where all keys leave a value open no bandwidth is said to help`() throws {
    try tool.write(
      "a,c,y\n" + (0...10).map { "\($0),5,\(3 * $0 + 1)\n" }.joined(), to: "flat.csv")
    func predict(_ queries: String) throws -> Tool.Result {
      try tool.write(queries, to: "at.csv")
      return try tool.run(
        "predict", "flat.csv", "-x", "a,c", "-y", "y", "--degree", "1", "--bandwidth", "2",
        "--at", "at.csv")
    }
    let on = try predict("a,c\n2.5,5\n12,5\n")
    // 12 lies beyond the keys, on their line. Values up to 37, right to 1e-12 and better.
    #expect(on.error.contains("the polynomial extrapolates at 1 of 2 queries"))
    #expect(!on.error.contains("determine a polynomial"))
    #expect(zip(numbers(on.text, "y_hat"), [8.5, 37]).allSatisfy { abs($0 - $1) < 1e-11 })
    let off = try predict("a,c\n2.5,5\n2.5,6\n")
    #expect(off.error.contains("1 of 2 queries do not determine a polynomial of degree 1"))
    #expect(
      off.error.contains(
        "no bandwidth helps, because all keys together determine no higher degree there"))
    #expect(!off.error.contains("reaches farther"))
  }

  @Test(arguments: [
    (["--level", "1"], "--level 1.0 is not a probability between 0 and 1"),
    (["--band", "--prediction"], "--band is for the curve and --prediction for new values"),
    (["--level", "0.9", "--leave-one-out"], "intervals cannot be combined with --leave-one-out"),
    (["--gradient"], "--gradient needs --degree 1 to 3"),
    (["--degree", "4"], "--degree 4 is not 0, 1, 2 or 3"),
    (["--bootstrap", "3"], "--bootstrap 3 is not between 20 and 1000000 replicates"),
    (
      ["--bootstrap", "30", "--band"], "--bootstrap cannot be combined with --band or --prediction"
    ),
  ])
  func `what contradicts itself is a fault of usage`(arguments: [String], message: String) throws {
    let result = try tool.run(base + arguments)
    #expect(result.status == 64)
    #expect(result.error.contains(message), "\(result.error)")
  }
}
