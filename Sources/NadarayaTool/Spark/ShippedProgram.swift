import FoundationEssentials
import Subprocess

/// The program that executors run: the named one, or this one.
///
/// Executors have nothing installed. A static program needs nothing. One that a loader brings its libraries is
/// shipped with them and with the loader, so that what is installed there, other versions of the same libraries
/// above all, has no part in it.
struct ShippedProgram {
  let name: String
  private let bytes: [UInt8]
  private let loader: String
  private let libraries: [Library]

  private struct Library {
    let name: String
    let path: String
  }

  /// - Throws: ``Failure`` unless the program can be shipped with all that it needs.
  init(_ path: String?) async throws {
    let place = path ?? "/proc/self/exe"
    name = path.map { "\"\($0)\"" } ?? "this nadaraya"
    do {
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: place)))
    } catch {
      guard let path else {
        throw Failure.usage("this system has no Linux program to ship", hint: Self.needed)
      }
      throw Failure(.noInput, "cannot read \"\(path)\"", hint: Self.needed)
    }
    switch ProgramKind(bytes) {
    case .staticLinux, .script: (loader, libraries) = ("", [])
    case .dynamicLinux(let loader):
      self.loader = loader
      let file = URL(fileURLWithPath: place).resolvingSymlinksInPath().path
      libraries = try await Self.libraries(of: file, called: name, loader: loader)
    case .other: throw Failure.usage("\(name) is not a program for Linux", hint: Self.needed)
    }
  }

  private static let needed =
    "--program names a program for the executors, such as the static one that Scripts/install makes; "
    + "--engine sql ships nothing"

  /// The libraries that the loader would load.
  private static func libraries(
    of program: String, called name: String, loader: String
  ) async throws(Failure) -> [Library] {
    let url = URL(fileURLWithPath: loader)
    let said: String
    do {
      said = try await run(
        .name(url.lastPathComponent), arguments: ["--list", program],
        environment: .inherit.updating(["PATH": url.deletingLastPathComponent().path]),
        input: .none, output: .string(limit: 1 << 16), error: .discarded
      ).standardOutput
    } catch {
      throw .usage(
        "\(name) is for other machines, and \"\(loader)\", which would list its libraries, cannot run here",
        hint: needed)
    }
    // "libm.so.6 => /lib/libm.so.6 (0x7f…)"; what has no arrow is the loader, or the system's own.
    let lines = said.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" } }
    let listed = lines.filter { $0.count > 2 && $0[1] == "=>" && !$0[0].contains("/") }
    if let missing = listed.first(where: { !$0[2].hasPrefix("/") }) {
      throw .usage("\(name) needs \(missing[0]), which is not on this machine", hint: needed)
    }
    if listed.isEmpty {
      throw .usage("\(name) needs libraries that its loader does not list", hint: needed)
    }
    return listed.map { Library(name: String($0[0]), path: String($0[2])) }
  }
}

// MARK: - The file

extension ShippedProgram {
  /// What is shipped.
  var file: ShippedFile {
    get throws(Failure) {
      loader.isEmpty ? ShippedFile("nadaraya", bytes) : ShippedFile("nadaraya", try bundle())
    }
  }

  /// What is shipped, in words.
  var words: String {
    loader.isEmpty ? name : "\(name) with its loader and \(libraries.count) libraries"
  }

  /// A shell script with program, loader and libraries behind it.
  ///
  /// It unpacks them beside itself, once for all tasks of an executor: into a folder of its own first, which
  /// takes its name in one step, so that no task meets half of them.
  private func bundle() throws(Failure) -> [UInt8] {
    let loaderName = String(loader.split(separator: "/").last ?? "loader")
    var parts: [(name: String, bytes: [UInt8])] = [
      ("nadaraya", bytes), (loaderName, try Self.read(loader)),
    ]
    for library in libraries { parts.append((library.name, try Self.read(library.path))) }
    let length = Self.script(parts, loader: loaderName, from: 0).count
    let script = Self.script(parts, loader: loaderName, from: length)
    return parts.reduce(into: script) { $0 += $1.bytes }
  }

  private static func read(_ path: String) throws(Failure) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw Failure(.noInput, "cannot read \"\(path)\"", hint: needed)
    }
  }

  /// - Parameter start: the bytes before the first part. Places have as many digits whatever they are.
  private static func script(
    _ parts: [(name: String, bytes: [UInt8])], loader: String, from start: Int
  ) -> [UInt8] {
    var place = start + 1
    var lines: [String] = []
    for part in parts {
      let digits = String(place)
      let padding = String(repeating: "0", count: max(0, 12 - digits.count))
      lines.append("  part '\(part.name)' \(padding)\(digits) \(part.bytes.count)")
      place += part.bytes.count
    }
    return Array(
      """
      #!/bin/sh
      # nadaraya with its loader and its libraries, which follow the last line.
      set -e
      home="$0.d"
      if [ ! -e "$home" ]; then
        new="$(mktemp -d "$0.XXXXXX")"
        part() {
          tail -c "+$2" "$0" | head -c "$3" > "$new/$1"
          chmod 755 "$new/$1"
        }
      \(lines.joined(separator: "\n"))
        mv -T "$new" "$home" 2>/dev/null || rm -rf "$new"
      fi
      exec "$home/\(loader)" --library-path "$home" "$home/nadaraya" "$@"

      """.utf8)
  }
}
