/// Which column of the source goes where, and what it may hold.
///
/// Columns wanted twice are read once. Slots number the distinct wanted columns in the order of the
/// source, so that a reader that goes through a row field by field meets them in that order.
struct ColumnPlan {
  /// For each column of the source its slot, or −1 where it is not wanted.
  let slotOfField: [Int]

  /// For each name of the request its slot.
  let slotOfRequest: [Int]

  /// For each name of the request's labels its slot.
  let slotOfLabel: [Int]

  /// For each slot whether it holds labels.
  let isLabel: [Bool]

  /// For each slot whether negative values are refused.
  let refusesNegative: [Bool]

  /// For each slot the column of the source.
  let fieldOfSlot: [Int]

  /// Finds the wanted columns in a header.
  ///
  /// - Throws: ``TableError/Code/noSuchColumn`` or ``TableError/Code/duplicateColumn``, for the
  ///   first wanted name that is not in the header exactly once.
  /// - Complexity: O(h + w) for h columns in the header and w wanted.
  init(_ request: TableRequest, header: [String], place: TableError.Place) throws(TableError) {
    var fields: [String: Int] = [:]
    var repeated: Set<String> = []
    for (field, name) in header.enumerated() where fields.updateValue(field, forKey: name) != nil {
      repeated.insert(name)
    }
    var slotOfField = Array(repeating: -1, count: header.count)
    for name in request.numbers + request.labels {
      guard let field = fields[name] else {
        throw .noSuchColumn(name, header: header, place: place)
      }
      guard !repeated.contains(name) else { throw .duplicateColumn(name, place: place) }
      slotOfField[field] = 0
    }
    fieldOfSlot = header.indices.filter { slotOfField[$0] >= 0 }
    for (slot, field) in fieldOfSlot.enumerated() { slotOfField[field] = slot }
    self.slotOfField = slotOfField
    slotOfRequest = request.numbers.map { slotOfField[fields[$0] ?? 0] }
    slotOfLabel = request.labels.map { slotOfField[fields[$0] ?? 0] }
    isLabel = fieldOfSlot.map { request.labels.contains(header[$0]) }
    refusesNegative = fieldOfSlot.map { request.nonNegative.contains(header[$0]) }
  }

  var slotCount: Int { fieldOfSlot.count }
}
