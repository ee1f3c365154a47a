/// A table in memory.
public struct ExploredTable: Sendable {}
