/// Seconds from a configuration, as the C libraries and the kernel take patience: whole milliseconds in a signed number of 32 bits.
public enum Milliseconds {
    /// At least one (none would mean "for ever"), and 24 days at most; what is no number is one.
    public static func of(seconds: Double) -> Int32 {
        let milliseconds = seconds * 1000
        guard milliseconds > 1 else { return 1 }
        return milliseconds < Double(Int32.max) ? Int32(milliseconds) : .max
    }
}
