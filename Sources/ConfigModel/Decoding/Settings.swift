import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// `terraform` blocks.
extension ModuleDecoder {
    private static let settingsSchema = BodySchema(
        arguments: ["required_version", "experiments", "language"],
        blocks: [
            .init(type: "backend", labels: ["type"]), .init(type: "cloud"), .init(type: "required_providers"),
            .init(type: "provider_meta", labels: ["provider"]),
        ])

    mutating func decodeSettings(_ blocks: [MergedBlock]) {
        var requiredProviders: Block?
        var cloud: SourceSpan?
        var metas: [String: SourceSpan] = [:]
        for merged in blocks {
            let block = merged.base
            let isOverride = !merged.overrides.isEmpty
            let body = block.body
            Self.settingsSchema.check(body, header: block.headerRange, into: &diagnostics)
            if let attribute = body.attribute("required_version") { checkRequiredVersion(LocatedAttribute(attribute, file: body.file)) }
            if let attribute = body.attribute("experiments") {
                report(
                    "Module uses experimental features",
                    "Experimental features of the language are not available in this version.", at: body.span(attribute.name.range))
            }
            if let attribute = body.attribute("language") { checkLanguage(LocatedAttribute(attribute, file: body.file)) }
            for nested in body.blocks where Self.settingsSchema.hasRightLabels(nested) {
                switch nested.type.name {
                case "backend": decodeBackend(nested, isOverride: isOverride)
                case "cloud":
                    if let earlier = cloud, !isOverride {
                        report(
                            "Duplicate HCP Terraform configurations",
                            "A module may have only one 'cloud' block. There is one at \(place(earlier)).",
                            at: body.span(nested.headerRange))
                    } else {
                        cloud = body.span(nested.headerRange)
                    }
                case "provider_meta":
                    let provider = nested.labels[0].name
                    if let earlier = metas[provider], !isOverride {
                        report(
                            "Duplicate provider_meta block",
                            "A provider_meta block for provider \"\(provider)\" was already given at \(place(earlier)).",
                            at: body.span(nested.headerRange))
                    }
                    metas[provider] = body.span(nested.headerRange)
                case "required_providers":
                    if let earlier = requiredProviders, !isOverride {
                        report(
                            "Duplicate required providers configuration",
                            "A module may have only one required providers configuration. The required providers were previously configured at \(place(earlier.body.span(earlier.headerRange))).",
                            at: body.span(nested.headerRange))
                    } else {
                        if !isOverride { requiredProviders = nested }
                        decodeRequiredProviders(nested.body, isOverride: isOverride)
                    }
                default: break
                }
            }
        }
        if let cloud { refuseCloud(cloud) }
    }

    private mutating func refuseCloud(_ cloud: SourceSpan) {
        if let backend = settings.backend {
            report(
                "Both a backend and cloud configuration are present",
                "A module may declare either one 'cloud' block or one 'backend' block, and the 'cloud' block at \(place(cloud)) is not supported.",
                at: backend.body.span(backend.headerRange), hints: ["Remove the 'cloud' block."])
        } else {
            report(
                "HCP Terraform is not supported", "A \"cloud\" block hands runs to HCP Terraform, which only Terraform itself can do.",
                at: cloud, hints: ["Remove the block; the state is then kept beside the configuration."])
        }
    }

    private mutating func decodeBackend(_ block: Block, isOverride: Bool) {
        if let earlier = settings.backend, !isOverride {
            report(
                "Duplicate backend configuration",
                "A module may have only one backend configuration. The backend was previously configured at \(place(earlier.body.span(earlier.headerRange))).",
                at: block.body.span(block.headerRange))
            return
        }
        settings.backend = block
    }

    private mutating func checkLanguage(_ attribute: LocatedAttribute) {
        guard case .traversal(let name, let steps) = attribute.attribute.expression.kind, steps.isEmpty else {
            report("Invalid language edition", "The language edition is written as a bare word: TF2021.", at: attribute.valueSpan)
            return
        }
        if name.name == "TF2021" { return }
        report(
            "Unsupported language edition", "The only language edition is TF2021, which is the default.", at: attribute.valueSpan,
            hints: ["Remove the argument."])
    }

    private mutating func checkRequiredVersion(_ attribute: LocatedAttribute) {
        settings.requiredVersion.append(attribute.attribute)
        guard let value = constant(attribute.expression) else { return }
        if value.isNull { return }
        // A number is the text that it is written as.
        guard let text = (try? value.converted(to: .string))?.stringValue else {
            report("Invalid version constraint", "A string value is required for required_version.", at: attribute.valueSpan)
            return
        }
        guard let constraint = VersionConstraint(text) else {
            report("Invalid version constraint", "This string does not use correct version constraint syntax.", at: attribute.valueSpan)
            return
        }
        guard !constraint.allows(.language) else { return }
        report(
            "Unsupported Terraform Core version",
            "This module asks for a version of the Terraform language that this version of Ashlar, which reads the language of Terraform \(Version.language), does not support.",
            at: SourceSpan(file: attribute.file, range: attribute.attribute.range),
            hints: [
                "Version constraints are normally set for good reason: change the constraint only if the module works with the language of Terraform 1.11."
            ])
    }
}
