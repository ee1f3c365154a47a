#if Explorer

import ArgumentParser
import Explorer
import ExplorerViews
import Nadaraya
import Tables

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ExploreCommand {
  /// Serves the page until Ctrl-C.
  func serve() async throws {
    let table = try await table()
    let summary = try table.summary
    let query = try query(of: summary)
    let server = try ExplorerServer(table, host: host, port: port)
    let (opensBrowser, isPublic) = (!noOpen, !ExplorerServer.isLoopback(host))
    do {
      try await server.run { [host] page in
        if isPublic {
          StandardError.warn(
            "everybody who can reach \(host) over the network can read \(summary.name)",
            hint: "without --host only this machine can")
        }
        let address = page + query
        print(address)
        fflush(nil)
        if opensBrowser { Browser.open(address) }
      }
    } catch let error as ListeningError {
      throw Failure(.unavailable, error.message, hint: error.hint)
    }
  }

  private func table() async throws -> ExploredTable {
    guard let data else { return .deck() }
    return try ExploredTable(try await TableSource.opening(data))
  }

  /// The initial view as the query of the page's address, once it is checked.
  private func query(of table: TableSummary) throws -> String {
    let parameters = try parameters(of: table)
    do {
      _ = try View(parameters: parameters, of: table)
    } catch {
      throw Failure(
        error.kind == .unprocessable ? .badData : .usage, error.message, hint: error.hint)
    }
    let pairs = parameters.map { "\($0.name)=\(escaped($0.value))" }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// The options as parameters of a view; the page chooses those that are not given.
  private func parameters(of table: TableSummary) throws -> [(name: String, value: String)] {
    var parameters: [(name: String, value: String)] = []
    let inputs = columnNames(keys, header: table.columns.map(\.name))
    if !inputs.isEmpty {
      parameters.append(("x", NameList.text(inputs)))
    }
    if let value { parameters.append(("y", value)) }
    if let weights { parameters.append(("weights", weights)) }
    if missing != .fail { parameters.append(("missing", missing.rawValue)) }
    if kernel != "gaussian" { parameters.append(("kernel", kernel)) }
    if degree != 0 { parameters.append(("degree", "\(degree)")) }
    guard let bandwidth else { return parameters }
    switch try BandwidthChoice(bandwidth, hasLabels: false) {
    case .given(let widths):
      let count = max(1, inputs.count)
      let all = widths.count == 1 ? [Double](repeating: widths[0], count: count) : widths
      parameters.append(("h", all.map(\.description).joined(separator: ",")))
    case .method(.ruleOfThumb): break
    case .method(let method): parameters.append(("criterion", method.rawValue))
    }
    return parameters
  }

  /// A text with percent encoding, for the query of an address (RFC 3986).
  private func escaped(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,".utf8)
    return text.utf8.map { byte in
      guard !plain.contains(byte) else { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}

#endif
