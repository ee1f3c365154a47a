import Foundation
import KernelRegression
import LearnedAttention
import SimilarityKernels
import Testing

@Suite struct ModelCodingTests {
  /// Numbers whose shortest decimals are long, the smallest and the largest among them.
  private static let keys = Points(columns: [
    [0.1, 1 / 3, -2.5e-308, 1e300, 7], [-1, 1e-5, 3.3, 0.1 + 0.2, 5], [0, 1, 2, 1, 0],
  ])
  private static let values = [[1.5, -0.0, .pi, 2, 8], [1, 2, 3, 4, 5]]

  private static func model(_ form: LearnedSimilarity.Form) throws -> LearnedModel {
    let matrix = (0..<2).map { row in (0..<5).map { 0.1 * Double(row * 5 + $0 + 1) } }
    let numbers: LearnedSimilarity.Numbers =
      switch form {
      case .bandwidth: .bandwidth(inverse: 0.3)
      case .bandwidths: .bandwidths(inverse: [0.3, 0, 2])
      case .metric: .metric(matrix)
      case .projections:
        .projections(.init(queries: matrix, queryBias: [0.1, -0.2], keys: matrix.reversed()))
      }
    let similarity = try LearnedSimilarity(
      numbers, centers: [0.5, -1, 0.2, 0.3, 0.5], scales: [1e299, 2, 0.7, 0.7, 0.7],
      levelCounts: [3])
    var model = try LearnedModel(
      similarity, Sample(keys: keys, values: values, weights: [1, 2, 0, 0.1, 1]))
    model.inputNames = ["a", "b \"quoted\"", "trade"]
    model.valueNames = ["y", "ü"]
    model.levels = [["smith", "cook", "clerk"]]
    return model
  }

  @Test(arguments: [
    LearnedSimilarity.Form.bandwidth, .bandwidths, .metric(rank: 2), .projections(rank: 2),
  ])
  func `a model that was written and read is the same to the bit`(
    form: LearnedSimilarity.Form
  ) throws {
    let model = try Self.model(form)
    let read = try JSONDecoder().decode(LearnedModel.self, from: JSONEncoder().encode(model))
    #expect(read.similarity == model.similarity)
    #expect(read.keys.coordinates.map(\.bitPattern) == model.keys.coordinates.map(\.bitPattern))
    #expect(read.values.map { $0.map(\.bitPattern) } == model.values.map { $0.map(\.bitPattern) })
    #expect(read.observationWeights == model.observationWeights)
    #expect(read.inputNames == model.inputNames)
    #expect(read.valueNames == model.valueNames)
    #expect(read.levels == model.levels)
    let queries = Points(columns: [[0.2, 1], [0, 4], [2, 0]])
    #expect(
      try read.predict(at: .points(queries)).estimates
        == (try model.predict(at: .points(queries)).estimates))
  }

  /// A change of one place of a good model, and words of the sentence that refuses it.
  struct Fault: Sendable {
    let find: String
    let replacement: String
    let words: String

    static let all = [
      Fault(find: #""nadaraya model""#, replacement: #""other""#, words: "not a model"),
      Fault(find: #""version":2"#, replacement: #""version":1"#, words: "version 1"),
      Fault(find: #""version":2"#, replacement: #""version":3"#, words: "version 3"),
      Fault(find: #""version":2"#, replacement: #""version":-1"#, words: "version -1"),
      Fault(find: #""checksum":""#, replacement: #""checksum":"0"#, words: "was changed after"),
      Fault(find: "[1,2,3,4,5]", replacement: "[1,2,3,4,6]", words: "was changed after"),
      Fault(find: "[1,2,3,4,5]", replacement: "[1,2,3,5,4]", words: "was changed after"),
      Fault(find: "smith", replacement: "smyth", words: "was changed after"),
      Fault(find: #"["y","ü"]"#, replacement: "null", words: "was changed after"),
      Fault(find: #""valueNames""#, replacement: #""valuenames""#, words: "was changed after"),
      Fault(
        find: #""observationWeights""#, replacement: #""weights""#, words: "was changed after"),
      Fault(find: #""metric","#, replacement: #""spline","#, words: "\"spline\" is not a form"),
      Fault(
        find: #""rank":2"#, replacement: #""rank":3"#, words: "rows in the metric must be 3, not 2"),
      Fault(find: #""rank":2"#, replacement: #""rank":0"#, words: "the rank 0"),
      Fault(
        find: #""rank":2"#, replacement: #""rank":9223372036854775807"#,
        words: "the rank 9223372036854775807"),
      Fault(find: #""levelCounts":[3]"#, replacement: #""levelCounts":[6]"#, words: "levelCounts"),
      Fault(find: #""levelCounts":[3]"#, replacement: #""levelCounts":[0]"#, words: "levelCounts"),
      Fault(
        find: #""levelCounts":[3]"#, replacement: #""levelCounts":[5,5]"#, words: "centers"),
      Fault(find: "[0,1,2,1,0]", replacement: "[0,1,2,1]", words: "differ in length"),
      Fault(find: "[0,1,2,1,0]", replacement: "[0,1,2,1,3]", words: "not a level from 0 to 2"),
      Fault(find: "[1,2,3,4,5]", replacement: "[1,2,3,4]", words: "4"),
      Fault(find: "[1,2,0,0.1,1]", replacement: "[1,2,0,-0.1,1]", words: "-0.1"),
      Fault(find: #"["y","ü"]"#, replacement: #"["y"]"#, words: "is 1, not 2"),
      Fault(find: #"["y","ü"]"#, replacement: #"["y","y"]"#, words: "a name twice"),
      Fault(
        find: #"["smith","cook","clerk"]"#, replacement: #"["smith","cook"]"#, words: "\"levels\""),
      Fault(
        find: #"["smith","cook","clerk"]"#, replacement: #"["smith","cook","cook"]"#,
        words: "a name twice"),
    ]
  }

  @Test(arguments: Fault.all)
  func `a model whose parts do not agree is refused with a sentence`(fault: Fault) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let good = String(
      decoding: try encoder.encode(try Self.model(.metric(rank: 2))), as: UTF8.self)
    let bad = good.replacingOccurrences(of: fault.find, with: fault.replacement)
    #expect(bad != good, "\(fault.find) is not in \(good)")
    let error = #expect(throws: ModelError.self) {
      try JSONDecoder().decode(LearnedModel.self, from: Data(bad.utf8))
    }
    #expect(error?.description.contains(fault.words) == true, "\(error?.description ?? "")")
  }

  /// Every digit of the numbers counts: what is read is the model that was written, or nothing.
  @Test(arguments: [
    LearnedSimilarity.Form.bandwidth, .bandwidths, .metric(rank: 2), .projections(rank: 2),
  ])
  func `a model with any byte changed is the same or is refused`(
    form: LearnedSimilarity.Form
  ) throws {
    let model = try Self.model(form)
    let good = [UInt8](try JSONEncoder().encode(model))
    var refused = 0
    for place in good.indices {
      // A digit becomes its neighbour; anything becomes a digit, a blank, or a byte of no text.
      for byte in [good[place] ^ 1, place % 3 == 0 ? 0xff : UInt8(ascii: "7")]
      where byte != good[place] {
        var bad = good
        bad[place] = byte
        do {
          let read = try JSONDecoder().decode(LearnedModel.self, from: Data(bad))
          #expect(try Self.isSame(read, model), "byte \(place) as \(byte)")
        } catch let error as ModelError {
          #expect(!error.description.isEmpty)
          refused += 1
        } catch {
          #expect(error is DecodingError)
          refused += 1
        }
      }
      var shorter = good
      shorter.remove(at: place)
      if let read = try? JSONDecoder().decode(LearnedModel.self, from: Data(shorter)) {
        #expect(try Self.isSame(read, model), "without byte \(place)")
      }
    }
    #expect(refused > good.count)
  }

  private static func isSame(_ read: LearnedModel, _ model: LearnedModel) throws -> Bool {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(read) == encoder.encode(model)
  }

  @Test func `other spaces and digits of the same numbers are the same model`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let model = try Self.model(.bandwidths)
    let text = String(decoding: try encoder.encode(model), as: UTF8.self)
    let longer = text.replacingOccurrences(
      of: "0.1,", with: "0.1000000000000000055511151231257827,")
    #expect(longer != text)
    let read = try JSONDecoder().decode(LearnedModel.self, from: Data(longer.utf8))
    #expect(try Self.isSame(read, model))
  }

  @Test func `a model cut short anywhere is refused`() throws {
    let whole = try JSONEncoder().encode(try Self.model(.bandwidths))
    for length in stride(from: 0, to: whole.count, by: 7) {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(LearnedModel.self, from: whole.prefix(length))
      }
    }
  }

  @Test func `factors of inputs so large that scores would leave the range of doubles are refused`()
    throws
  {
    func products(bias: Double, key: Double = 1, temperature: Double = 1) throws -> LearnedModel {
      try LearnedModel(
        try LearnedSimilarity(
          .projections(
            .init(queries: [[1]], queryBias: [bias], keys: [[key]], temperature: temperature)),
          centers: [0], scales: [1]),
        Sample(keys: Points(columns: [[-1, 0, 1]]), values: [[1, 2, 4]]))
    }
    #expect(throws: KernelRegressionError.self) { try products(bias: 1e308) }
    #expect(throws: KernelRegressionError.self) { try products(bias: 0, key: -1e308) }
    #expect(throws: KernelRegressionError.self) {
      try LearnedSimilarity(
        .bandwidths(inverse: [1e200]), centers: [0], scales: [1])
    }
    // Large ones leave the key of the largest score alone, cold ones too.
    for model in [
      try products(bias: 0x1p500), try products(bias: 1, key: 0x1p500),
      try products(bias: 1, temperature: .leastNonzeroMagnitude),
    ] {
      #expect(try model.predict(at: .points(Points(columns: [[0.5]]))).values == [4])
      #expect(try model.weights(at: .points(Points(columns: [[0.5]]))).weights == [1, 0, 0])
    }
  }
}
