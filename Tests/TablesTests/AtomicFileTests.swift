import Foundation
import Testing

@testable import Tables

/// Waits for the signal that ends the process; the seconds only end a test in which it does not.
private func awaitTheEnd() { sleep(10) }

@Suite struct AtomicFileTests {
  private func permissions(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("The output is not there before it is committed, and whole afterwards")
  func commit() throws {
    try withFolder { folder in
      let path = folder + "/out.txt"
      let file = try AtomicFile(path)
      let text = String(repeating: "0123456789", count: 20_000)
      try file.write("start\n")
      try file.write(text)
      try file.write(Array("\nend\n".utf8))
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.commit()
      #expect(try contents(of: path) == "start\n\(text)\nend\n")
      #expect(try fileNames(in: folder) == ["out.txt"])
    }
  }

  @Test("Until then the old contents stand, and an abandoned output leaves them")
  func replace() throws {
    try withFolder { folder in
      let path = folder + "/out.txt"
      try AtomicFile.write("old", to: path)
      do {
        let file = try AtomicFile(path)
        try file.write("new")
        #expect(try contents(of: path) == "old")
      }
      #expect(try contents(of: path) == "old")
      #expect(try fileNames(in: folder) == ["out.txt"])
      try AtomicFile.write("new", to: path)
      #expect(try contents(of: path) == "new")
    }
  }

  @Test("A new file has the permissions of any new file, a replaced one keeps its own")
  func permissions() throws {
    try withFolder { folder in
      let mask = Int(umask(0))
      umask(mode_t(mask))
      try AtomicFile.write("x", to: folder + "/new")
      #expect(try permissions(of: folder + "/new") == 0o666 & ~mask)
      for mode in [0o600, 0o640, 0o755] {
        #expect(chmod(folder + "/new", mode_t(mode)) == 0)
        try AtomicFile.write("y", to: folder + "/new")
        #expect(try permissions(of: folder + "/new") == mode)
      }
    }
  }

  @Test("A symbolic link stays, and what it leads to is replaced")
  func links() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/deep", withIntermediateDirectories: false)
      symlink("deep/target", folder + "/relative")
      symlink(folder + "/relative", folder + "/absolute")
      try AtomicFile.write("through both", to: folder + "/absolute")
      #expect(try contents(of: folder + "/deep/target") == "through both")
      #expect(try fileNames(in: folder + "/deep") == ["target"])
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/absolute")
          == folder + "/relative")
      symlink("loop", folder + "/loop")
      let error = fault { () throws(TableError) in
        try AtomicFile.write("x", to: folder + "/loop")
      }
      #expect(error?.code == .cannotWrite)
    }
  }

  @Test("What cannot be written is told in the system's words")
  func faults() throws {
    try withFolder { folder in
      let missing = fault { () throws(TableError) in
        try AtomicFile.write("x", to: folder + "/out/x.csv")
      }
      #expect(missing?.code == .cannotWrite)
      #expect(
        missing?.message == "cannot write \"\(folder)/out/x.csv\": No such file or directory")
      for path in [folder, folder + "/"] {
        let directory = fault { () throws(TableError) in try AtomicFile.write("x", to: path) }
        #expect(directory?.message == "cannot write \"\(path)\": Is a directory")
      }
      for path in ["", "a\0b"] {
        let nothing = fault { () throws(TableError) in try AtomicFile.write("x", to: path) }
        #expect(nothing?.code == .cannotWrite)
      }
      let left = try fileNames(in: folder)
      #expect(left == [])
    }
  }

  @Test("A read-only file is not replaced", .enabled(if: geteuid() != 0, "root may write anything"))
  func readOnly() throws {
    try withFolder { folder in
      try AtomicFile.write("old", to: folder + "/out")
      #expect(chmod(folder + "/out", 0o444) == 0)
      let error = fault { () throws(TableError) in
        try AtomicFile.write("new", to: folder + "/out")
      }
      #expect(error?.message == "cannot write \"\(folder)/out\": Permission denied")
    }
  }

  #if os(Linux)
  @Test("A full disk is noticed, and the temporary file removed")
  func fullDisk() {
    let error = fault { () throws(TableError) in try AtomicFile.write("x", to: "/dev/full") }
    #expect(error?.message == "cannot write \"/dev/full\": No space left on device")
  }
  #endif

  @Test("Devices are written, not replaced")
  func devices() throws {
    try AtomicFile.write("x", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("A named pipe is written as the bytes come")
  func namedPipe() throws {
    try withFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      let reader = open(folder + "/pipe", O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      try AtomicFile.write("through", to: folder + "/pipe")
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = Foundation.read(reader, &bytes, 16)
      #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "through")
    }
  }

  @Test(
    "Standard output is written where it stands, and stays open",
    arguments: [nil, "-", "/dev/stdout"])
  func standardOutput(_ path: String?) async throws {
    await #expect(processExitsWith: .success) { [path] in
      try withFolder { folder in
        let number = open(folder + "/out", O_WRONLY | O_CREAT, 0o600)
        dup2(number, 1)
        try AtomicFile.write("one ", to: path)
        try AtomicFile.write("two", to: path)
        let text = try contents(of: folder + "/out")
        precondition(text == "one two")
      }
    }
  }

  /// A folder with a file, for other processes too, and how to remove it.
  private func sharedFolder() throws -> String {
    let folder: String = FileManager.default.temporaryDirectory
      .appending(path: "nadaraya-tests-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false)
    try AtomicFile.write("old", to: folder + "/out")
    return folder
  }

  @Test(
    "Signals and exit remove the file", arguments: [SIGTERM, SIGINT, SIGHUP, 0], [false, true])
  func signals(_ number: Int32, isNamed: Bool) async throws {
    let folder: String = try sharedFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let condition: ExitTest.Condition = number == 0 ? .exitCode(3) : .signal(number)
    await #expect(processExitsWith: condition) { [folder = folder as String, number, isNamed] in
      let file = try AtomicFile(folder + "/out", isNamed: isNamed)
      try file.write("new")
      let names = try fileNames(in: folder)
      if isNamed, names.count != 2 { exit(4) }
      if number == 0 { exit(3) }
      // Not `raise`: the threads that tasks run on have all signals blocked.
      kill(getpid(), number)
      awaitTheEnd()
      try file.commit()
    }
    #expect(try fileNames(in: folder) == ["out"])
    #expect(try contents(of: folder + "/out") == "old")
  }

  #if os(Linux)
  @Test("A file without a name leaves nothing even after SIGKILL")
  func killed() async throws {
    let folder: String = try sharedFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      let file = try AtomicFile(folder + "/out")
      try file.write([UInt8](repeating: 65, count: 1 << 20))
      kill(getpid(), SIGKILL)
      awaitTheEnd()
      try file.commit()
    }
    #expect(try fileNames(in: folder) == ["out"])
    #expect(try contents(of: folder + "/out") == "old")
  }
  #endif

  @Test("What a killed process left is removed by the next output, what a living one writes is not")
  func leftovers() async throws {
    let folder: String = try sharedFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      let file = try AtomicFile(folder + "/out", isNamed: true)
      try file.write([UInt8](repeating: 65, count: 1 << 20))
      kill(getpid(), SIGKILL)
      awaitTheEnd()
      try file.commit()
    }
    #expect(try fileNames(in: folder).count == 2)
    try Data("mine".utf8).write(to: URL(filePath: folder + "/.nadaraya-notes"))
    let living = try AtomicFile(folder + "/living", isNamed: true)
    #expect(try fileNames(in: folder).count == 3)
    for isNamed in [true, false] {
      let file = try AtomicFile(folder + "/other", isNamed: isNamed)
      try file.write("x")
      try file.commit()
    }
    #expect(try fileNames(in: folder).count == 4)
    try living.write("whole")
    try living.commit()
    #expect(try fileNames(in: folder) == [".nadaraya-notes", "living", "other", "out"])
    #expect(try contents(of: folder + "/living") == "whole")
  }

  @Test("Outputs that race for one folder all arrive", arguments: [false, true])
  func race(isNamed: Bool) async throws {
    let folder: String = try sharedFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          for round in 0..<25 {
            let file = try? AtomicFile("\(folder)/\(number)", isNamed: isNamed)
            try? file?.write("\(round)")
            #expect(throws: Never.self) { try file?.commit() }
          }
        }
      }
    }
    #expect(try fileNames(in: folder) == (0..<8).map { "\($0)" } + ["out"])
    for number in 0..<8 { #expect(try contents(of: "\(folder)/\(number)") == "24") }
  }

  @Test("A signal that the program ignores stays ignored")
  func ignoredSignal() async throws {
    await #expect(processExitsWith: .success) {
      signal(SIGHUP, SIG_IGN)
      try withFolder { folder in
        let file = try AtomicFile(folder + "/out")
        // Whoever handles it would be called on another thread, at any time; so the handler itself is looked at.
        let handler = signal(SIGHUP, SIG_IGN)
        precondition(unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self))
        kill(getpid(), SIGHUP)
        try file.write("x")
        try file.commit()
        let text = try contents(of: folder + "/out")
        precondition(text == "x")
      }
    }
  }

  @Test("Asking whether an output can be written leaves no trace")
  func check() throws {
    try withFolder { folder in
      try AtomicFile.write("old", to: folder + "/out")
      for path in ["-", "/dev/null", folder + "/out", folder + "/new"] {
        try AtomicFile.check(path)
      }
      try AtomicFile.check(nil)
      #expect(try fileNames(in: folder) == ["out"])
      #expect(try contents(of: folder + "/out") == "old")
      for path in [folder, folder + "/nowhere/out", "", folder + "/"] {
        let error = #expect(throws: TableError.self) { try AtomicFile.check(path) }
        #expect(error?.code == .cannotWrite)
      }
    }
  }
}
