#if Explorer

import HTTPTypes

/// The target of a request: a path with its query, or an address that names an authority as well.
///
/// ## Source
/// RFC 9112, section 3.2.
struct RequestTarget: Equatable {
  /// What replaces Host; nil where the target is a path.
  let authority: String?
  let path: String

  /// - Throws: a ``Fault`` of status 400 for a target that is neither.
  init(_ target: String) throws(Fault) {
    let scheme = "http://"
    if target.hasPrefix("/") || target == "*" {
      authority = nil
      path = target
    } else if target.lowercased().hasPrefix(scheme) {
      let rest = target.dropFirst(scheme.count)
      let name = rest.prefix { !"/?#".contains($0) }
      authority = String(name)
      path = (rest.dropFirst(name.count).hasPrefix("/") ? "" : "/") + rest.dropFirst(name.count)
    } else {
      throw Fault(
        .badRequest,
        "the request's target \"\(target.prefix(60))\" is neither a path nor an HTTP address")
    }
  }
}

#endif
