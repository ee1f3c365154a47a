internal import _CKernelSums

/// The processor instructions that the innermost loops are compiled for.
///
/// Results of different instruction sets differ only in the last bits, because they add in a different
/// order.
public struct InstructionSet: Sendable, Equatable {
  /// Its name: `baseline`, and on x86-64 `avx2` and `avx512`.
  public let name: String

  private let index: Int

  /// The sets that this processor supports, narrowest first; `baseline` is always among them.
  public static let available: [InstructionSet] = {
    var count = 0
    let tables = nadaraya_instruction_sets(&count)
    return (0..<count).compactMap { index in
      guard let table = tables?[index]?.pointee, table.is_supported() != 0 else { return nil }
      return InstructionSet(name: String(cString: table.name), index: index)
    }
  }()

  /// The widest set that this processor supports.
  public static let best: InstructionSet = available[available.count - 1]

  /// The instruction set of that name, if this processor supports it.
  public init?(named name: String) {
    guard let match = Self.available.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  private init(name: String, index: Int) {
    self.name = name
    self.index = index
  }

  /// Whether both are the same set.
  public static func == (left: Self, right: Self) -> Bool { left.index == right.index }

  /// The loops themselves.
  var loops: nadaraya_instruction_set {
    var count = 0
    guard let table = nadaraya_instruction_sets(&count)?[index] else {
      preconditionFailure("the table of instruction sets has \(count) entries")
    }
    return table.pointee
  }
}
