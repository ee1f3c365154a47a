#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether the process can get this many more bytes.
///
/// A system that promises more memory than it has ends a process that uses it, without a word: so what is
/// asked for must be promised, and be there. Asked before the few allocations that grow with an input.
func canTake(_ byteCount: Int) -> Bool {
  guard byteCount <= availableMemory() else { return false }
  // Not malloc, which a compiler may leave out with the free that follows.
  guard
    let start = mmap(
      nil, max(byteCount, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
    start != MAP_FAILED
  else { return false }
  munmap(start, max(byteCount, 1))
  return true
}

/// The bytes that are still available according to the system; the largest integer if it does not say.
private func availableMemory() -> Int {
  #if os(Linux)
  let machine = text(of: "/proc/meminfo").split(separator: "\n")
    .first { $0.hasPrefix("MemAvailable:") }
    .flatMap { $0.split(separator: " ").dropFirst().first }
    .flatMap { Int($0) }.map { $0 << 10 }
  // That of a container, where there is one; what files fill of it is given back.
  let group = number(in: "/sys/fs/cgroup/memory.max").map { most in
    most - (number(in: "/sys/fs/cgroup/memory.stat", after: "anon ") ?? 0)
  }
  return max(0, min(machine ?? .max, group ?? .max))
  #else
  return .max
  #endif
}

#if os(Linux)
/// The number that a file holds, after a word at the start of one of its lines.
private func number(in path: String, after word: String = "") -> Int? {
  text(of: path).split(separator: "\n").first { $0.hasPrefix(word) }
    .flatMap { Int($0.dropFirst(word.count)) }
}

private func text(of path: String) -> String {
  guard let file = try? FileDescriptor(opening: path, flags: O_RDONLY) else { return "" }
  return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
    let count = (try? file.read(into: buffer)) ?? 0
    return String(decoding: UnsafeRawBufferPointer(buffer)[..<count], as: UTF8.self)
  }
}
#endif
