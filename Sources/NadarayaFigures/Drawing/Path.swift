/// Straight lines through points, open or closed.
struct Path: Hashable, Sendable {
  /// One connected piece.
  struct Piece: Hashable, Sendable {
    var points: [Point]
    var isClosed: Bool
  }

  private(set) var pieces: [Piece] = []

  var isEmpty: Bool { pieces.isEmpty }

  /// Adds an open line; a single point becomes a dot as wide as the stroke.
  mutating func addPolyline(_ points: [Point]) {
    guard !points.isEmpty else { return }
    pieces.append(Piece(points: points, isClosed: false))
  }

  /// Adds a closed outline.
  mutating func addPolygon(_ points: [Point]) {
    guard points.count > 1 else { return }
    pieces.append(Piece(points: points, isClosed: true))
  }
}
