/// Text from outside in double quotes, on one line and of bearable length.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "\u{fffd}" : String(scalar)
  }
  return "\"\(shown.joined())\(text.unicodeScalars.dropFirst(60).isEmpty ? "" : "…")\""
}
