#if Explorer

import ExplorerViews
import HTTPTypes
import Hummingbird
import NIOHTTP1
import Nadaraya
import Tables

extension Fault {
  /// The fault for an error of a lower module.
  init(_ error: any Error) {
    switch error {
    case let fault as Fault: self = fault
    case let error as ExplorationError: self.init(error)
    case let error as TableError:
      self.init(.unprocessableContent, error.message, hint: error.hint, place: error.place)
    case let error as KernelRegressionError: self.init(error)
    case let error as ModelError: self.init(.unprocessableContent, error.description)
    case is ClientLeft, is CancellationError: self.init(.serviceUnavailable, "the client has left")
    case let error as HTTPError where error.status == .notFound:
      self.init(
        .notFound, "there is nothing at this path", hint: "/api/openapi.json lists the paths")
    case is HTTPParserError: self.init(malformed: error)
    default: self.init(.internalServerError, "unexpected: \(error)")
    }
  }

  private init(_ error: ExplorationError) {
    let status: HTTPResponse.Status =
      switch error.kind {
      case .badRequest: .badRequest
      case .notFound: .notFound
      case .unprocessable: .unprocessableContent
      }
    self.init(status, error.message, hint: error.hint, parameter: error.parameter)
  }

  /// What the state of the view asks for is the request's fault, what the rows forbid is theirs.
  private init(_ error: KernelRegressionError) {
    switch error.code {
    case .cancelled: self.init(.serviceUnavailable, error.description)
    case .dimensionMismatch, .invalidBandwidth, .invalidAccuracy, .invalidDegree,
      .invalidProbability, .unsuitableEngine, .invalidScore:
      self.init(.badRequest, error.description)
    default: self.init(.unprocessableContent, error.description)
    }
  }

  /// Bytes that are not a request.
  init(malformed error: any Error) {
    if case .headerOverflow? = error as? HTTPParserError {
      self.init(
        .requestHeaderFieldsTooLarge,
        "the request's header is longer than \(Limits.headerFieldBytes) bytes in a field or "
          + "\(Limits.headerBytes) in all")
    } else {
      self.init(.badRequest, "the request is not valid HTTP: \(error)")
    }
  }
}

#endif
