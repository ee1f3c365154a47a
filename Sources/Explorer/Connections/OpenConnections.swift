#if Explorer

import NIOCore
import Synchronization

/// The open connections, of limited number.
///
/// Who comes last is served: the connection that the server has waited for longest makes room. Where it waits
/// for none, because every client waits for it, the newcomer is told so.
final class OpenConnections: Sendable {
  fileprivate struct Member {
    let channel: any Channel
    let connection: Connection
  }

  private let members = Mutex<[ObjectIdentifier: Member]>([:])

  func add(_ channel: any Channel, _ connection: Connection) {
    let name = ObjectIdentifier(channel)
    let replaced = members.withLock { members in
      let replaced = members.count < Limits.connections ? nil : members.removeLatest()
      if replaced == nil, members.count >= Limits.connections { connection.refuse() }
      members[name] = Member(channel: channel, connection: connection)
      return replaced?.channel
    }
    replaced?.close(promise: nil)
    channel.closeFuture.whenComplete { [self] _ in
      _ = members.withLock { $0.removeValue(forKey: name) }
    }
  }

  func closeAll() {
    for member in members.withLock({ Array($0.values) }) { member.channel.close(promise: nil) }
  }
}

extension [ObjectIdentifier: OpenConnections.Member] {
  /// Removes the connection whose client is furthest behind.
  fileprivate mutating func removeLatest() -> Value? {
    let now = ContinuousClock.now
    let latest = compactMap { name, member in
      member.connection.wait(at: now).map { (name, behind: $0.behind) }
    }.max { $0.behind < $1.behind }
    return latest.flatMap { removeValue(forKey: $0.0) }
  }
}

#endif
