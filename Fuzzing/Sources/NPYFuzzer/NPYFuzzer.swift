import Tables

/// Reads arbitrary bytes as an NPY file and checks what must hold of any table.
///
/// The laws: no byte sequence traps, no header makes the reader allocate more than the bytes at
/// hand could fill, every array is as long as the table, and every value is finite.
@c(LLVMFuzzerTestOneInput)
public func fuzzNPY(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let input = try? TableInput(.bytes(bytes, name: "fuzz.npy")) else { return 0 }
  precondition(!input.header.isEmpty && input.header.count <= count)
  for policy in MissingPolicy.allCases {
    let request = TableRequest(numbers: input.header, missing: policy)
    guard let table = try? input.table(request) else { continue }
    precondition(table.rowCount > 0)
    precondition((table.rowCount + table.droppedRows) * input.header.count <= count)
    precondition(table.columns.allSatisfy { $0.count == table.rowCount })
    precondition(table.columns.allSatisfy { $0.allSatisfy(\.isFinite) })
    precondition(policy == .drop || table.droppedRows == 0)
  }
  return 0
}
