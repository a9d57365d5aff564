import ConfigModel
import Diagnostics
import HCLSyntax

extension Session {
    /// Where `required_providers`, or `version` in a provider block, asks for another version of a built-in provider than the one that is here. One
    /// that has to be newer is an error, as something may be used that is not there; one that has to be older is a warning: nothing else can be had,
    /// and what was there then is there now.
    func builtinVersionFaults(_ configuration: Configuration) -> [Diagnostic] {
        configuration.modules.flatMap { module -> [Diagnostic] in
            let required = module.settings.requiredProviders.compactMap { provider in
                provider.version.map { (provider.localName, $0, provider.span) }
            }
            let blocks = module.providers.compactMap { block in
                block.body.attribute("version")?.expression.literalText.map { (block.name, $0, block.span) }
            }
            return (required + blocks).compactMap { local, text, span in
                let name = module.settings.providerType(local)
                guard let here = catalog.builtinVersion(name), let version = Version(here[...]), let wanted = VersionConstraint(text),
                    !wanted.allows(version)
                else { return nil }
                if wanted.isBeyond(version) {
                    return .error(
                        "Failed to query available provider packages",
                        "The provider \(name) is built in, as version \(here), and what is asked for here is newer: \(text).", at: span,
                        hints: ["Where nothing is used that version \(here) does not have, ask for less. See: ashlar providers"])
                }
                return .warning(
                    "Provider version differs",
                    "The provider \(name) is built in, as version \(here), and what is asked for here is older: \(text). It is used all the same.",
                    at: span, hints: ["Allow it, to be rid of this warning: version = \">= \(here)\""])
            }
        }
    }
}
