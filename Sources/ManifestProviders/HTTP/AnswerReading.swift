import Transport
import Values

/// Reads an answer into what recipes see as `response`.
enum AnswerReading {
    /// Why it is none: a body, in words that follow "was answered with".
    struct Failure: Error { let message: String }

    static func value(of response: HTTPResponse, wire: HTTPManifest.Wire) throws(Failure) -> Value {
        var headers: [(String, Value)] = []
        for header in response.headers { headers.append((header.name.lowercased(), .string(header.value))) }
        var body = Value.null
        // Proxies and servers in trouble answer in HTML whatever they were asked: the status says enough, and the text is shown.
        let mayBeText = response.status >= 400
        let type = response.header("content-type")?.prefix { $0 != ";" }.lowercased() ?? ""
        if !mayBeText, type == "text/html" || type == "application/xhtml+xml" { throw Failure(message: "a page for people (\(type))") }
        let first = response.body.first { $0 > 0x20 }
        let isXML = wire != .json || type.contains("xml")
        if wire != .json, !mayBeText, first != UInt8(ascii: "<") {
            throw Failure(message: first == nil ? "an empty body" : "a body that is no XML")
        }
        if first == UInt8(ascii: "<"), isXML {
            do throws(XMLReader.Failure) {
                body = unwrapped(try XMLReader.read(response.body))
            } catch {
                guard mayBeText else { throw Failure(message: "a body that is no XML that can be read: \(error.message)") }
                body = .string(String(decoding: response.body, as: UTF8.self))
            }
        } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            || (first != nil && type.contains("json"))
        {
            do throws(JSONError) {
                body = try Value.parsingJSON(response.body)
            } catch {
                guard mayBeText else { throw Failure(message: "a body that is no JSON that can be read: \(error.message)") }
                body = .string(String(decoding: response.body, as: UTF8.self))
            }
        } else if first != nil {
            body = .string(String(decoding: response.body, as: UTF8.self))
        }
        return .object([("status", .int(response.status)), ("headers", .map(headers, of: .string)), ("body", body)])
    }

    /// AWS's query services put what an action gives into an element of its own: `DescribeXResponse` holds `DescribeXResult`.
    private static func unwrapped(_ root: (name: String, value: Value)) -> Value {
        guard root.name.hasSuffix("Response"), let result = root.value[root.name.dropLast("Response".count) + "Result"] else {
            return root.value
        }
        return result.isNull ? .emptyObject : result
    }
}
