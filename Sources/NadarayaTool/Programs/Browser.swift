import Subprocess

/// The user's default browser.
enum Browser {
  #if os(macOS)
  private static let opener = "open"
  #else
  private static let opener = "xdg-open"
  #endif

  /// Opens an address without waiting; warns if no browser opens.
  static func open(_ address: String) {
    Task {
      guard await !isOpened(address) else { return }
      StandardError.warn("no browser could be opened", hint: "open \(address) yourself")
    }
  }

  private static func isOpened(_ address: String) async -> Bool {
    // A browser that starts with us must not end with our Ctrl-C.
    var options = PlatformOptions()
    options.createSession = true
    let result = try? await run(
      .name(opener), arguments: [address], platformOptions: options, input: .none,
      output: .discarded, error: .discarded)
    return result?.terminationStatus.isSuccess ?? false
  }
}
