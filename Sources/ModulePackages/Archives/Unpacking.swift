import FoundationEssentials

/// Unpacks archives into a folder. Compressed bytes are made plain by programs that every system has, which bounds them from outside; what
/// the archive holds is read here, so that nothing in it is believed.
struct Unpacking {
    var limits: PackageLimits
    /// For the programs.
    var environment: [String: String]
    /// A folder for what is needed on the way; the caller removes it.
    var scratch: String

    /// - Parameter folder: there, and empty.
    func unpack(_ archive: [UInt8], _ format: ArchiveFormat, into folder: String) async throws(ArchiveFault) {
        if format == .zip { return try await unpackZip(archive, into: folder) }
        var plain = archive
        if let program = format.program { plain = try await decompressed(archive, program) }
        let tree = TreeWriter(folder: folder)
        try tree.write(try TarReader.entries(of: plain, limit: limits.entries), from: plain)
    }

    private func unpackZip(_ archive: [UInt8], into folder: String) async throws(ArchiveFault) {
        let found = try ZipReader(archive).entries(limits)
        // The packed bytes as members of one gzip file: its program checks the checksum and the size of each.
        var members: [UInt8] = []
        for entry in found where entry.isDeflated && !entry.isFolder {
            members += [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
            members += archive[entry.packed]
            for value in [entry.checksum, UInt32(truncatingIfNeeded: entry.size)] {
                for shift in [UInt32(0), 8, 16, 24] { members.append(UInt8(truncatingIfNeeded: value >> shift)) }
            }
        }
        var plain = members.isEmpty ? [] : try await decompressed(members, "gzip")
        var place = 0
        var entries: [ArchiveEntry] = []
        for entry in found {
            if entry.isFolder {
                entries.append(ArchiveEntry(path: entry.path, content: .folder))
                continue
            }
            var content = place..<place + entry.size
            if entry.isDeflated {
                place += entry.size
            } else {
                content = plain.count..<plain.count + entry.packed.count
                plain += archive[entry.packed]
            }
            guard content.upperBound <= plain.count else { throw ArchiveFault("\"\(entry.path)\" in it is damaged") }
            if entry.isLink {
                let target = String(decoding: plain[content], as: UTF8.self)
                entries.append(ArchiveEntry(path: entry.path, content: .link(target: target)))
            } else {
                entries.append(ArchiveEntry(path: entry.path, content: .file(content, isExecutable: entry.isExecutable)))
            }
        }
        try TreeWriter(folder: folder).write(entries, from: plain)
    }

    private func decompressed(_ bytes: [UInt8], _ program: String) async throws(ArchiveFault) -> [UInt8] {
        let packed = "\(scratch)/packed-\(UUID().uuidString)"
        let plain = "\(scratch)/plain-\(UUID().uuidString)"
        do {
            try Data(bytes).write(to: URL(filePath: packed))
            let child = ChildProgram(
                name: program, arguments: ["-dc", "--", packed], environment: environment, timeout: limits.programSeconds,
                maximumOutput: limits.unpackedBytes)
            let ending = try await child.run(output: plain, scratch: scratch)
            guard ending.code == 0 else { throw ArchiveFault("\(program) cannot unpack it: \(firstLine(ending.said, without: packed))") }
            let result = Array(try Data(contentsOf: URL(filePath: plain)))
            if result.count > limits.unpackedBytes {
                throw ArchiveFault("it would be larger than \(limits.unpackedBytes >> 20) MiB when unpacked")
            }
            try FileManager.default.removeItem(atPath: packed)
            try FileManager.default.removeItem(atPath: plain)
            return result
        } catch let fault as ArchiveFault {
            throw fault
        } catch {
            throw ArchiveFault("\(error)")
        }
    }

    private func firstLine(_ text: String, without path: String) -> String {
        let line = text.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) } ?? "it says no reason"
        return String(line.replacing(path, with: "the archive"))
    }
}
