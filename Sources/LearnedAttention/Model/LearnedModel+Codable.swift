internal import KernelRegression
internal import SimilarityKernels

/// A model as JSON or any other format of a coder.
///
/// ```swift
/// let model = try JSONDecoder().decode(LearnedModel.self, from: Data(contentsOf: url))
/// ```
///
/// ```
/// {"format": "nadaraya model", "version": 2, "checksum": "f3a1…",
///  "similarity": {"form": "metric", "rank": 1, "centers": […], "scales": […], "levelCounts": [],
///                 "metric": [[…]]},
///  "inputNames": ["speed", "weight"], "valueNames": ["dist"], "levels": [],
///  "keys": [[…], […]], "values": [[…]], "observationWeights": […]}
/// ```
///
/// Keys and values are columns. Every number reads back to the same bits. Reading rejects another format,
/// another version, parts that do not agree, and content that does not match the checksum, with a
/// ``ModelError``. It ignores unknown fields.
extension LearnedModel: Codable {
  /// The version that is written, and the only version that is read.
  package static var version: Int { 2 }

  private static var format: String { "nadaraya model" }

  private enum CodingKeys: String, CodingKey {
    case format
    case version
    case checksum
    case similarity
    case inputNames
    case valueNames
    case levels
    case keys
    case values
    case observationWeights
  }

  /// Writes the model.
  ///
  /// - Complexity: O(n·d).
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.format, forKey: .format)
    try container.encode(Self.version, forKey: .version)
    try container.encode(checksum, forKey: .checksum)
    try container.encode(similarity, forKey: .similarity)
    try container.encodeIfPresent(inputNames, forKey: .inputNames)
    try container.encodeIfPresent(valueNames, forKey: .valueNames)
    try container.encode(levels, forKey: .levels)
    try container.encode((0..<keys.dimension).map(keys.column), forKey: .keys)
    try container.encode(values, forKey: .values)
    try container.encodeIfPresent(observationWeights, forKey: .observationWeights)
  }

  /// Reads a model.
  ///
  /// - Throws: ``ModelError`` if it is not a model, has another version, its parts do not agree, or it
  ///   was changed after it was written; a `DecodingError` if something is missing or has another type.
  /// - Complexity: O(n·(d + r·D)).
  public init(from decoder: any Decoder) throws {
    try self.init(unverifiedFrom: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let written = try container.decode(String.self, forKey: .checksum)
    let found = checksum
    guard written == found else {
      throw ModelError(
        .damaged,
        "the model was changed after it was written: its content has the checksum \(found), not "
          + "\"\(written.prefix(16))\"")
    }
  }

  /// Reads a model whose content may not match its checksum.
  init(unverifiedFrom decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard try container.decodeIfPresent(String.self, forKey: .format) == Self.format else {
      throw ModelError(.notAModel, "this is not a model: its \"format\" is not \"\(Self.format)\"")
    }
    let version = try container.decode(Int.self, forKey: .version)
    guard version == Self.version else {
      throw ModelError(
        .unknownVersion,
        "the model has version \(version), but only version \(Self.version) is supported")
    }
    let keys = try container.decode([[Double]].self, forKey: .keys)
    guard let count = keys.first?.count, keys.allSatisfy({ $0.count == count }) else {
      throw ModelError(
        .inconsistent,
        keys.isEmpty ? "the model has no keys" : "the columns of \"keys\" differ in length")
    }
    do {
      try self.init(
        try container.decode(LearnedSimilarity.self, forKey: .similarity),
        Sample(
          keys: Points(columns: keys),
          values: try container.decode([[Double]].self, forKey: .values),
          weights: try container.decodeIfPresent([Double].self, forKey: .observationWeights)))
    } catch let error as KernelRegressionError {
      throw ModelError(.inconsistent, error.description)
    }
    inputNames = try container.decodeIfPresent([String].self, forKey: .inputNames)
    valueNames = try container.decodeIfPresent([String].self, forKey: .valueNames)
    levels = try container.decodeIfPresent([[String]].self, forKey: .levels) ?? []
    try checkNames()
  }

  /// Rejects names of things that the model does not have.
  private func checkNames() throws(ModelError) {
    try Self.check(inputNames, "inputNames", count: keys.dimension)
    try Self.check(valueNames, "valueNames", count: values.count)
    guard levels.isEmpty || levels.map(\.count) == similarity.levelCounts else {
      throw ModelError(
        .inconsistent,
        "\"levels\" does not have the level counts of the factors, \(similarity.levelCounts)")
    }
    for names in levels where Set(names).count < names.count {
      throw ModelError(.inconsistent, "\"levels\" contains a name twice")
    }
  }

  private static func check(
    _ names: [String]?, _ place: String, count: Int
  ) throws(ModelError) {
    guard let names else { return }
    guard names.count == count else {
      throw ModelError(
        .inconsistent, "the number of names in \"\(place)\" is \(names.count), not \(count)")
    }
    guard Set(names).count == count else {
      throw ModelError(.inconsistent, "\"\(place)\" contains a name twice")
    }
  }
}
