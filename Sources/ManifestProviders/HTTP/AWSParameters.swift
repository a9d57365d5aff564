import Diagnostics
import Values

/// Flattens an object into the parameters of AWS's query protocols.
enum AWSParameters {
    enum Style {
        /// `Name.1`, and no parameter for an empty list.
        case ec2
        /// `Name.member.1`; a name with a dot in it, as in `"SubnetIds.SubnetIdentifier"`, says how its elements are called. An empty list is an
        /// empty parameter.
        case query
    }

    static func append(_ value: Value, _ given: Sourced, style: Style, to pairs: inout [(String, String)]) throws(DiagnosticError) {
        guard let entries = value.entries else { throw URLText.fault(given, "params is an object.") }
        for (key, value) in entries { try append(key, value, given, style, &pairs) }
    }

    private static func append(
        _ key: String, _ value: Value, _ given: Sourced, _ style: Style, _ pairs: inout [(String, String)]
    ) throws(DiagnosticError) {
        if value.isNull { return }
        if let text = URLText.text(value) {
            pairs.append((key, text))
        } else if let elements = value.elements {
            if elements.isEmpty, style == .query { pairs.append((key, "")) }
            let infix = style == .ec2 || key.contains(".") && !key.hasSuffix(".") && namesElements(key) ? "" : ".member"
            for (index, element) in elements.enumerated() { try append("\(key)\(infix).\(index + 1)", element, given, style, &pairs) }
        } else if let entries = value.entries {
            for entry in entries { try append("\(key).\(entry.key)", entry.value, given, style, &pairs) }
        } else {
            throw URLText.fault(given, value.isUnknown ? "\"\(key)\" is not known yet." : "\"\(key)\" cannot be a parameter.")
        }
    }

    /// The last part of the name was written by the manifest and is no index of ours.
    private static func namesElements(_ key: String) -> Bool {
        guard let last = key.split(separator: ".").last else { return false }
        return !last.allSatisfy(\.isNumber)
    }
}
