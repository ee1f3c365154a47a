/// The number of single-character insertions, deletions, substitutions and swaps of neighbours
/// that turn one word into the other.
///
/// The restricted Damerau–Levenshtein distance, by dynamic programming over prefixes.
///
/// - Complexity: O(ab) time and O(b) memory for words of a and b characters.
func editDistance(_ first: String, _ second: String) -> Int {
  let first = Array(first)
  let second = Array(second)
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for i in first.indices {
    var current = [i + 1]
    for j in second.indices {
      var distance = min(previous[j + 1] + 1, current[j] + 1)
      distance = min(distance, previous[j] + (first[i] == second[j] ? 0 : 1))
      if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
        distance = min(distance, beforePrevious[j - 1] + 1)
      }
      current.append(distance)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[second.count]
}

/// The candidate that was most likely meant by a misspelt word, if any is near.
///
/// Near means equal but for the case of letters, or within one edit for every three characters
/// (at least one edit, and never the whole word).
///
/// - Complexity: O(ab) for each candidate of like length.
package func nearestName(to word: String, among candidates: [String]) -> String? {
  let length = word.count
  guard (1...64).contains(length) else { return nil }
  if let sameLetters = candidates.first(where: { $0.lowercased() == word.lowercased() }) {
    return sameLetters
  }
  let reach = min(max(1, length / 3), length - 1)
  var best: (distance: Int, name: String)?
  for name in candidates where abs(name.count - length) <= reach {
    let distance = editDistance(word, name)
    if distance <= reach, distance < best?.distance ?? .max { best = (distance, name) }
  }
  return best?.name
}
