/// Strings as the reference compares and searches them: by bytes, never by canonical equivalence.
extension String {
    func hasBytesAtEnd(_ suffix: String) -> Bool {
        let (mine, other) = (utf8, suffix.utf8)
        return mine.count >= other.count && mine.suffix(other.count).elementsEqual(other)
    }

    func containsBytes(_ part: String) -> Bool {
        Array(utf8).firstRange(ofBytes: Array(part.utf8), from: 0) != nil
    }

    /// Every occurrence replaced, from the left; nothing is searched twice. The empty string stands before each scalar and at the end.
    ///
    /// - Throws: where the result would be longer than a text may be.
    func replacingBytes(_ part: String, with replacement: String) throws(FunctionError) -> String {
        if part.isEmpty {
            var result = replacement
            for scalar in unicodeScalars {
                result.unicodeScalars.append(scalar)
                result += replacement
                try TextLimit.check(result.utf8.count)
            }
            return result
        }
        let bytes = Array(utf8)
        let pattern = Array(part.utf8)
        var result: [UInt8] = []
        var position = 0
        while let found = bytes.firstRange(ofBytes: pattern, from: position) {
            result += bytes[position..<found.lowerBound]
            result += replacement.utf8
            try TextLimit.check(result.count)
            position = found.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }
}

extension [UInt8] {
    /// Knuth, Morris and Pratt: linear whatever the pattern.
    func firstRange(ofBytes pattern: [UInt8], from start: Int) -> Range<Int>? {
        if pattern.isEmpty { return start <= count ? start..<start : nil }
        guard count - start >= pattern.count else { return nil }
        if pattern.count == 1 {
            return self[start...].firstIndex(of: pattern[0]).map { $0..<($0 + 1) }
        }
        var fallback = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in 1..<pattern.count {
            while length > 0, pattern[index] != pattern[length] { length = fallback[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            fallback[index] = length
        }
        var matched = 0
        for index in start..<count {
            while matched > 0, self[index] != pattern[matched] { matched = fallback[matched - 1] }
            if self[index] == pattern[matched] { matched += 1 }
            if matched == pattern.count { return (index + 1 - matched)..<(index + 1) }
        }
        return nil
    }
}
