import Crypto
import Transport

/// Who signs. The secret is never printed.
struct AWSCredentials: Sendable, Hashable {
    var accessKeyID: String
    var secretAccessKey: String
    /// Of temporary credentials.
    var sessionToken: String?

    init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// AWS Signature Version 4, in headers. A pure function of request, credentials and time: sign last, when the request is complete.
///
/// A signature holds for some minutes around its time (5 for most services), so one that is made for a transport's retries, too, is
/// made anew by whoever asks again after that.
struct SignatureV4: Sendable {
    var credentials: AWSCredentials
    /// As in `us-east-1`.
    var region: String
    /// The name in the signing scope: `ec2`, `rds`, `elasticloadbalancing`, `s3`, …
    var service: String
    /// `.`, `..` and empty segments are taken out of the path before it is signed. Everywhere but in S3, where they can be names.
    var normalizesPath: Bool
    /// The path is encoded once more before it is signed. Everywhere but in S3, which signs it as it stands in the URL.
    var encodesPath: Bool
    /// Adds `X-Amz-Content-Sha256` with the body's digest, which S3 requires.
    var addsContentDigest: Bool

    init(credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
        let isS3 = service == "s3" || service == "s3express"
        normalizesPath = !isS3
        encodesPath = !isS3
        addsContentDigest = isS3
    }

    /// The request with `X-Amz-Date`, `Authorization` and what else the signature needs. Headers of those names are replaced.
    /// - Parameter time: seconds since 1970.
    func signed(_ request: HTTPRequest, at time: Int) -> HTTPRequest {
        var request = request
        let added = headers(for: request, at: time)
        let names = Set(added.map { $0.name.lowercased() })
        request.headers.removeAll { names.contains($0.name.lowercased()) }
        request.headers += added
        return request
    }

    /// The headers to add to the request.
    /// - Parameter time: seconds since 1970.
    func headers(for request: HTTPRequest, at time: Int) -> [HTTPHeader] {
        let date = SigningDate(time)
        let digest = Self.hex(SHA256.hash(data: request.body ?? []))
        var added = [HTTPHeader("X-Amz-Date", date.text)]
        if let token = credentials.sessionToken { added.append(HTTPHeader("X-Amz-Security-Token", token, isSensitive: true)) }
        if addsContentDigest { added.append(HTTPHeader("X-Amz-Content-Sha256", digest)) }

        let canonical = CanonicalRequest(
            request, adding: added, bodyDigest: digest, normalizesPath: normalizesPath, encodesPath: encodesPath)
        let signature = Self.hex(
            HMAC<SHA256>.authenticationCode(for: Array(stringToSign(canonical, date).utf8), using: SymmetricKey(data: key(date))))
        added.append(
            HTTPHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(date)), SignedHeaders=\(canonical.signedHeaders), "
                    + "Signature=\(signature)", isSensitive: true))
        return added
    }

    func stringToSign(_ canonical: CanonicalRequest, _ date: SigningDate) -> String {
        let digest = Self.hex(SHA256.hash(data: Array(canonical.text.utf8)))
        return "AWS4-HMAC-SHA256\n\(date.text)\n\(scope(date))\n\(digest)"
    }

    private func scope(_ date: SigningDate) -> String {
        "\(date.day)/\(region)/\(service)/aws4_request"
    }

    private func key(_ date: SigningDate) -> [UInt8] {
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in [date.day, region, service, "aws4_request"] {
            key = Array(HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: SymmetricKey(data: key)))
        }
        return key
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A moment as signatures write it: `20150830T123600Z`.
struct SigningDate: Sendable {
    let text: String
    var day: String { String(text.prefix(8)) }

    /// - Parameter time: seconds since 1970.
    init(_ time: Int) {
        let days = Int((Double(time) / 86400).rounded(.down))
        let second = time - days * 86400
        // Civil date from days, counted in eras of 400 years that begin in March.
        let shifted = days + 719_468
        let era = Int((Double(shifted) / 146_097).rounded(.down))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        text =
            padded(year, 4) + padded(civilMonth) + padded(day) + "T" + padded(second / 3600) + padded(second / 60 % 60)
            + padded(second % 60) + "Z"
    }
}
