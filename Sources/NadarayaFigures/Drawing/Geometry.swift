/// A place in the picture: pixels from the left and from the top.
struct Point: Hashable, Sendable {
  var x: Double
  var y: Double
}

/// An upright rectangle in the picture, in pixels.
struct Rectangle: Hashable, Sendable {
  var minX: Double
  var minY: Double
  var width: Double
  var height: Double

  var maxX: Double { minX + width }
  var maxY: Double { minY + height }
  var midX: Double { minX + width / 2 }
  var midY: Double { minY + height / 2 }

  /// The rectangle with every side moved inwards, or outwards for a negative distance.
  func insetBy(_ distance: Double) -> Rectangle {
    Rectangle(
      minX: minX + distance, minY: minY + distance, width: width - 2 * distance,
      height: height - 2 * distance)
  }

  /// Whether a point lies inside or on the border.
  func contains(_ point: Point) -> Bool {
    point.x >= minX && point.x <= maxX && point.y >= minY && point.y <= maxY
  }

  /// The point of the rectangle nearest to another.
  func nearest(to point: Point) -> Point {
    Point(x: min(max(point.x, minX), maxX), y: min(max(point.y, minY), maxY))
  }

  /// Whether two rectangles share more than a border.
  func overlaps(_ other: Rectangle) -> Bool {
    minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
  }
}

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
