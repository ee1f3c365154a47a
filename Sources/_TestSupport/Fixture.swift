internal import Foundation

/// Reads a fixture that stands in the folder `Fixtures` beside the calling file.
package func fixture<Content: Decodable>(
  _ name: String, as type: Content.Type = Content.self, beside file: String = #filePath
) throws -> Content {
  let url = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(name)
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}
