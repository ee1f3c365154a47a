import Nadaraya

/// A line of sums: what a part of a table says about one query, or about itself.
///
/// Five fields separated by tabs: query, rows used, rows left out, state, fault; `\N` stands for none.
struct SumLine {
  let query: Int
  let used: Int
  let skipped: Int
  let state: String?
  let fault: String?

  /// The query number of the line about the part itself, the only one that counts rows.
  static let summary = -1
  /// The query number of a line with a fault.
  static let faulty = -2

  /// The start of a state without a checksum, as Spark's own SQL writes it.
  static let plain = "s "

  private static let none = "\\N"

  var text: String {
    "\(query)\t\(used)\t\(skipped)\t\(state ?? Self.none)\t\(fault ?? Self.none)\n"
  }

  /// A line that says why there are no sums.
  static func fault(_ error: any Error) -> SumLine {
    let failure = Failure(error)
    let sentence = failure.message.map { "\t\n\r\\".contains($0) ? " " : $0 }
    return SumLine(query: faulty, used: 0, skipped: 0, state: nil, fault: String(sentence))
  }

  init(query: Int, used: Int, skipped: Int, state: String?, fault: String?) {
    self.query = query
    self.used = used
    self.skipped = skipped
    self.state = state
    self.fault = fault
  }

  /// - Throws: ``Failure`` where the text is not a line of sums.
  init(_ text: Substring, source: String) throws(Failure) {
    let fields = text.split(separator: "\t" as Character, omittingEmptySubsequences: false)
    func known(_ place: Int) -> String? {
      guard fields.count > place, fields[place] != Self.none, fields[place] != "NULL",
        !fields[place].isEmpty
      else { return nil }
      return String(fields[place])
    }
    guard fields.count >= 4, fields.count <= 5, let query = Int(fields[0]),
      let used = Int(fields[1]), let skipped = Int(fields[2])
    else {
      // Bytes of any kind may stand here, and are not to steer a terminal.
      let shown = text.prefix(80).map { $0.unicodeScalars.allSatisfy { $0.value < 32 } ? "?" : $0 }
      throw Failure(
        .badData, "\(source): \"\(String(shown))\" is not a line of sums",
        hint: "nadaraya partial writes them")
    }
    self.init(query: query, used: used, skipped: skipped, state: known(3), fault: known(4))
  }
}
