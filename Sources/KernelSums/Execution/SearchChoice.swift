/// How the bandwidths of a large table are searched.
@nonexhaustive public enum SearchChoice: String, Sendable, CaseIterable {
  /// Most bandwidths are judged by a sample of the rows, where that leaves no reasonable doubt; what is reported comes
  /// from all rows.
  case automatic = "auto"

  /// All bandwidths are judged by all rows.
  case full
}
