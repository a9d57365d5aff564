import Addresses
import Diagnostics
import HCLSyntax
import ProviderKit
import Values

/// Reads the files of one provider's folder. Whatever is wrong is reported, and what could be read is used to find more.
struct ManifestReader {
    let report = ManifestReport()
    private(set) var sources = ManifestSources()

    /// - Parameter files: paths as they are to be shown, with their bytes; read in the order of their names.
    mutating func read(_ files: [(name: String, bytes: [UInt8])], folder: String) -> ProviderManifest? {
        let files = files.sorted { $0.name.precedesByBytes($1.name) }
        var bodies: [Body] = []
        for file in files {
            sources.files[file.name] = file.bytes
            let parsed = parseFile(file.bytes, path: file.name)
            report.diagnostics.append(contentsOf: parsed.diagnostics)
            bodies.append(parsed.tree.body)
        }
        // A file with syntax errors gives follow-up faults that help nobody.
        if report.diagnostics.hasErrors { return nil }
        var manifest: ProviderManifest?
        for body in bodies {
            for block in body.blocks where block.type.name == "provider" {
                let next = ProviderReader(report: report, sources: sources).provider(block, in: body)
                if manifest == nil {
                    manifest = next
                } else {
                    report.error(
                        "Invalid manifest", "A folder describes one provider; this is a second provider block.",
                        at: body.span(block.headerRange))
                }
            }
        }
        guard var manifest else {
            let place = SourceSpan(file: files.first?.name ?? folder, range: .empty)
            if !report.diagnostics.hasErrors {
                report.error(
                    "Invalid manifest", "No file of \(folder) has a provider block.", at: place, hints: ["Add: provider \"name\" { … }"])
            }
            return nil
        }
        let shared = SharedReader(report: report, sources: sources).parts(of: bodies)
        let types = ResourceReader(report: report, sources: sources, shared: shared, provider: manifest)
        for body in bodies {
            report.refuseBlocks(body, except: ["provider", "resource", "data"] + SharedReader.blocks, what: "a manifest")
            for attribute in body.attributes {
                report.error("Unsupported argument", "A manifest has blocks at its top, no arguments.", at: body.span(attribute.name.range))
            }
            for block in body.blocks {
                switch block.type.name {
                case "resource": add(types.resource(block, in: body, isData: false), of: block, in: body, to: &manifest.resources)
                case "data": add(types.resource(block, in: body, isData: true), of: block, in: body, to: &manifest.dataSources)
                default: break
                }
            }
        }
        manifest.sources = sources
        return report.diagnostics.hasErrors ? nil : manifest
    }

    private func add(
        _ resource: ResourceManifest?, of block: Block, in body: Body, to types: inout [ResourceType: ResourceManifest]
    ) {
        guard let resource else { return }
        if types[resource.type] != nil {
            report.error("Duplicate type", "\(resource.type.rawValue) is described twice.", at: body.span(block.headerRange))
        }
        types[resource.type] = resource
    }
}
