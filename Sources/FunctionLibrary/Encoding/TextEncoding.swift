#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A character encoding by its registered name. Unicode's own are done here, all others by the system's `iconv`.
struct TextEncoding {
    /// As the registry spells it.
    let name: String
    private let systemName: String?

    /// Without regard to case.
    static func named(_ name: String) -> TextEncoding? { table[name.lowercased()] }

    /// Nil where a character has no place in it.
    func encode(_ text: String) -> [UInt8]? {
        switch name {
        case "UTF-8": return Array(text.utf8)
        case "UTF-16LE": return text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        case "UTF-16BE": return text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        case "UTF-16": return [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        default: return convert(Array(text.utf8), from: "UTF-8", to: systemName ?? name)
        }
    }

    /// Nil where bytes stand for nothing.
    func decode(_ bytes: [UInt8]) -> String? {
        switch name {
        case "UTF-8": return String(validating: bytes, as: UTF8.self)
        case "UTF-16LE": return decodeUTF16(bytes[...], isLittleEndian: true)
        case "UTF-16BE": return decodeUTF16(bytes[...], isLittleEndian: false)
        case "UTF-16":
            if bytes.starts(with: [0xFE, 0xFF]) { return decodeUTF16(bytes.dropFirst(2), isLittleEndian: false) }
            if bytes.starts(with: [0xFF, 0xFE]) { return decodeUTF16(bytes.dropFirst(2), isLittleEndian: true) }
            return decodeUTF16(bytes[...], isLittleEndian: false)
        default: return convert(bytes, from: systemName ?? name, to: "UTF-8").flatMap { String(validating: $0, as: UTF8.self) }
        }
    }

    private func decodeUTF16(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> String? {
        guard bytes.count % 2 == 0 else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index in
            isLittleEndian
                ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8 : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        }
        return String(validating: units, as: UTF16.self)
    }

    private func convert(_ bytes: [UInt8], from source: String, to target: String) -> [UInt8]? {
        let descriptor = iconv_open(target, source)
        guard descriptor != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(descriptor) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No encoding takes more than four bytes a byte of another, but for the shifts of those that have states.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        let written: Int? = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var from = input.baseAddress
                var fromLeft = input.count
                var to = output.baseAddress
                var toLeft = output.count
                guard iconv(descriptor, &from, &fromLeft, &to, &toLeft) != Int.max.magnitude * 2 + 1, fromLeft == 0,
                    iconv(descriptor, nil, nil, &to, &toLeft) != Int.max.magnitude * 2 + 1
                else { return nil }
                return output.count - toLeft
            }
        }
        return written.map { output[..<$0].map { UInt8(bitPattern: $0) } }
    }

    /// Registered name, name for the system where that differs, aliases.
    private static let known: [(String, String?, [String])] = [
        ("UTF-8", nil, ["csutf8"]), ("UTF-16", nil, ["csutf16"]), ("UTF-16LE", nil, ["csutf16le"]), ("UTF-16BE", nil, ["csutf16be"]),
        (
            "US-ASCII", nil,
            ["iso-ir-6", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso_646.irv:1991", "iso646-us", "us", "ibm367", "cp367", "csascii"]
        ),
        (
            "ISO_8859-1:1987", "ISO-8859-1",
            ["iso-8859-1", "iso_8859-1", "iso-ir-100", "latin1", "l1", "ibm819", "cp819", "csisolatin1"]
        ),
        ("ISO_8859-2:1987", "ISO-8859-2", ["iso-8859-2", "iso_8859-2", "iso-ir-101", "latin2", "l2", "csisolatin2"]),
        ("ISO_8859-3:1988", "ISO-8859-3", ["iso-8859-3", "iso_8859-3", "iso-ir-109", "latin3", "l3", "csisolatin3"]),
        ("ISO_8859-4:1988", "ISO-8859-4", ["iso-8859-4", "iso_8859-4", "iso-ir-110", "latin4", "l4", "csisolatin4"]),
        ("ISO_8859-5:1988", "ISO-8859-5", ["iso-8859-5", "iso_8859-5", "iso-ir-144", "cyrillic", "csisolatincyrillic"]),
        (
            "ISO_8859-6:1987", "ISO-8859-6",
            ["iso-8859-6", "iso_8859-6", "iso-ir-127", "ecma-114", "asmo-708", "arabic", "csisolatinarabic"]
        ),
        (
            "ISO_8859-7:1987", "ISO-8859-7",
            ["iso-8859-7", "iso_8859-7", "iso-ir-126", "elot_928", "ecma-118", "greek", "greek8", "csisolatingreek"]
        ),
        ("ISO_8859-8:1988", "ISO-8859-8", ["iso-8859-8", "iso_8859-8", "iso-ir-138", "hebrew", "csisolatinhebrew"]),
        ("ISO_8859-9:1989", "ISO-8859-9", ["iso-8859-9", "iso_8859-9", "iso-ir-148", "latin5", "l5", "csisolatin5"]),
        ("ISO-8859-10", nil, ["iso_8859-10:1992", "iso-ir-157", "latin6", "l6", "csisolatin6"]), ("ISO-8859-13", nil, ["csiso885913"]),
        ("ISO-8859-14", nil, ["iso_8859-14:1998", "iso_8859-14", "iso-ir-199", "latin8", "l8", "iso-celtic", "csiso885914"]),
        ("ISO-8859-15", nil, ["iso_8859-15", "latin-9", "csiso885915"]),
        ("ISO-8859-16", nil, ["iso_8859-16:2001", "iso_8859-16", "iso-ir-226", "latin10", "l10", "csiso885916"]),
        ("windows-874", "CP874", ["cswindows874"]), ("windows-1250", "CP1250", ["cswindows1250"]),
        ("windows-1251", "CP1251", ["cswindows1251"]), ("windows-1252", "CP1252", ["cswindows1252"]),
        ("windows-1253", "CP1253", ["cswindows1253"]), ("windows-1254", "CP1254", ["cswindows1254"]),
        ("windows-1255", "CP1255", ["cswindows1255"]), ("windows-1256", "CP1256", ["cswindows1256"]),
        ("windows-1257", "CP1257", ["cswindows1257"]), ("windows-1258", "CP1258", ["cswindows1258"]), ("KOI8-R", nil, ["cskoi8r"]),
        ("KOI8-U", nil, ["cskoi8u"]), ("macintosh", "MACINTOSH", ["mac", "csmacintosh"]),
        ("IBM437", nil, ["cp437", "437", "cspc8codepage437"]), ("IBM850", nil, ["cp850", "850", "cspc850multilingual"]),
        ("IBM852", nil, ["cp852", "852", "cspcp852"]), ("IBM855", nil, ["cp855", "855", "csibm855"]),
        ("IBM860", nil, ["cp860", "860", "csibm860"]), ("IBM862", nil, ["cp862", "862", "cspc862latinhebrew"]),
        ("IBM863", nil, ["cp863", "863", "csibm863"]), ("IBM865", nil, ["cp865", "865", "csibm865"]),
        ("IBM866", nil, ["cp866", "866", "csibm866"]), ("Shift_JIS", "SHIFT_JIS", ["ms_kanji", "csshiftjis"]),
        (
            "Extended_UNIX_Code_Packed_Format_for_Japanese", "EUC-JP", ["euc-jp", "cseucpkdfmtjapanese"]
        ), ("ISO-2022-JP", nil, ["csiso2022jp"]), ("GBK", nil, ["cp936", "ms936", "windows-936", "csgbk"]), ("GB18030", nil, ["csgb18030"]),
        ("Big5", "BIG5", ["csbig5"]), ("EUC-KR", nil, ["cseuckr"]),
    ]

    private static let table: [String: TextEncoding] = {
        var table: [String: TextEncoding] = [:]
        for (name, systemName, aliases) in known {
            for alias in [name] + aliases { table[alias.lowercased()] = TextEncoding(name: name, systemName: systemName) }
        }
        return table
    }()
}
