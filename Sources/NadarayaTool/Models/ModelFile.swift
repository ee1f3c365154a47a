import FoundationEssentials
import Nadaraya
import Tables

/// Models as files.
enum ModelFile {
  /// Reads a model.
  ///
  /// - Parameter path: the file, or `-` for standard input.
  static func read(_ path: String) throws -> LearnedModel {
    let source = TableSource(argument: path)
    let bytes = try source.bytes()
    do {
      return try JSONDecoder().decode(LearnedModel.self, from: Data(bytes))
    } catch {
      let sentence = (error as? DecodingError)?.sentence ?? "\(error)"
      throw Failure(.badData, "\(source.name): \(sentence)", hint: "nadaraya learn writes models")
    }
  }

  /// Writes a model whole or not at all.
  ///
  /// - Parameter path: the file; standard output where it is nil or `-`.
  static func write(_ model: LearnedModel, to path: String?) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let bytes = [UInt8](try encoder.encode(model))
    try AtomicFile.write(bytes + [UInt8(ascii: "\n")], to: path)
  }
}

extension DecodingError {
  /// What is wrong, and where, in one sentence.
  var sentence: String {
    switch self {
    case .keyNotFound(let key, let context):
      "\(context.place)lacks \"\(key.stringValue)\", which a model needs"
    case .valueNotFound(_, let context):
      "\(context.place)is null, but a model needs a value there"
    case .typeMismatch(let type, let context):
      "\(context.place)is not \(Self.word(for: type)), which a model needs there"
    // The reader of JSON says this and nothing of the place.
    case .dataCorrupted: "the file is truncated or is not JSON"
    @unknown default: "the file is not a model"
    }
  }

  private static func word(for type: Any.Type) -> String {
    switch type {
    case is Double.Type, is Int.Type: "a number"
    case is String.Type: "a string"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}

extension DecodingError.Context {
  /// The place in the file, such as `keys[3]`, as a sentence begins.
  fileprivate var place: String {
    let path = codingPath.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return path.isEmpty ? "the file " : "\"\(path)\" "
  }
}
