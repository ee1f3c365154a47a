import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The end of a process that runs out of memory.
///
/// Inputs ask before they take much (`canTake` of the tables). What a computation takes beyond that, Swift
/// asks for without a way to hear no: it writes how much was refused and calls `abort()`. Nothing else
/// does, since a broken precondition ends with another signal. So that signal gets a sentence and the exit code
/// that sysexits has for it.
enum OutOfMemory {
  static func watch() {
    signal(SIGABRT) { _ in
      // Nothing may be allocated here, nor anything run that was interrupted.
      let sentence: StaticString = """
        error: there is not enough memory for this computation
        hint: use fewer rows, queries or columns; ulimit -v shows the limit

        """
      _ = write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
      _exit(ExitCode.outOfMemory.rawValue)
    }
  }
}
