/// A polyline that looks the same with far fewer points.
///
/// Of consecutive points in the same half pixel of x only the first, the lowest, the highest and
/// the last are kept, in their order: what is drawn covers the same pixels. Short lines are left
/// alone.
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
