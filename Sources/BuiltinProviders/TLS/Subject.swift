import ProviderKit
import SwiftASN1
import Values
import X509

/// The `subject` block: who a certificate is about.
enum SubjectBlock {
    static let schema = NestedBlockSchema(
        name: "subject", nesting: .list,
        block: BlockSchema(
            attributes: fields.map { field in
                AttributeSchema(name: field.name, type: field.type, isOptional: true, description: field.description)
            }, description: "Who it is about."), maximumItems: 1)

    private struct Field {
        let name: String
        let type: ValueType
        let oid: ASN1ObjectIdentifier
        let description: String
    }

    /// In the order that they have in a name.
    private static let fields = [
        Field(name: "country", type: .string, oid: [2, 5, 4, 6], description: "Country: C."),
        Field(name: "organization", type: .string, oid: [2, 5, 4, 10], description: "Organisation: O."),
        Field(name: "organizational_unit", type: .string, oid: [2, 5, 4, 11], description: "Part of the organisation: OU."),
        Field(name: "locality", type: .string, oid: [2, 5, 4, 7], description: "Place: L."),
        Field(name: "province", type: .string, oid: [2, 5, 4, 8], description: "Province or state: ST."),
        Field(name: "street_address", type: .list(.string), oid: [2, 5, 4, 9], description: "Address: STREET."),
        Field(name: "postal_code", type: .string, oid: [2, 5, 4, 17], description: "Postal code."),
        Field(name: "common_name", type: .string, oid: [2, 5, 4, 3], description: "Name: CN."),
        Field(name: "serial_number", type: .string, oid: [2, 5, 4, 5], description: "Serial number of the subject: SERIALNUMBER."),
        Field(name: "email_address", type: .string, oid: email, description: "Address for mail."),
    ]
    private static let email: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 1]

    /// The name that the arguments' subject gives; empty without one.
    static func name(in arguments: Value) throws -> DistinguishedName {
        guard let subject = arguments["subject"]?.elements?.first else { return DistinguishedName() }
        var parts: [RelativeDistinguishedName] = []
        for field in fields {
            guard let value = subject[field.name], !value.isNull else { continue }
            let texts = value.stringValue.map { [$0] } ?? (value.elements ?? []).compactMap(\.stringValue)
            if texts.isEmpty || texts == [""] { continue }
            parts.append(RelativeDistinguishedName(try texts.map { try attribute(field.oid, $0) }))
        }
        return DistinguishedName(parts)
    }

    /// Printable where it can be: the oldest readers know nothing else.
    private static func attribute(_ oid: ASN1ObjectIdentifier, _ text: String) throws -> RelativeDistinguishedName.Attribute {
        if oid == email { return try .init(type: oid, ia5String: text) }
        return isPrintable(text) ? try .init(type: oid, printableString: text) : .init(type: oid, utf8String: text)
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: " '()+,-./:=?".utf8.contains(byte)
            }
        }
    }
}
