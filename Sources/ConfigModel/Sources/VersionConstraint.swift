/// A version such as `1.11.4` or `2.0.0-beta1`.
public struct Version: Comparable, Sendable, CustomStringConvertible {
    var parts: [Int]
    /// `beta.1`; empty for a release.
    public var prerelease: String
    /// What stands behind a plus sign; does not count when versions are compared.
    public var build = ""

    /// The version of the Terraform language that is read.
    static let language = Version(parts: [1, 11, 4], prerelease: "")

    init(parts: [Int], prerelease: String) {
        self.parts = parts
        self.prerelease = prerelease
    }

    /// Nil where the text is no version.
    public init?(_ text: some StringProtocol) {
        let trimmed = Substring(text.hasPrefix("v") ? text.dropFirst() : text[...])
        let withoutBuild = trimmed.prefix { $0 != "+" }
        let cut = withoutBuild.firstIndex(of: "-")
        var parts: [Int] = []
        for part in withoutBuild[..<(cut ?? withoutBuild.endIndex)].split(separator: ".", omittingEmptySubsequences: false) {
            guard !part.isEmpty, part.allSatisfy(\.isASCIIDigit), let number = Int(part) else { return nil }
            parts.append(number)
        }
        guard !parts.isEmpty else { return nil }
        self.parts = parts
        prerelease = cut.map { String(withoutBuild[withoutBuild.index(after: $0)...]) } ?? ""
        build = String(trimmed.dropFirst(withoutBuild.count + 1))
        if cut != nil, !Self.isTag(prerelease) { return nil }
        if withoutBuild.endIndex != trimmed.endIndex, !Self.isTag(build) { return nil }
    }

    /// Letters, digits and dashes in parts with dots between them.
    private static func isTag(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
    }

    private func part(_ index: Int) -> Int { index < parts.count ? parts[index] : 0 }

    public static func < (left: Self, right: Self) -> Bool {
        for index in 0..<max(left.parts.count, right.parts.count) where left.part(index) != right.part(index) {
            return left.part(index) < right.part(index)
        }
        if left.prerelease == right.prerelease { return false }
        if left.prerelease.isEmpty || right.prerelease.isEmpty { return right.prerelease.isEmpty }
        let lefts = left.prerelease.split(separator: ".")
        let rights = right.prerelease.split(separator: ".")
        for (one, other) in zip(lefts, rights) where one != other {
            switch (Int(one), Int(other)) {
            case (let number?, let otherNumber?): return number < otherNumber
            // Numbers come before words.
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return one.utf8.lexicographicallyPrecedes(other.utf8)
            }
        }
        return lefts.count < rights.count
    }

    public static func == (left: Self, right: Self) -> Bool { !(left < right) && !(right < left) }

    /// With three parts at least, as registries write it.
    public var description: String {
        var parts = parts
        while parts.count < 3 { parts.append(0) }
        return parts.map(String.init).joined(separator: ".") + (prerelease.isEmpty ? "" : "-\(prerelease)")
            + (build.isEmpty ? "" : "+\(build)")
    }
}

/// Conditions on a version, all of which must hold: `>= 1.3, < 2.0`, `~> 1.11`.
public struct VersionConstraint: Sendable {
    enum Comparison: String {
        case equal = "=", notEqual = "!=", greater = ">", greaterOrEqual = ">=", less = "<", lessOrEqual = "<=", pessimistic = "~>"
    }

    private var conditions: [(Comparison, Version)] = []

    /// Nil where the text is no constraint.
    public init?(_ text: String) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            var rest = part.trimmed
            var comparison = Comparison.equal
            for sign in ["!=", ">=", "<=", "~>", "=", ">", "<"] where rest.hasPrefix(sign) {
                comparison = Comparison(rawValue: sign) ?? .equal
                rest = rest.dropFirst(sign.count).trimmed
                break
            }
            guard let version = Version(rest) else { return nil }
            conditions.append((comparison, version))
        }
    }

    /// The newest of these that is allowed: a prerelease only where it is named itself.
    public func newest(of versions: [Version]) -> Version? {
        versions.filter { version in
            allows(version) && (version.prerelease.isEmpty || conditions.contains { $0.0 == .equal && $0.1 == version })
        }.max()
    }

    /// Whether some version newer than this one is asked for.
    public func isBeyond(_ version: Version) -> Bool {
        conditions.contains { comparison, bound in
            switch comparison {
            case .equal, .greaterOrEqual, .pessimistic: bound > version
            case .greater: bound >= version
            case .notEqual, .less, .lessOrEqual: false
            }
        }
    }

    public func allows(_ version: Version) -> Bool {
        conditions.allSatisfy { comparison, bound in
            switch comparison {
            case .equal: version == bound
            case .notEqual: version != bound
            case .greater: version > bound
            case .greaterOrEqual: version >= bound
            case .less: version < bound
            case .lessOrEqual: version <= bound
            case .pessimistic: version >= bound && Self.hasPrefix(version, of: bound)
            }
        }
    }

    /// All parts but the bound's last are equal.
    private static func hasPrefix(_ version: Version, of bound: Version) -> Bool {
        for (index, part) in bound.parts.dropLast().enumerated() where (index < version.parts.count ? version.parts[index] : 0) != part {
            return false
        }
        return true
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var result = self
        while let first = result.first, first == " " || first == "\t" { result.removeFirst() }
        while let last = result.last, last == " " || last == "\t" { result.removeLast() }
        return result
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
