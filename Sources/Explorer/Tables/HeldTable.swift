#if Explorer

import ExplorerViews

/// A table and its id in paths.
struct HeldTable: Sendable, Encodable {
  let id: String
  let summary: TableSummary
  let exploration: Exploration
  /// The size of its file in bytes.
  let byteCount: Int

  private enum Key: CodingKey { case id }

  func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
  }
}

#endif
