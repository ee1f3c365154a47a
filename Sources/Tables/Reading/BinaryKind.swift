/// Files that are passed as text but are binary, recognised by their first bytes.
///
/// Each kind has bytes that no text begins with, so no table is turned away; Parquet,
/// whose mark is plain letters, must also end with them or hold a NUL, where reading text ends.
enum BinaryKind: String, CaseIterable {
  case gzip = "gzip-compressed data"
  case zstandard = "Zstandard-compressed data"
  case xz = "xz-compressed data"
  case zip = "a ZIP archive or a spreadsheet"
  case parquet = "a Parquet file"
  case hdf5 = "an HDF5 file"
  case utf16 = "UTF-16 text"

  /// The kind of the bytes, if it is one of these.
  init?(_ bytes: ByteView) {
    guard let kind = Self.allCases.first(where: { $0.matches(bytes) }) else { return nil }
    self = kind
  }

  private func matches(_ bytes: ByteView) -> Bool {
    switch self {
    case .gzip: bytes.starts(with: [0x1F, 0x8B])
    case .zstandard: bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    case .xz: bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
    case .zip: bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
    case .parquet:
      bytes.count >= 12 && bytes.starts(with: "PAR1".utf8)
        && (bytes.starts(with: "PAR1".utf8, at: bytes.count - 4)
          || bytes.bytes(0..<min(bytes.count, 1 << 12)).contains(0))
    case .hdf5: bytes.starts(with: [0x89, 0x48, 0x44, 0x46])
    case .utf16: bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    }
  }

  private var hint: String {
    switch self {
    case .gzip, .zstandard, .xz: "decompress it first, for instance into a pipe"
    case .zip, .parquet, .hdf5: "save the table as CSV"
    case .utf16: "save the table as UTF-8"
    }
  }

  /// The error for a file of this kind.
  func error(at place: TableError.Place) -> TableError {
    .malformed("this is \(rawValue), not a text table", at: place, hint: hint)
  }
}
