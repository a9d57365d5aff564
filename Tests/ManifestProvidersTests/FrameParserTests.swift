import Testing

@testable import ManifestProviders

@Suite struct FrameParserTests {
    @Test func framesInAnyPieces() {
        let token = Prelude.randomToken()
        let text = "noise \(token) e 4 5\nname\nv\nlue\n\(token) x 1 0\n0\n\ntail"
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            var parser = FrameParser(token: token)
            var frames: [Frame] = []
            var index = 0
            while index < bytes.count {
                frames += parser.parse(Array(bytes[index..<min(bytes.count, index + size)]))
                index += size
            }
            #expect(frames == [Frame(kind: .emitted, name: "name", value: Array("v\nlue".utf8)), Frame(kind: .end, name: "0", value: [])])
        }
    }

    /// Foreign bytes, damaged frames and lying lengths: no crash, and every later whole frame is still found.
    @Test func survivesGarbage() {
        var random = SeededGenerator(state: 3)
        let token = "0123456789abcdef0123456789abcdef"
        let good = Array("\(token) e 1 1\na\nb\n".utf8)
        for _ in 0..<3_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                switch Int.random(in: 0...4, using: &random) {
                case 0: bytes += (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                case 1: bytes += Array("\(token) e 99999999999 4\n".utf8)
                case 2: bytes += Array("\(token) z 1 1\n".utf8)
                case 3:
                    var damaged = good
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    bytes += damaged
                default: bytes += Array(token.utf8.prefix(Int.random(in: 0...32, using: &random)))
                }
            }
            var parser = FrameParser(token: token, limit: 64)
            var frames: [Frame] = []
            for byte in bytes { frames += parser.parse([byte]) }
            // What a damaged header announced is at most the limit: enough whole frames bring the parser back.
            for _ in 0..<12 { frames += parser.parse(good) }
            #expect(frames.last == Frame(kind: .emitted, name: "a", value: [UInt8(ascii: "b")]))
        }
    }

    @Test func base64() {
        #expect(decodedBase64(Array("aGVs\nbG8=\n".utf8)) == Array("hello".utf8))
        #expect(decodedBase64([]) == [])
        #expect(decodedBase64(Array("AA==".utf8)) == [0])
        #expect(decodedBase64(Array("A".utf8)) == nil)
        #expect(decodedBase64(Array("AA=A".utf8)) == nil)
        #expect(decodedBase64(Array("A\u{1}AA".utf8)) == nil)
    }
}
