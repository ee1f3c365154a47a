#if Explorer

import Hummingbird

/// A file of the page, as it was compiled into the program.
struct PageFile {
  let path: String
  private let type: String
  private let bytes: [UInt8]

  private init(_ path: String, _ bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    type =
      switch path.split(separator: ".").last {
      case "css": "text/css; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "json": "application/json"
      default: "text/html; charset=utf-8"
      }
  }

  static let all = [
    PageFile("/", PackageResources.index_html),
    PageFile("/explorer.css", PackageResources.explorer_css),
    PageFile("/explorer.js", PackageResources.explorer_js),
    PageFile("/api.js", PackageResources.api_js),
    PageFile("/bandwidth.js", PackageResources.bandwidth_js),
    PageFile("/controls.js", PackageResources.controls_js),
    PageFile("/exports.js", PackageResources.exports_js),
    PageFile("/figure.js", PackageResources.figure_js),
    PageFile("/query.js", PackageResources.query_js),
    PageFile("/slider.js", PackageResources.slider_js),
    PageFile("/tables.js", PackageResources.tables_js),
    PageFile("/view.js", PackageResources.view_js),
    PageFile("/words.js", PackageResources.words_js),
    PageFile("/api/openapi.json", PackageResources.openapi_json),
  ]

  var response: Response { Response(type: type, ByteBuffer(bytes: bytes)) }
}

#endif
