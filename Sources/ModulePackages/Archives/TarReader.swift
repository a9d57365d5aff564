/// The entries of a tar archive: ustar, with the longer names of GNU and of pax.
struct TarReader {
    private let bytes: [UInt8]
    private var position = 0
    private var longName: String?
    private var longLink: String?
    private var longSize: Int?

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter limit: entries at most.
    static func entries(of bytes: [UInt8], limit: Int) throws(ArchiveFault) -> [ArchiveEntry] {
        var reader = TarReader(bytes)
        var entries: [ArchiveEntry] = []
        while let entry = try reader.next() {
            if entries.count == limit { throw ArchiveFault("it has more than \(limit) entries") }
            entries.append(entry)
        }
        return entries
    }

    private static let block = 512

    private mutating func next() throws(ArchiveFault) -> ArchiveEntry? {
        while position + Self.block <= bytes.count {
            let header = position
            if bytes[header..<header + Self.block].allSatisfy({ $0 == 0 }) { return nil }
            try checkSum(header)
            position += Self.block
            let kind = bytes[header + 156]
            let written = try number(header + 124, 12)
            let size = longSize ?? written
            // Other kinds than files say a size in some archives, and have no content.
            let hasContent = !"123456".utf8.contains(kind)
            guard size >= 0, size <= bytes.count - position else { throw ArchiveFault("it ends too early") }
            let content = position..<position + (hasContent ? size : 0)
            position += (content.count + Self.block - 1) / Self.block * Self.block
            switch kind {
            case UInt8(ascii: "L"): longName = text(content)
            case UInt8(ascii: "K"): longLink = text(content)
            case UInt8(ascii: "x"): try readRecords(content)
            // Comments, such as the commit that an archive was made from.
            case UInt8(ascii: "g"): break
            default: return try entry(kind, header, content)
            }
        }
        if position < bytes.count || bytes.isEmpty { throw ArchiveFault("it is no tar archive, or ends too early") }
        return nil
    }

    private mutating func entry(_ kind: UInt8, _ header: Int, _ content: Range<Int>) throws(ArchiveFault) -> ArchiveEntry {
        defer { (longName, longLink, longSize) = (nil, nil, nil) }
        let path = longName ?? shortName(header)
        let target = longLink ?? text(header + 157..<header + 257)
        switch kind {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            // Of old: a folder is a file whose name ends with a slash.
            if path.hasSuffix("/") { return ArchiveEntry(path: path, content: .folder) }
            let mode = try number(header + 100, 8)
            return ArchiveEntry(path: path, content: .file(content, isExecutable: mode & 0o111 != 0))
        case UInt8(ascii: "1"): return ArchiveEntry(path: path, content: .hardLink(target: target))
        case UInt8(ascii: "2"): return ArchiveEntry(path: path, content: .link(target: target))
        case UInt8(ascii: "5"): return ArchiveEntry(path: path, content: .folder)
        default: throw ArchiveFault("\"\(path)\" in it is neither a file nor a folder nor a link")
        }
    }

    private func shortName(_ header: Int) -> String {
        let name = text(header..<header + 100)
        let isStandard = bytes[header + 257..<header + 263].elementsEqual(Array("ustar\0".utf8))
        let prefix = isStandard ? text(header + 345..<header + 500) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self)
    }

    private func number(_ start: Int, _ count: Int) throws(ArchiveFault) -> Int {
        var result = 0
        if bytes[start] & 0x80 != 0 {
            // Too large for octal digits: binary.
            for (offset, byte) in bytes[start..<start + count].enumerated() {
                let (high, overflow) = result.multipliedReportingOverflow(by: 256)
                if overflow { throw ArchiveFault("a number in it is too large") }
                result = high | Int(offset == 0 ? byte & 0x7f : byte)
            }
            return result
        }
        for byte in bytes[start..<start + count] where byte != 0 && byte != UInt8(ascii: " ") {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte), result < 1 << 50 else {
                throw ArchiveFault("a number in it cannot be read")
            }
            result = result * 8 + Int(byte - UInt8(ascii: "0"))
        }
        return result
    }

    private func checkSum(_ header: Int) throws(ArchiveFault) {
        var sum = 0
        for offset in 0..<Self.block { sum += (148..<156).contains(offset) ? 32 : Int(bytes[header + offset]) }
        var written: Int?
        do throws(ArchiveFault) {
            written = try number(header + 148, 8)
        } catch {
            written = nil
        }
        guard written == sum else { throw ArchiveFault("it is no tar archive, or it is damaged") }
    }

    /// `17 path=some/name\n`, one after another.
    private mutating func readRecords(_ content: Range<Int>) throws(ArchiveFault) {
        var place = content.lowerBound
        while place < content.upperBound {
            guard let space = bytes[place..<content.upperBound].firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: bytes[place..<space], as: UTF8.self)), length > space - place + 1,
                length <= content.upperBound - place
            else { throw ArchiveFault("a record in it cannot be read") }
            let record = bytes[space + 1..<place + length - 1]
            place += length
            guard let sign = record.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = String(decoding: record[(sign + 1)...], as: UTF8.self)
            switch String(decoding: record[..<sign], as: UTF8.self) {
            case "path": longName = value
            case "linkpath": longLink = value
            case "size":
                guard let size = Int(value), size >= 0 else { throw ArchiveFault("a size in it cannot be read") }
                longSize = size
            default: continue
            }
        }
    }
}
