extension String {
    /// What is sure to stand at the beginning when text not known yet is put behind this one: it may compose with the last
    /// character (a letter and an accent, two parts of an emoji), so that one is promised only where nothing can change it.
    public var safePrefix: String {
        let normal = normalizedToNFC()
        guard let last = normal.last else { return normal }
        return last.neverComposes ? normal : String(normal.dropLast())
    }
}

extension Character {
    /// ASCII other than letters, digits, line ends and the signs that have a composition with a stroke.
    fileprivate var neverComposes: Bool {
        guard let ascii = asciiValue, unicodeScalars.count == 1 else { return false }
        switch ascii {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "<")...UInt8(ascii: ">"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            return false
        default: return true
        }
    }
}
