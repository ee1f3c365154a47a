/// The pieces of a polyline inside a rectangle.
///
/// Renderers clip too, but a point far outside would need coordinates that some of them cannot
/// represent, and a zoomed line would include all of its hidden points.
///
/// - Parameters:
///   - points: In pixels, finite. A single point is kept if it is inside.
///   - window: The part to keep.
/// - Complexity: O(n).
///
/// ## Source
/// Y.-D. Liang and B. A. Barsky, *A new concept and method for line clipping*, 1984.
/// https://doi.org/10.1145/357332.357333
func polyline(_ points: [Point], clippedTo window: Rectangle) -> [[Point]] {
  guard points.count > 1 else { return points.filter(window.contains).map { [$0] } }
  var pieces: [[Point]] = []
  var piece: [Point] = []
  for (from, to) in zip(points, points.dropFirst()) {
    guard let (start, end) = segment(from: from, to: to, clippedTo: window) else {
      if !piece.isEmpty { pieces.append(piece) }
      piece = []
      continue
    }
    if piece.last != start {
      if !piece.isEmpty { pieces.append(piece) }
      piece = [start]
    }
    piece.append(end)
  }
  if !piece.isEmpty { pieces.append(piece) }
  return pieces
}

/// The part of a segment inside a rectangle; nil if there is none.
private func segment(
  from: Point, to: Point, clippedTo window: Rectangle
) -> (Point, Point)? {
  if window.contains(from), window.contains(to) { return (from, to) }
  let dx = to.x - from.x
  let dy = to.y - from.y
  var entry = 0.0
  var exit = 1.0
  for (direction, distance) in [
    (-dx, from.x - window.minX), (dx, window.maxX - from.x),
    (-dy, from.y - window.minY), (dy, window.maxY - from.y),
  ] {
    if direction == 0 {
      if distance < 0 { return nil }
    } else if direction < 0 {
      entry = max(entry, distance / direction)
    } else {
      exit = min(exit, distance / direction)
    }
  }
  guard entry <= exit else { return nil }
  func at(_ fraction: Double) -> Point {
    Point(x: from.x + fraction * dx, y: from.y + fraction * dy)
  }
  return (entry == 0 ? from : at(entry), exit == 1 ? to : at(exit))
}

/// A polyline that looks the same with far fewer points.
///
/// Of consecutive points in the same half pixel of x only the first, the lowest, the highest and the
/// last are kept, in their order: the result covers the same pixels. Short lines are unchanged.
///
/// - Parameter points: In pixels.
/// - Complexity: O(n).
///
/// ## Source
/// U. Jugel and others, *M4: a visualization-oriented time series data aggregation*, VLDB 2014.
/// https://doi.org/10.14778/2732951.2732953
func condensed(_ points: [Point]) -> [Point] {
  guard points.count > 1000 else { return points }
  var kept: [Point] = []
  var start = 0
  while start < points.count {
    let column = (points[start].x * 2).rounded(.down)
    var end = start
    var lowest = start
    var highest = start
    while end < points.count, (points[end].x * 2).rounded(.down) == column {
      if points[end].y < points[lowest].y { lowest = end }
      if points[end].y > points[highest].y { highest = end }
      end += 1
    }
    var previous = -1
    for index in [start, min(lowest, highest), max(lowest, highest), end - 1]
    where index != previous {
      kept.append(points[index])
      previous = index
    }
    start = end
  }
  return kept
}
