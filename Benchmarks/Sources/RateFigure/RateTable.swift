/// Rates by panel, series and number of inputs, each in the order of its first appearance.
struct RateTable {
  /// A curve: a rate for each number of inputs.
  struct Series {
    let name: String
    var inputs: [Double] = []
    var rates: [Double] = []
  }

  /// What one panel shows.
  struct Group {
    let name: String
    var series: [Series] = []
  }

  private(set) var groups: [Group] = []

  /// Adds a line `panel,series,inputs,rate`.
  ///
  /// - Returns: false where the line is not that.
  mutating func add(line: String) -> Bool {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 4, let inputs = Double(fields[2]), let rate = Double(fields[3]) else {
      return false
    }
    let group = Self.index(of: fields[0], in: &groups, by: \.name) { Group(name: $0) }
    let series = Self.index(of: fields[1], in: &groups[group].series, by: \.name) {
      Series(name: $0)
    }
    groups[group].series[series].inputs.append(inputs)
    groups[group].series[series].rates.append(rate)
    return true
  }

  /// The place of the element of that name, which is made where there is none.
  private static func index<Element>(
    of name: String, in elements: inout [Element], by key: KeyPath<Element, String>,
    make: (String) -> Element
  ) -> Int {
    if let index = elements.firstIndex(where: { $0[keyPath: key] == name }) { return index }
    elements.append(make(name))
    return elements.count - 1
  }
}
