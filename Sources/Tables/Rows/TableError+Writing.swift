// The sentences of the writer.

extension TableError {
  static func cannotWrite(_ name: String, errno number: Int32) -> TableError {
    TableError(
      code: .cannotWrite, "cannot write \(quoted(name, limit: .max)): \(systemMessage(number))")
  }

  static func labelsInArray(_ column: String, place: Place) -> TableError {
    TableError(
      code: .unsupportedValue, at: place,
      "an NPY file holds only numbers, but column \(quoted(column)) holds labels",
      hint: "write CSV or JSON instead")
  }
}
