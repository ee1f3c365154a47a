/// The candidate that no other beats, with what each of the others has on it.
///
/// Comparisons are exact only near a tie: beside a reference that all others beat by 10⁴⁰, their
/// differences among themselves are lost even in double-double. So the winner of a round is the
/// reference of the next, until none beats it.
///
/// - Parameters:
///   - candidates: at least one.
///   - start: one of them; a good guess saves a round.
///   - ratio: by how much the first beats the second.
/// - Returns: the winner, and for each candidate its ratio to it, none above 0.
/// - Complexity: O(candidates) for each round, of which there are seldom more than three.
func unbeaten(
  among candidates: [Int], startingAt start: Int, ratio: (Int, Int) -> DoubleDouble
) -> (key: Int, ratios: [Double]) {
  var reference = start
  // Rounding could make two candidates beat each other in turn for ever.
  for _ in 0..<16 {
    let ratios = candidates.map { ratio($0, reference) }
    var best = (key: reference, ratio: DoubleDouble.zero)
    for (key, ratio) in zip(candidates, ratios) where (ratio - best.ratio).value > 0 {
      best = (key, ratio)
    }
    if best.key == reference { return (reference, ratios.map(\.value)) }
    reference = best.key
  }
  return (reference, candidates.map { min(ratio($0, reference).value, 0) })
}
