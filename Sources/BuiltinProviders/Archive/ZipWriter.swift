import Compression

/// A zip archive: deflated members whose sizes stand behind them, no times.
enum ZipWriter: ArchiveWriter {
    static func archive(_ members: [ArchiveMember]) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let entry = Entry(member, offset: bytes.count)
            entry.appendMember(to: &bytes)
            entry.appendRecord(to: &directory)
        }
        let start = bytes.count
        bytes += directory
        bytes.appendLittleEndian(UInt32(0x0605_4B50))
        bytes.appendLittleEndian(UInt32(0))
        for _ in 0..<2 { bytes.appendLittleEndian(UInt16(clamping: members.count)) }
        bytes.appendLittleEndian(UInt32(clamping: directory.count))
        bytes.appendLittleEndian(UInt32(clamping: start))
        bytes.appendLittleEndian(UInt16(0))
        return bytes
    }

    private struct Entry {
        let name: [UInt8]
        let data: [UInt8]
        let checksum: UInt32
        let size: Int
        let mode: UInt32?
        let offset: Int

        init(_ member: ArchiveMember, offset: Int) {
            name = Array(member.name.utf8)
            data = Deflate.compress(member.content, .zip, isFlushed: false)
            checksum = Checksum.crc32(member.content)
            size = member.content.count
            mode = member.mode
            self.offset = offset
        }

        private static let needed: UInt16 = 20
        private static let deflated: UInt16 = 8

        /// Sizes stand behind the member; the name is UTF-8 where ASCII is not enough.
        private var flags: UInt16 {
            let isPlain = name.allSatisfy { (0x20...0x7D).contains($0) && $0 != UInt8(ascii: "\\") }
            return isPlain ? 0x8 : 0x808
        }

        /// A file of the disk has the year 1 for its time, as DOS would count it; others have none.
        private var date: UInt16 { mode == nil ? 0 : 0x8A21 }

        func appendMember(to bytes: inout [UInt8]) {
            bytes.appendLittleEndian(UInt32(0x0403_4B50))
            appendCommon(to: &bytes)
            for _ in 0..<3 { bytes.appendLittleEndian(UInt32(0)) }
            bytes.appendLittleEndian(UInt16(name.count))
            bytes.appendLittleEndian(UInt16(0))
            bytes += name
            bytes += data
            bytes.appendLittleEndian(UInt32(0x0807_4B50))
            appendSizes(to: &bytes)
        }

        func appendRecord(to bytes: inout [UInt8]) {
            bytes.appendLittleEndian(UInt32(0x0201_4B50))
            // Made on Unix where there is a mode to tell.
            bytes.appendLittleEndian(Self.needed | (mode == nil ? 0 : 3 << 8))
            appendCommon(to: &bytes)
            appendSizes(to: &bytes)
            bytes.appendLittleEndian(UInt16(name.count))
            for _ in 0..<4 { bytes.appendLittleEndian(UInt16(0)) }
            bytes.appendLittleEndian(attributes)
            bytes.appendLittleEndian(UInt32(clamping: offset))
            bytes += name
        }

        private func appendCommon(to bytes: inout [UInt8]) {
            for field in [Self.needed, flags, Self.deflated, 0, date] { bytes.appendLittleEndian(field) }
        }

        private func appendSizes(to bytes: inout [UInt8]) {
            bytes.appendLittleEndian(checksum)
            bytes.appendLittleEndian(UInt32(clamping: data.count))
            bytes.appendLittleEndian(UInt32(clamping: size))
        }

        /// The mode of a regular file; the lowest bit says read-only to DOS.
        private var attributes: UInt32 {
            guard let mode else { return 0 }
            return (0o100000 | mode & 0o7777) << 16 | (mode & 0o200 == 0 ? 1 : 0)
        }
    }
}
