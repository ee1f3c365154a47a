import FoundationEssentials
import Nadaraya

/// A file for the executors, under a name that tells its content: one of another content is another file, even
/// where an executor keeps what earlier jobs brought.
struct ShippedFile {
  let name: String
  let bytes: [UInt8]

  init(_ stem: String, ending: String = "", _ bytes: [UInt8]) {
    name = "\(stem)-\(Self.hash(bytes))\(ending)"
    self.bytes = bytes
  }

  /// Sixteen hexadecimal digits: FNV-1a of 64 bits.
  ///
  /// ## Source
  /// G. Fowler, L. C. Noll, K.-P. Vo and D. Eastlake, The FNV non-cryptographic hash algorithm, RFC 9923.
  private static func hash(_ bytes: [UInt8]) -> String {
    let hash = bytes.withUnsafeBufferPointer {
      $0.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension ShippedFile {
  /// The queries as a table of numbers with the inputs' aliases for a header.
  static func queries(_ queries: Points, of table: SparkTable) -> ShippedFile {
    let continuous = table.keyNames.count
    var text = table.inputAliases.joined(separator: ",") + "\n"
    for query in 0..<queries.count {
      text +=
        queries[query].enumerated().map { input, value in
          input < continuous ? "\(value)" : "\(Int(value))"
        }.joined(separator: ",") + "\n"
    }
    return ShippedFile("queries", ending: ".csv", Array(text.utf8))
  }

  /// The program that executors run: the one that is named, or the one that runs.
  ///
  /// - Throws: ``Failure`` unless it can run where nothing is installed.
  static func program(_ path: String?) throws(Failure) -> ShippedFile {
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path ?? "/proc/self/exe")))
    } catch {
      guard let path else {
        throw Failure.usage("this system has no Linux program to ship", hint: needed)
      }
      throw Failure(.noInput, "cannot read \"\(path)\"", hint: needed)
    }
    let name = path.map { "\"\($0)\"" } ?? "this nadaraya"
    switch ProgramKind(bytes) {
    case .staticLinux, .script: return ShippedFile("nadaraya", bytes)
    case .dynamicLinux:
      throw Failure.usage(
        "\(name) needs libraries that executors may not have, so it is not shipped", hint: needed)
    case .other: throw Failure.usage("\(name) is no program for Linux", hint: needed)
    }
  }

  private static let needed =
    "Scripts/install makes a static one, which --program names; --engine sql ships nothing"
}

/// What a program needs to run.
enum ProgramKind: Equatable {
  /// An ELF file that names no interpreter: the system's kernel alone runs it.
  case staticLinux
  /// An ELF file that a loader must bring its libraries.
  case dynamicLinux
  /// Text that names what reads it.
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
    let namesInterpreter = (0..<count).contains { header in
      let (offset, overflow) = start.addingReportingOverflow(header * size)
      return !overflow && number(at: offset, bytes: 4) == interpreter
    }
    self = namesInterpreter ? .dynamicLinux : .staticLinux
  }
}
