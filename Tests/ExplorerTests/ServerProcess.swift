#if Explorer

import Foundation
import Testing

/// The built binary, serving until it is told to end.
final class ServerProcess {
  let port: UInt16
  let page: String
  private let process = Process()
  private let error = Pipe()

  /// It stands beside the test bundle.
  static let binary = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("nadaraya")

  init(_ arguments: String...) throws {
    let output = Pipe()
    process.executableURL = Self.binary
    process.arguments = ["explore", "--port", "0", "--no-open"] + arguments
    process.standardOutput = output
    process.standardError = error
    try process.run()
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let part = output.fileHandleForReading.availableData
      guard !part.isEmpty else { break }
      line += part
    }
    page = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)
    port = UInt16(URL(string: page)?.port ?? 0)
  }

  deinit { if process.isRunning { process.terminate() } }

  var identifier: Int32 { process.processIdentifier }

  /// The processor time that it has used.
  var processorSeconds: Double {
    let text = (try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ").dropFirst(13).prefix(2).compactMap { Double($0) }
    return fields.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Sends a signal and waits for the end.
  func end(by signal: Int32) -> (status: Int32, reason: Process.TerminationReason, seconds: Double)
  {
    let start = ContinuousClock.now
    kill(identifier, signal)
    process.waitUntilExit()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return (process.terminationStatus, process.terminationReason, seconds)
  }

  /// Whether somebody can still connect.
  var isListening: Bool {
    guard let descriptor = RawConnection.connected(to: port, hoards: true) else { return false }
    _ = Glibc.close(descriptor)
    return true
  }

  var errors: String {
    String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }
}

/// Waits until something holds; the seconds only end a test in which it never does.
func eventually(within seconds: Double = 60, _ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while !condition() {
    guard ContinuousClock.now < end else { return false }
    usleep(10_000)
  }
  return true
}

/// A connection that sends exactly the bytes that it is told to.
final class RawConnection {
  private var descriptor: Int32
  private let port: UInt16
  /// Whether the other side has closed, as far as was read.
  private(set) var isAtEnd = false

  /// - Parameters:
  ///   - hoards: whether the systems at both ends may hold megabytes that nobody reads.
  ///   - patience: for how many seconds it waits for more; they only end a test in which nothing comes.
  init(_ server: ServerProcess, hoards: Bool = true, patience: Int = 120) throws {
    port = server.port
    descriptor = try #require(RawConnection.connected(to: server.port, hoards: hoards))
    var patience = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  /// A socket that is connected to this machine; nil where nobody listens.
  fileprivate static func connected(to port: UInt16, hoards: Bool) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if !hoards {
      var (buffer, segment) = (Int32(4_096), Int32(536))
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, size)
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, size)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      _ = Glibc.close(descriptor)
      return nil
    }
    return descriptor
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Whether all bytes went out.
  @discardableResult
  func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  func request(_ path: String, method: String = "GET", fields: String = "", body: String = "") {
    send("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(fields)\r\n\(body)")
  }

  /// What comes until the other side closes or, where a length is announced, until that much is there.
  func response() -> String {
    var text = ""
    while let part = receive() {
      text += part
      // The last header is that of the answer; one before it only asks for the body.
      guard let end = text.range(of: "\r\n\r\n", options: .backwards) else { continue }
      let field = text[..<end.lowerBound].components(separatedBy: "Content-Length: ").dropFirst()
        .first
      let length = field.flatMap { Int($0.prefix { $0.isNumber }) }
      if let length, text[end.upperBound...].utf8.count >= length { break }
    }
    return text
  }

  /// What comes until a head is whole.
  func head() -> String {
    var text = ""
    while text.range(of: "\r\n\r\n") == nil, let part = receive() { text += part }
    return text
  }

  /// Whether nothing comes for some seconds, the other side's end included.
  func isSilent(for seconds: Int32) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&poll, 1, seconds * 1000) == 0
  }

  /// What comes until the other side closes.
  func everything() -> String {
    var text = ""
    while let part = receive() { text += part }
    return text
  }

  private func receive() -> String? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count == 0 || count < 0 && errno != EAGAIN { isAtEnd = true }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }
}

#endif
