/// An address range, as CIDR notation writes it.
struct IPNetwork {
    /// Its lowest address, in the low bits.
    var address: UInt128
    var prefixLength: Int
    /// 32 or 128.
    var bitCount: Int

    /// - Returns: nil for what is no CIDR notation. Leading zeros are allowed and mean nothing.
    init?(_ text: String) {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let digits = text.utf8[text.utf8.index(after: slash)...]
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }), let length = Int(String(digits) ?? "") else { return nil }
        guard let (address, bitCount) = IPAddress.parse(String(text[..<slash])), length <= bitCount else { return nil }
        self.init(address: address, prefixLength: length, bitCount: bitCount)
    }

    /// The network of this length that the address is in.
    init(address: UInt128, prefixLength: Int, bitCount: Int) {
        self.bitCount = bitCount
        self.prefixLength = prefixLength
        let hostBits = bitCount - prefixLength
        self.address = hostBits >= 128 ? 0 : (address >> UInt128(hostBits)) << UInt128(hostBits)
    }

    var lastAddress: UInt128 { address | (~0 >> UInt128(128 - (bitCount - prefixLength))) }

    func contains(_ other: UInt128) -> Bool { other >= address && other <= lastAddress }

    /// IPv4 within IPv6 is written as IPv4.
    var text: String {
        let isMapped = bitCount == 128 && IPAddress.isMapped(address)
        return "\(IPAddress.text(address, bitCount: bitCount))/\(isMapped ? max(prefixLength - 96, 0) : prefixLength)"
    }

    var mask: UInt128 { prefixLength == 0 ? 0 : (~0 >> UInt128(128 - prefixLength)) << UInt128(bitCount - prefixLength) }
}

enum IPAddress {
    /// Whether it is `::ffff:a.b.c.d`.
    static func isMapped(_ address: UInt128) -> Bool { address >> 32 == 0xFFFF }

    static func text(_ address: UInt128, bitCount: Int) -> String {
        if bitCount == 32 || isMapped(address) {
            return [24, 16, 8, 0].map { String(UInt8(truncatingIfNeeded: address >> UInt128($0))) }.joined(separator: ".")
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: address >> UInt128(112 - $0 * 16)) }
        // The first of the longest runs of zeros is left out, if it is longer than one.
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func joined(_ groups: ArraySlice<UInt16>) -> String { groups.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return joined(groups[...]) }
        return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
    }

    /// The address and its size in bits.
    static func parse(_ text: String) -> (UInt128, Int)? {
        if text.utf8.contains(UInt8(ascii: ":")) { return parseVersion6(text).map { ($0, 128) } }
        return parseVersion4(text[...]).map { (UInt128($0), 32) }
    }

    private static func parseVersion4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ (48...57).contains($0) }), let value = UInt32(part), value < 256 else {
                return nil
            }
            address = address << 8 | value
        }
        return address
    }

    private static func parseVersion6(_ text: String) -> UInt128? {
        let halves = split(text)
        guard let head = groups(halves.0, isLast: halves.1 == nil) else { return nil }
        guard let rest = halves.1 else { return head.count == 8 ? combined(head) : nil }
        guard let tail = groups(rest, isLast: true), head.count + tail.count <= 7 else { return nil }
        return combined(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    /// At `::`; a second one stays and makes an empty group.
    private static func split(_ text: String) -> (Substring, Substring?) {
        let bytes = text.utf8
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let next = bytes.index(after: index)
            if next != bytes.endIndex, bytes[index] == UInt8(ascii: ":"), bytes[next] == UInt8(ascii: ":") {
                return (text[..<index], text[bytes.index(after: next)...])
            }
            index = next
        }
        return (text[...], nil)
    }

    private static func groups(_ text: Substring, isLast: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isLast, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let address = parseVersion4(part) else { return nil }
                groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt16(part, radix: 16)
            else { return nil }
            groups.append(value)
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func combined(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
}
