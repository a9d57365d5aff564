@_spi(_Unicode) import Swift

extension String {
    /// The canonical composition of the string (Unicode normalisation form C). Nearly every string is in it already and is returned
    /// as it is, after one look at its bytes: code points below U+0300 never change, and their bytes are all below 0xCC.
    public func normalizedToNFC() -> String {
        if isSurelyNFC { return self }
        var result = String.UnicodeScalarView()
        for scalar in _nfc { result.append(scalar) }
        return String(result)
    }

    /// No byte that a composition could change. False tells nothing.
    var isSurelyNFC: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            // Without a way out half-way: that lets the compiler look at many bytes at once.
            var isPlain = true
            for byte in bytes { isPlain = isPlain && byte < 0xCC }
            return isPlain
        } ?? false
    }
}
