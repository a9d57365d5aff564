#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How much longer than usual random tests are to look: `ASHLAR_TORTURE=100 swift test`.
public enum Torture {
    public static let factor: Int = {
        guard let text = getenv("ASHLAR_TORTURE"), let factor = Int(String(cString: text)) else { return 1 }
        return max(1, factor)
    }()
}
