internal import Synchronization

/// Orders of a problem's keys that do not depend on the similarity, each made when it is first asked
/// for.
final class KeyOrders: Sendable {
}
