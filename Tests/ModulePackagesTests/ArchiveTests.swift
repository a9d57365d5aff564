import Foundation
import Testing

@testable import ModulePackages

/// Archives as they should be, and as they should not: each is made by a line of Python.
@Suite struct ArchiveTests {
    private static let prelude = """
        import io, tarfile, zipfile, sys
        out = sys.argv[1]
        def tar(*entries):
            with tarfile.open(out, 'w:gz') as t:
                for name, kind, value in entries:
                    i = tarfile.TarInfo(name); i.type = kind
                    data = b''
                    if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE): i.linkname = value
                    elif kind == tarfile.REGTYPE: data = value.encode(); i.size = len(data)
                    t.addfile(i, io.BytesIO(data))
        F, D, S, L, P = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE
        def zip(*entries):
            with zipfile.ZipFile(out, 'w') as z:
                for name, mode, value, method in entries:
                    i = zipfile.ZipInfo(name); i.external_attr = mode << 16; i.compress_type = method
                    z.writestr(i, value)
        def pax(size):
            with tarfile.open(out, 'w', format=tarfile.PAX_FORMAT) as t:
                i = tarfile.TarInfo('a'); i.pax_headers = {'size': size}
                t.addfile(i)
        def wide(size):
            h = bytearray(tarfile.TarInfo('a').tobuf()); h[124:136] = size; h[148:156] = b' ' * 8
            h[148:156] = b'%06o\\0 ' % sum(h)
            open(out, 'wb').write(bytes(h) + bytes(1024))
        Z, N = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED

        """

    /// What became of an archive: the names of what it held, or why it was refused.
    private func unpack(_ python: String, _ format: ArchiveFormat, _ limits: PackageLimits = .init()) async throws -> [String] {
        let place = try Installation()
        defer { place.remove() }
        let script = place.folder.appending(path: "make.py")
        try (Self.prelude + python + "\n").write(to: script, atomically: true, encoding: .utf8)
        try await place.shell("python3 make.py archive && mkdir scratch content")
        let bytes = Array(try Data(contentsOf: place.folder.appending(path: "archive")))
        let unpacking = Unpacking(
            limits: limits, environment: ProcessInfo.processInfo.environment, scratch: place.folder.appending(path: "scratch").path)
        do throws(ArchiveFault) {
            try await unpacking.unpack(bytes, format, into: place.folder.appending(path: "content").path)
        } catch {
            return ["refused: \(error)"]
        }
        return try await place.shell("cd content && find . -mindepth 1 -printf '%P %y%l %s %m\\n' | sort").split(separator: "\n").map(
            String.init)
    }

    @Test func whatIsWell() async throws {
        #expect(
            try await unpack("tar(('a/', D, ''), ('a/b.tf', F, 'hello'), ('./c', F, ''), ('l', S, 'a/b.tf'), ('h', L, 'a/b.tf'))", .tarGzip)
                == ["a d 4096 755", "a/b.tf f 5 644", "c f 0 644", "h f 5 644", "l la/b.tf 6 777"])
        let long = String(repeating: "x", count: 120)
        #expect(try await unpack("tar(('\(long)/\(long)/a', F, 'v'))", .tarGzip).last == "\(long)/\(long)/a f 1 644")
        #expect(
            try await unpack(
                "zip(('d/', 0o40755, '', N), ('d/x', 0o100755, 'run' * 99, Z), ('e', 0o100644, 'plain', N), ('z', 0, '', Z))", .zip)
                == ["d d 4096 755", "d/x f 297 755", "e f 5 644", "z f 0 644"])
        #expect(try await unpack("zip(('a', 0o100644, '1', Z), ('l', 0o120777, 'a', N))", .zip).last?.hasPrefix("l la ") == true)
        #expect(try await unpack("zip()", .zip) == [])
    }

    @Test(arguments: [
        ("tar(('../x', F, 'v'))", ArchiveFormat.tarGzip, "leads out"), ("tar(('/x', F, 'v'))", .tarGzip, "absolute"),
        ("tar(('a/../../x', F, 'v'))", .tarGzip, "leads out"), ("tar(('l', S, '/etc/passwd'))", .tarGzip, "outside"),
        ("tar(('l', S, '../x'))", .tarGzip, "leads"), ("tar(('l', S, 'none'))", .tarGzip, "nowhere"),
        ("tar(('l', S, '.'), ('l/x', F, 'v'))", .tarGzip, "could not be made"),
        ("tar(('a/b/l', S, '../..'), ('m', S, 'a/b/l/../../..'))", .tarGzip, "leads out"),
        ("tar(('h', L, '/etc/passwd'))", .tarGzip, "absolute"),
        ("tar(('h', L, 'none'))", .tarGzip, "not in it before"), ("tar(('p', P, ''))", .tarGzip, "neither"),
        ("tar(('a', F, 'v'), ('a/b', F, 'v'))", .tarGzip, "both"), ("tar(('a/b', F, 'v'), ('a', F, 'v'))", .tarGzip, "both"),
        ("open(out, 'wb').write(b'no archive')", .tarGzip, "gzip cannot"), ("open(out, 'wb').write(b'no archive')", .zip, "no zip"),
        ("open(out, 'wb').write(b'no archive' * 99)", .tar, "no tar"), ("open(out, 'wb').write(b'')", .tar, "no tar"),
        ("tar(('a', F, 'v' * 9999)); d = open(out, 'rb').read(); open(out, 'wb').write(d[:-20])", .tarGzip, "gzip cannot"),
        ("zip(('../x', 0o100644, 'v', Z))", .zip, "leads out"), ("zip(('l', 0o120777, '/etc', N))", .zip, "outside"),
        (
            "zip(('x', 0o100644, 'v' * 999, Z)); d = bytearray(open(out, 'rb').read()); d[31] ^= 255; open(out, 'wb').write(d)", .zip,
            "gzip cannot"
        ),
        ("zip(('x', 0o100644, 'v' * 999, Z)); d = open(out, 'rb').read(); open(out, 'wb').write(d[60:])", .zip, "directory is damaged"),
        ("zip(('x' * 300, 0o100644, 'v', Z))", .zip, "no file can have"),
        ("pax('-5000')", .tar, "size in it cannot be read"), ("pax('9223372036854775807')", .tar, "ends too early"),
        ("pax('99999999999999999999')", .tar, "size in it cannot be read"),
        ("wide(b'\\x80' + b'\\0' * 3 + b'\\x7f' + b'\\xff' * 7)", .tar, "ends too early"),
        (
            "zip(('a', 0o100644, 'x', N)); d = open(out, 'rb').read(); e = d.rindex(b'PK\\1\\2'); f = d.rindex(b'PK\\5\\6'); "
                + "c = bytearray(d[e:f]); c[24:28] = b'\\xff' * 4; c[30:32] = b'\\x0c\\0'; c += b'\\1\\0\\x08\\0' + b'\\xff' * 7 + b'\\x7f'; "
                + "z = bytearray(d[f:]); z[8:12] = b'\\2\\0\\2\\0'; z[12:16] = (f - e + len(c)).to_bytes(4, 'little'); "
                + "open(out, 'wb').write(d[:e] + d[e:f] + bytes(c) + bytes(z))", .zip, "larger than"
        ),
    ])
    func whatIsNot(_ python: String, _ format: ArchiveFormat, _ reason: String) async throws {
        let outcome = try await unpack(python, format)
        #expect(outcome.count == 1 && outcome[0].hasPrefix("refused: ") && outcome[0].contains(reason), "\(python): \(outcome)")
    }

    @Test func bombsAreBounded() async throws {
        var limits = PackageLimits()
        limits.unpackedBytes = 4 << 20
        limits.entries = 50
        for (python, format) in [
            ("tar(('a', F, '0' * (300 << 20)))", ArchiveFormat.tarGzip), ("zip(('a', 0o100644, '0' * (64 << 20), Z))", .zip),
            ("tar(*[(str(n), F, '') for n in range(60)])", .tarGzip), ("zip(*[(str(n), 0o100644, '', N) for n in range(60)])", .zip),
        ] {
            let outcome = try await unpack(python, format, limits)
            #expect(outcome.first?.contains("larger than") == true || outcome.first?.contains("more than 50") == true, "\(outcome)")
        }
    }
}
