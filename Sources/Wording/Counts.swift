/// A number with its noun, in the plural where it takes one: 1 row, 2 rows, 3 queries.
package func counted(_ count: Int, _ noun: String) -> String {
  guard count != 1 else { return "1 \(noun)" }
  let isConsonantY = noun.hasSuffix("y") && !noun.hasSuffix("ey")
  return isConsonantY ? "\(count) \(noun.dropLast())ies" : "\(count) \(noun)s"
}
