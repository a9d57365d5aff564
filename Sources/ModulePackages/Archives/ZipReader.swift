/// The entries of a zip archive, by its directory.
struct ZipReader {
    /// One packed file; its content is found by unpacking `packed`.
    struct Entry {
        var path: String
        var isFolder: Bool
        var isLink: Bool
        var isExecutable: Bool
        var isDeflated: Bool
        /// Where its bytes are in the archive.
        var packed: Range<Int>
        var size: Int
        var checksum: UInt32
    }

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter limits: of how many entries there may be and how large they may be together.
    func entries(_ limits: PackageLimits) throws(ArchiveFault) -> [Entry] {
        let (count, start) = try directory()
        if count > limits.entries { throw ArchiveFault("it has more than \(limits.entries) entries") }
        var entries: [Entry] = []
        var position = start
        var total = 0
        for _ in 0..<count {
            let (entry, next) = try self.entry(at: position)
            // Entries may share their bytes, which small archives use to become enormous.
            let size = max(entry.size, entry.packed.count)
            if size > limits.unpackedBytes - total {
                throw ArchiveFault("it would be larger than \(limits.unpackedBytes >> 20) MiB when unpacked")
            }
            total += size
            entries.append(entry)
            position = next
        }
        return entries
    }

    /// How many entries the directory has, and where it begins.
    private func directory() throws(ArchiveFault) -> (count: Int, start: Int) {
        let none = ArchiveFault("it is no zip archive, or it ends too early")
        guard bytes.count >= 22 else { throw none }
        // Behind it stands a comment of 64 KiB at most.
        var place = bytes.count - 22
        while try number(place, 4) != 0x0605_4b50 {
            guard place > 0, bytes.count - place < 22 + 65_536 else { throw none }
            place -= 1
        }
        let count = try number(place + 10, 2)
        let start = try number(place + 16, 4)
        if count != 0xffff, start != 0xffff_ffff { return (count, start) }
        guard place >= 20, try number(place - 20, 4) == 0x0706_4b50 else { return (count, start) }
        let wide = try number(place - 12, 8)
        guard try number(wide, 4) == 0x0606_4b50 else { throw none }
        return (try number(wide + 32, 8), try number(wide + 48, 8))
    }

    private func entry(at place: Int) throws(ArchiveFault) -> (Entry, next: Int) {
        guard try number(place, 4) == 0x0201_4b50 else { throw ArchiveFault("its directory is damaged") }
        let flags = try number(place + 8, 2)
        let method = try number(place + 10, 2)
        var packedSize = try number(place + 20, 4)
        var size = try number(place + 24, 4)
        let nameLength = try number(place + 28, 2)
        let extraLength = try number(place + 30, 2)
        let commentLength = try number(place + 32, 2)
        var offset = try number(place + 42, 4)
        let mode = try number(place + 38, 4) >> 16
        let name = place + 46..<place + 46 + nameLength
        guard name.upperBound + extraLength + commentLength <= bytes.count else { throw ArchiveFault("its directory is damaged") }
        let path = String(decoding: bytes[name], as: UTF8.self)
        if flags & 1 != 0 { throw ArchiveFault("\"\(path)\" in it is encrypted") }
        guard method == 0 || method == 8 else { throw ArchiveFault("\"\(path)\" in it is packed in a way that is not known") }
        try readExtra(name.upperBound..<name.upperBound + extraLength, &size, &packedSize, &offset)
        guard try number(offset, 4) == 0x0403_4b50 else { throw ArchiveFault("\"\(path)\" is not where its directory says") }
        let start = offset + 30 + (try number(offset + 26, 2)) + (try number(offset + 28, 2))
        let (end, overflow) = start.addingReportingOverflow(packedSize)
        guard !overflow, end <= bytes.count else { throw ArchiveFault("it ends too early") }
        let entry = Entry(
            path: path, isFolder: path.hasSuffix("/"), isLink: mode & 0o170000 == 0o120000, isExecutable: mode & 0o111 != 0,
            isDeflated: method == 8, packed: start..<end, size: size, checksum: UInt32(truncatingIfNeeded: try number(place + 16, 4)))
        return (entry, name.upperBound + extraLength + commentLength)
    }

    /// Sizes and places that need more than 32 bits.
    private func readExtra(_ range: Range<Int>, _ size: inout Int, _ packedSize: inout Int, _ offset: inout Int) throws(ArchiveFault) {
        var place = range.lowerBound
        while place + 4 <= range.upperBound {
            let length = try number(place + 2, 2)
            if try number(place, 2) == 1 {
                var field = place + 4
                if size == 0xffff_ffff {
                    size = try number(field, 8)
                    field += 8
                }
                if packedSize == 0xffff_ffff {
                    packedSize = try number(field, 8)
                    field += 8
                }
                if offset == 0xffff_ffff { offset = try number(field, 8) }
                return
            }
            place += 4 + length
        }
    }

    private func number(_ start: Int, _ count: Int) throws(ArchiveFault) -> Int {
        guard start >= 0, start <= bytes.count - count else { throw ArchiveFault("it ends too early") }
        var result: UInt64 = 0
        for index in (0..<count).reversed() { result = result << 8 | UInt64(bytes[start + index]) }
        guard let number = Int(exactly: result) else { throw ArchiveFault("a number in it is too large") }
        return number
    }
}
