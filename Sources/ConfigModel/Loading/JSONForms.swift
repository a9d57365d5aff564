import HCLSyntax

/// The language's blocks as JSON has them: which properties are blocks, and where a string is no template.
extension JSONLayout {
    /// A file of a module.
    static let module = JSONLayout(blocks: [
        "resource": BlockForm(labels: ["type", "name"], .resource), "data": BlockForm(labels: ["type", "name"], .resource),
        "ephemeral": BlockForm(labels: ["type", "name"], .resource), "terraform": BlockForm(.settings),
        "required_providers": BlockForm(.content),
        "provider": BlockForm(labels: ["name"], .provider), "variable": BlockForm(labels: ["name"], .variable),
        "locals": BlockForm(JSONLayout(holdsOnlyArguments: true)), "output": BlockForm(labels: ["name"], .output),
        "module": BlockForm(labels: ["name"], .call), "moved": BlockForm(.moved), "removed": BlockForm(.removed),
        "import": BlockForm(.import), "check": BlockForm(labels: ["name"], .check),
    ])

    private static let reference = Reading.native(.invalid)

    private static let resource = JSONLayout(
        blocks: [
            "lifecycle": BlockForm(.lifecycle), "connection": BlockForm(.content), "provisioner": BlockForm(labels: ["type"], .provisioner),
            "_": BlockForm(.content), "locals": BlockForm(.content),
        ],
        readings: ["provider": reference, "depends_on": reference], holdsDynamicBlocks: true)

    private static let lifecycle = JSONLayout(
        blocks: ["precondition": BlockForm(JSONLayout()), "postcondition": BlockForm(JSONLayout())],
        readings: [
            // "*" is told from a reference.
            "ignore_changes": .native(.text), "replace_triggered_by": .native(.reported), "create_before_destroy": .literal,
            "prevent_destroy": .literal, "principal": .literal, "destroy": .literal,
        ])

    private static let provisioner = JSONLayout(
        blocks: ["connection": BlockForm(.content)], readings: ["when": reference, "on_failure": reference], holdsDynamicBlocks: true)

    private static let provider = JSONLayout(
        blocks: ["lifecycle": BlockForm(.content), "locals": BlockForm(.content), "_": BlockForm(.content)],
        readings: ["alias": .literal, "version": .literal], holdsDynamicBlocks: true)

    private static let variable = JSONLayout(
        blocks: ["validation": BlockForm(JSONLayout())],
        readings: [
            "type": reference, "default": .literal, "description": .literal, "sensitive": .literal, "ephemeral": .literal,
            "nullable": .literal, "key": .literal,
        ])

    private static let output = JSONLayout(
        blocks: ["precondition": BlockForm(JSONLayout()), "postcondition": BlockForm(JSONLayout())],
        readings: ["depends_on": reference, "description": .literal, "sensitive": .literal, "ephemeral": .literal])

    private static let call = JSONLayout(
        blocks: [
            "lifecycle": BlockForm(.lifecycle), "locals": BlockForm(.content), "provider": BlockForm(labels: ["type"], .content),
            "_": BlockForm(.content),
        ],
        readings: ["providers": reference, "depends_on": reference])

    private static let settings = JSONLayout(
        blocks: [
            "backend": BlockForm(labels: ["type"], .content), "cloud": BlockForm(.content),
            "provider_meta": BlockForm(labels: ["provider"], .content),
            "required_providers": BlockForm(
                JSONLayout(
                    otherwise: .properties(["configuration_aliases": reference], otherwise: .literal), holdsOnlyArguments: true)),
        ],
        readings: ["required_version": .literal, "experiments": reference, "language": reference])

    private static let moved = JSONLayout(readings: ["from": reference, "to": reference])

    private static let removed = JSONLayout(
        blocks: [
            "lifecycle": BlockForm(.lifecycle), "connection": BlockForm(.content), "provisioner": BlockForm(labels: ["type"], .provisioner),
        ], readings: ["from": reference])

    private static let `import` = JSONLayout(readings: ["to": reference, "provider": reference])

    private static let check = JSONLayout(blocks: [
        "data": BlockForm(labels: ["type", "name"], .resource), "assert": BlockForm(JSONLayout()),
    ])
}
