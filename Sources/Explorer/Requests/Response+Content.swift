#if Explorer

import FoundationEssentials
import HTTPTypes
import Hummingbird

extension Response {
  init(_ status: HTTPResponse.Status = .ok, type: String, _ content: ByteBuffer) {
    self.init(
      status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: content))
  }

  init(_ status: HTTPResponse.Status = .ok, type: String, _ text: String) {
    self.init(status, type: type, ByteBuffer(string: text))
  }

  /// An answer as JSON.
  static func json(
    _ answer: some Encodable, _ status: HTTPResponse.Status = .ok
  ) throws -> Response {
    Response(
      status, type: "application/json", ByteBuffer(bytes: try JSONEncoder.plain.encode(answer)))
  }
}

extension Fault {
  /// The fault as JSON, which can represent every fault.
  var content: ByteBuffer {
    ByteBuffer(bytes: (try? JSONEncoder.plain.encode(self)) ?? Data())
  }

  var response: Response {
    var response = Response(status, type: "application/json", content)
    response.headers.append(contentsOf: headers)
    return response
  }
}

extension JSONEncoder {
  /// Equal answers give equal bytes.
  fileprivate static var plain: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return encoder
  }
}

#endif
