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
}
