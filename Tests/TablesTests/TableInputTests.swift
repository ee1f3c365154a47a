import Foundation
import Testing

@testable import Tables

/// Where bytes come from, and what the system says when they do not.
@Suite struct TableInputTests {
  private func openingFault(_ path: String) -> TableError? {
    fault { () throws(TableError) in try TableInput(.file(path)) }
  }

  @Test("A file reads as its bytes do")
  func file() throws {
    try withFolder { folder in
      let path = folder + "/cars.csv"
      try Data("speed,dist\n4,2\n7,x\n".utf8).write(to: URL(filePath: path))
      let input = try TableInput(.file(path))
      #expect(input.header == ["speed", "dist"])
      #expect(try input.table(TableRequest(numbers: ["speed"])).columns == [[4, 7]])
      let error = fault { () throws(TableError) in
        try input.table(TableRequest(numbers: ["dist"]))
      }
      #expect(error?.message == "\(path):3: column \"dist\": \"x\" is not a number")
    }
  }

  @Test("A file of no bytes is empty, not unreadable")
  func emptyFile() throws {
    try withFolder { folder in
      try Data().write(to: URL(filePath: folder + "/none.csv"))
      #expect(openingFault(folder + "/none.csv")?.code == .empty)
    }
  }

  @Test("A file as long as whole pages of memory is read to its last byte")
  func wholePages() throws {
    try withFolder { folder in
      let text = "x,y\n" + String(repeating: "1,2\n", count: 16_383)
      #expect(text.utf8.count == 65_536)
      try Data(text.utf8).write(to: URL(filePath: folder + "/pages.csv"))
      let table = try Table(.file(folder + "/pages.csv"), TableRequest(numbers: ["x", "y"]))
      #expect(table.rowCount == 16_383)
    }
  }

  @Test("What is not there, or no file, is told in the system's words")
  func unreadable() throws {
    try withFolder { folder in
      let missing = openingFault(folder + "/cars.csv")
      #expect(missing?.code == .noSuchFile)
      #expect(
        missing?.message == "cannot read \"\(folder)/cars.csv\": No such file or directory")
      let directory = openingFault(folder)
      #expect(directory?.code == .unreadable)
      #expect(directory?.message == "cannot read \"\(folder)\": Is a directory")
      #expect(openingFault("a\0b")?.code == .noSuchFile)
      #expect(openingFault("")?.code == .noSuchFile)
    }
  }

  @Test("A file without permission", .enabled(if: geteuid() != 0, "root may read anything"))
  func permission() throws {
    try withFolder { folder in
      let path = folder + "/cars.csv"
      try Data("x\n1\n".utf8).write(to: URL(filePath: path))
      #expect(chmod(path, 0) == 0)
      #expect(openingFault(path)?.code == .unreadable)
      #expect(openingFault(path)?.message == "cannot read \"\(path)\": Permission denied")
    }
  }

  #if os(Linux)
  @Test("A file whose first bytes cannot be read")
  func failingRead() {
    #expect(
      openingFault("/proc/self/mem")?.message
        == "cannot read \"/proc/self/mem\": Input/output error")
  }

  @Test("A file whose size is not known beforehand")
  func unknownSize() throws {
    #expect(try TableInput(.file("/proc/self/status")).header.first?.hasPrefix("Name:") == true)
  }
  #endif

  @Test("Standard input is read to its end and called <stdin>")
  func standardInput() async throws {
    await #expect(processExitsWith: .success) {
      let pipe = Pipe()
      let rows = String(repeating: "1,2\n", count: 10_000)
      try pipe.fileHandleForWriting.write(contentsOf: Data("x,y\n\(rows)".utf8))
      try pipe.fileHandleForWriting.close()
      dup2(pipe.fileHandleForReading.fileDescriptor, 0)
      let input = try TableInput(TableSource(argument: "-"))
      let table = try input.table(TableRequest(numbers: ["y"]))
      precondition(table.rowCount == 10_000)
      let error = fault { () throws(TableError) in
        try input.table(TableRequest(numbers: ["z"]))
      }
      precondition(error?.message.hasPrefix("<stdin>: no column \"z\"") == true)
    }
  }

  @Test("Standard input that the shell has read from goes on where the shell stopped")
  func partlyReadInput() async throws {
    await #expect(processExitsWith: .success) {
      try withFolder { folder in
        try Data("# a comment\nx\n1\n".utf8).write(to: URL(filePath: folder + "/x.csv"))
        let number = open(folder + "/x.csv", O_RDONLY)
        lseek(number, 12, SEEK_SET)
        dup2(number, 0)
        let table = try Table(.standardInput, TableRequest(numbers: ["x"]))
        precondition(table.columns == [[1]])
      }
    }
  }

  @Test("An argument is a path, or a dash for standard input")
  func argument() {
    #expect(TableSource(argument: "-") == .standardInput)
    #expect(TableSource(argument: "./-") == .file("./-"))
  }
}
