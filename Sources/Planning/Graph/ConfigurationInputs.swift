public import ConfigModel
public import PlanModel

extension Configuration {
    /// Its files, as a plan keeps them.
    public var inputs: [Plan.InputDigest] { files.map { Plan.InputDigest(kind: .configuration, name: $0.path, digest: $0.digest) } }
}
