#if Explorer
import Hummingbird

public func run() async throws {
  let router = Router()
  router.get("/") { _, _ in
    Response(status: .ok, headers: [.contentType: "text/html"], body: .init(byteBuffer: ByteBuffer(bytes: PackageResources.index_html)))
  }
  let app = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 8099)))
  try await app.runService()
}
#endif
