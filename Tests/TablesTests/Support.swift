import Foundation

@testable import Tables

/// A table from text, as a file called `cars.csv` would give it.
func read(
  _ text: String, _ columns: String..., nonNegative: Set<String> = [],
  missing: MissingPolicy = .fail
) throws(TableError) -> Table {
  try read(Array(text.utf8), columns, nonNegative: nonNegative, missing: missing)
}

func read(
  _ bytes: [UInt8], name: String = "cars.csv", _ columns: [String],
  nonNegative: Set<String> = [], missing: MissingPolicy = .fail
) throws(TableError) -> Table {
  let request = TableRequest(numbers: columns, nonNegative: nonNegative, missing: missing)
  return try Table(.bytes(bytes, name: name), request)
}

/// The error of a call, or `nil` where it succeeds.
func fault<Success>(_ body: () throws(TableError) -> Success) -> TableError? {
  do throws(TableError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// A folder of its own, removed with all that is in it after the call.
func withFolder<Success>(_ body: (_ path: String) throws -> Success) throws -> Success {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "nadaraya-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path(percentEncoded: false))
}

func contents(of path: String) throws -> String {
  try String(contentsOfFile: path, encoding: .utf8)
}

func fileNames(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Numbers that are the same on every run: SplitMix64 (Steele, Lea and Flood 2014,
/// doi:10.1145/2660193.2660195).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
