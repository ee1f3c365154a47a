/// What a program needs to run.
enum ProgramKind: Equatable {
  /// An ELF file without an interpreter, which the system's kernel runs alone.
  case staticLinux
  /// An ELF file that needs a loader, given by its path, for its libraries.
  case dynamicLinux(loader: String)
  /// A script whose first line names its interpreter.
  case script
  case other

  /// ## Source
  /// Tool Interface Standard, Executable and Linking Format (ELF) Specification, version 1.2.
  init(_ bytes: [UInt8]) {
    if bytes.starts(with: "#!".utf8) {
      self = .script
      return
    }
    let isLittleEndian64 = bytes.count >= 64 && bytes[4] == 2 && bytes[5] == 1
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]), isLittleEndian64 else {
      self = .other
      return
    }
    func number(at place: Int, bytes count: Int) -> Int {
      guard place >= 0, place <= bytes.count - count else { return 0 }
      return (0..<count).reversed().reduce(0) {
        $0 << 8 | Int(bytes[place + $1] & (count == 8 && $1 == 7 ? 0x7f : 0xff))
      }
    }
    let interpreter = 3
    let (start, size, count) = (
      number(at: 32, bytes: 8), number(at: 54, bytes: 2), number(at: 56, bytes: 2)
    )
    for header in 0..<count {
      let (offset, overflow) = start.addingReportingOverflow(header * size)
      guard !overflow, number(at: offset, bytes: 4) == interpreter else { continue }
      let path = number(at: offset + 8, bytes: 8)
      let loader = bytes[min(path, bytes.count)...].prefix { $0 != 0 }
      self = .dynamicLinux(loader: String(decoding: loader, as: UTF8.self))
      return
    }
    self = .staticLinux
  }
}
