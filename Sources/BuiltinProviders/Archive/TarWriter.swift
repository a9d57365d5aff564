import Compression

/// A tar archive, compressed by gzip: no owners, and 1970 for every time.
enum TarGzipWriter: ArchiveWriter {
    static func archive(_ members: [ArchiveMember]) -> [UInt8] {
        var bytes: [UInt8] = []
        for member in members {
            append(member, to: &bytes)
            append(padded: member.content, to: &bytes)
        }
        bytes += [UInt8](repeating: 0, count: 1024)
        return Gzip.compress(bytes, isFlushed: false)
    }

    private static func append(_ member: ArchiveMember, to bytes: inout [UInt8]) {
        let name = Array(member.name.utf8)
        let isASCII = name.allSatisfy { $0 < 0x80 && $0 != 0 }
        if isASCII, name.count <= 100 {
            bytes += header(name, prefix: [], mode: member.mode ?? 0, size: member.content.count, kind: "0")
        } else if isASCII, let (prefix, suffix) = split(name) {
            bytes += header(suffix, prefix: prefix, mode: member.mode ?? 0, size: member.content.count, kind: "0")
        } else {
            // A record of its own holds the name in full; what old readers see is cut off.
            let record = extended("path", name)
            bytes += header(shortened(extendedName(name)), prefix: [], mode: 0, size: record.count, kind: "x", isExtended: true)
            append(padded: record, to: &bytes)
            bytes += header(
                shortened(name.filter { $0 < 0x80 && $0 != 0 }), prefix: [], mode: member.mode ?? 0, size: member.content.count, kind: "0")
        }
    }

    private static func header(
        _ name: [UInt8], prefix: [UInt8], mode: UInt32, size: Int, kind: Character, isExtended: Bool = false
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, digits: Int) -> [UInt8] {
            let text = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
        }
        put(name.prefix(100), at: 0)
        put(octal(Int(mode), digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put(String(kind).utf8, at: 156)
        put(Array("ustar\u{0}00".utf8), at: 257)
        if !isExtended {
            put(octal(0, digits: 7), at: 329)
            put(octal(0, digits: 7), at: 337)
        }
        put(prefix.prefix(155), at: 345)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + [0, 0x20], at: 148)
        return block
    }

    /// A name of more than 100 bytes, cut at a slash into two that fit.
    private static func split(_ name: [UInt8]) -> (prefix: [UInt8], suffix: [UInt8])? {
        guard let slash = name.prefix(156).lastIndex(of: UInt8(ascii: "/")), slash > 0 else { return nil }
        let suffix = Array(name[(slash + 1)...])
        guard !suffix.isEmpty, suffix.count <= 100, slash <= 155 else { return nil }
        return (Array(name[..<slash]), suffix)
    }

    /// `27 path=…`, its own length first.
    private static func extended(_ key: String, _ value: [UInt8]) -> [UInt8] {
        // The digits of the length count, too.
        let rest = key.utf8.count + value.count + 3
        var length = rest + String(rest).utf8.count
        if String(length).utf8.count != String(rest).utf8.count { length = rest + String(length).utf8.count }
        return Array("\(length) \(key)=".utf8) + value + [10]
    }

    private static func extendedName(_ name: [UInt8]) -> [UInt8] {
        let ascii = name.filter { $0 < 0x80 && $0 != 0 }
        let slash = ascii.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { Array(ascii[...$0]) } ?? []
        return directory + Array("PaxHeaders.0/".utf8) + ascii[(slash.map { $0 + 1 } ?? 0)...]
    }

    private static func shortened(_ name: [UInt8]) -> [UInt8] {
        var name = name.prefix(100)
        while name.count == 100, name.last == UInt8(ascii: "/") { name.removeLast() }
        return Array(name)
    }

    private static func append(padded content: [UInt8], to bytes: inout [UInt8]) {
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
}
