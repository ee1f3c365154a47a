import Foundation
import Testing

@testable import Tables

@Suite struct TemporaryFileListTests {
  @Test("Files on the list are removed, files taken off it stay, and a full list refuses politely")
  func removal() throws {
    try withFolder { folder in
      let list = TemporaryFileList()
      let paths = (0..<100).map { "\(folder)/\(1000 + $0)" }
      for path in paths { try Data().write(to: URL(filePath: path)) }
      let registrations = paths.map(list.add)
      list.remove(registrations[0])
      list.remove(registrations[99])
      list.removeFiles(freeingPaths: true)
      let left = try fileNames(in: folder)
      #expect(left.first == "1000")
      #expect(left.count == 37, "64 slots, one of them freed")
      for registration in registrations { list.remove(registration) }
    }
  }

  @Test("Slots are free again for the next file")
  func reuse() throws {
    try withFolder { folder in
      let list = TemporaryFileList()
      for _ in 0..<1000 { list.remove(list.add(folder + "/none")) }
      let path = folder + "/file"
      try Data().write(to: URL(filePath: path))
      let registration = list.add(path)
      list.removeFiles(freeingPaths: true)
      #expect(!FileManager.default.fileExists(atPath: path))
      list.remove(registration)
    }
  }
}
