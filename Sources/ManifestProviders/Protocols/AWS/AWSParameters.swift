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
        for (key, value) in entries { try append(key, value, given, style, namesElements: key.contains("."), &pairs) }
    }

    /// - Parameter namesElements: the manifest's own name for this value says how elements of it are called.
    private static func append(
        _ key: String, _ value: Value, _ given: Sourced, _ style: Style, namesElements: Bool, _ pairs: inout [(String, String)]
    ) throws(DiagnosticError) {
        if value.isNull { return }
        if let text = URLText.text(value) {
            pairs.append((key, text))
        } else if let elements = value.elements {
            if elements.isEmpty, style == .query { pairs.append((key, "")) }
            let infix = style == .ec2 || namesElements ? "" : ".member"
            for (index, element) in elements.enumerated() {
                try append("\(key)\(infix).\(index + 1)", element, given, style, namesElements: false, &pairs)
            }
        } else if let entries = value.entries {
            for entry in entries {
                try append("\(key).\(entry.key)", entry.value, given, style, namesElements: entry.key.contains("."), &pairs)
            }
        } else {
            throw URLText.fault(given, value.isUnknown ? "\"\(key)\" is not known yet." : "\"\(key)\" cannot be a parameter.")
        }
    }
}
