import Foundation
import Testing
import Transport

@testable import ManifestProviders

/// The signer against AWS's own vectors, S3's documented example, and signatures made by botocore.
@Suite struct SignatureV4Tests {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        /// As it stands on the wire, with the path not yet encoded.
        var request: String
        var canonical: String
        var toSign: String
        var signature: String
        var asWritten: Bool?
        var signBody: Bool?
        var token: String?
        var testDescription: String { name }
    }

    static let vectors: [Vector] = {
        do {
            return try JSONDecoder().decode([Vector].self, from: Data(signatureV4Vectors.utf8))
        } catch {
            Issue.record("the vectors cannot be read: \(error)")
            return []
        }
    }()

    static let exampleKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    @Test func allVectorsAreThere() {
        #expect(Self.vectors.count == 38)
    }

    @Test(arguments: vectors) func vector(_ vector: Vector) throws {
        let request = try Self.parse(vector.request)
        var signer = SignatureV4(
            credentials: AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Self.exampleKey, sessionToken: vector.token),
            region: "us-east-1", service: "service")
        signer.normalizesPath = vector.asWritten != true
        signer.addsContentDigest = vector.signBody == true
        let added = signer.headers(for: request, at: 1_440_938_160)

        let digest = try #require(vector.canonical.split(separator: "\n").last.map(String.init))
        let canonical = CanonicalRequest(
            request, adding: added.filter { $0.name != "Authorization" }, bodyDigest: digest, normalizesPath: signer.normalizesPath,
            encodesPath: true)
        #expect(canonical.text == vector.canonical)
        #expect(signer.stringToSign(canonical, SigningDate(1_440_938_160)) == vector.toSign)
        let authorization = try #require(added.last)
        #expect(
            authorization.value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=\(canonical.signedHeaders), Signature=\(vector.signature)")
        #expect(authorization.isSensitive)
    }

    /// A request as text: a line that begins with a space continues the header before it.
    static func parse(_ text: String) throws -> HTTPRequest {
        let halves = text.components(separatedBy: "\n\n")
        var lines = halves[0].split(separator: "\n").map(String.init)[...]
        let first = try #require(lines.first)
        lines.removeFirst()
        let method = first.prefix { $0 != " " }
        let target = first.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
        var headers: [HTTPHeader] = []
        for line in lines {
            if line.hasPrefix(" "), let last = headers.indices.last {
                headers[last].value += "\n" + line
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                headers.append(HTTPHeader(String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        let body = halves.count > 1 ? Array(halves[1].utf8) : nil
        return HTTPRequest(method: String(method), url: "https://example.amazonaws.com" + target, headers: headers, body: body)
    }

    /// The example of S3's documentation, "GET Object". Its secret differs from the suite's in one character.
    @Test func theExampleOfS3() throws {
        let signer = SignatureV4(
            credentials: AWSCredentials(
                accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "s3")
        let request = HTTPRequest(
            url: "https://examplebucket.s3.amazonaws.com/test.txt", headers: [HTTPHeader("Range", "bytes=0-9")])
        let authorization = try #require(signer.signed(request, at: 1_369_353_600).headers.last)
        #expect(
            authorization.value
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    struct Known: Sendable {
        var method: String
        var url: String
        var service: String
        var region: String
        var token: String?
        var header: HTTPHeader?
        var body: String?
        /// By botocore 1.43, at 2024-02-29T23:59:58Z.
        var signature: String
    }

    static let known = [
        Known(
            method: "POST", url: "https://rds.eu-central-1.amazonaws.com:443/", service: "rds", region: "eu-central-1", token: "TOKEN/+=",
            header: HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            body: "Action=DescribeDBInstances&Version=2014-10-31",
            signature: "3d4d4667c2752aabedf5c16e3b4a33b6cd171b957915a94f98fd707e9d25ff58"),
        Known(
            method: "GET", url: "http://127.0.0.1:5000/2013-04-01/hosted%20zone/a%2Fb?type=A&name=x%20y&name=a", service: "route53",
            region: "us-east-1", signature: "8410b9c220754c6b47b44e84e53ef51a80ab3758c8bad4f6a4626464033e1a3c"),
        Known(
            method: "GET", url: "https://bucket.s3.eu-west-1.amazonaws.com/a%20b/../c//d%2Be?list-type=2&prefix=a%2Fb", service: "s3",
            region: "eu-west-1", token: "TOKEN", signature: "e457f0df40868351619617eb69cf3f52ca45658249609716d4bf782f3e93a4e0"),
        Known(
            method: "PUT", url: "https://bucket.s3.eu-west-1.amazonaws.com/key", service: "s3", region: "eu-west-1",
            header: HTTPHeader("x-amz-acl", "private"), body: "hello",
            signature: "b9b9348a7d6ca7fdfde2ffce29273eb501fcae4b56de6dc3e285c4c48a7df219"),
    ]

    @Test(arguments: known) func asBotocoreSigns(_ known: Known) throws {
        let signer = SignatureV4(
            credentials: AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Self.exampleKey, sessionToken: known.token),
            region: known.region, service: known.service)
        var headers = [HTTPHeader("User-Agent", "not signed"), HTTPHeader("X-Amz-Date", "replaced")]
        if let header = known.header { headers.append(header) }
        let signed = signer.signed(
            HTTPRequest(method: known.method, url: known.url, headers: headers, body: known.body.map { Array($0.utf8) }),
            at: 1_709_251_198)
        #expect(signed.headers.filter { $0.name == "X-Amz-Date" }.map(\.value) == ["20240229T235958Z"])
        let authorization = try #require(signed.headers.last)
        #expect(authorization.value.hasSuffix("Signature=\(known.signature)"))
        // Signing again replaces, and gives the same.
        #expect(signer.signed(signed, at: 1_709_251_198).headers.last == authorization)
        #expect(signed.headers.filter { $0.name == "X-Amz-Security-Token" }.allSatisfy { $0.isSensitive })
    }

    @Test(arguments: [
        (0, "19700101T000000Z"), (951_782_399, "20000228T235959Z"), (951_782_400, "20000229T000000Z"), (1_709_251_199, "20240229T235959Z"),
        (1_709_251_200, "20240301T000000Z"), (4_107_542_399, "21000228T235959Z"), (4_107_542_400, "21000301T000000Z"),
        (1_735_689_599, "20241231T235959Z"),
    ])
    func dates(time: Int, text: String) {
        #expect(SigningDate(time).text == text)
    }
}
