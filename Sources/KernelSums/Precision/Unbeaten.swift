/// The candidate that no other beats, with each candidate's ratio to it.
///
/// Comparisons are exact only near a tie: against a reference that all others beat by 10⁴⁰, the
/// differences among the others are lost even in double-double. So each round's winner is the reference
/// of the next round, until none beats it.
///
/// - Parameters:
///   - candidates: at least one.
///   - start: one of them; a good guess saves a round.
///   - ratio: how much the first beats the second by.
/// - Returns: the winner, and for each candidate its ratio to it, none above 0.
/// - Complexity: O(candidates) for each round; there are seldom more than three.
func unbeaten(
  among candidates: [Int], startingAt start: Int, ratio: (Int, Int) -> DoubleDouble
) -> (key: Int, ratios: [Double]) {
  var reference = start
  // Rounding could make two candidates beat each other in turn forever.
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
