import Addresses
import StateModel
import Values

/// Of `terraform_data`, the record keeps `output` secret where `input` is, of which it is a copy. Terraform does not, and would plan an update
/// that changes nothing but this: the document says it of `input` alone, and who reads it here adds it again.
extension StateObject {
    private var hasFollower: Bool { provider.name == "terraform" && address.instance.type.rawValue == "terraform_data" }

    var publishedSensitivePaths: [Path] {
        let paths = attributes.sensitivePaths
        return hasFollower ? paths.filter { $0.steps.first != .attribute("output") } : paths
    }

    /// With what a document does not say of it.
    func withFollowingMarks() -> StateObject {
        guard hasFollower, let input = attributes["input"], input.holdsSensitive, let output = attributes["output"],
            let marked = attributes.replacing(at: [.attribute("output")], with: output.withMarks(at: input.unmarkedDeep().1))
        else { return self }
        var object = self
        object.attributes = marked
        return object
    }
}
