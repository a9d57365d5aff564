import Diagnostics
import HCLSyntax

/// Files of variable values, in native and JSON syntax.
extension VariableResolver {
    mutating func takeFile(_ path: String) {
        let bytes: [UInt8]
        do {
            bytes = try read(path)
        } catch {
            diagnostics.append(
                .error(
                    "Failed to read variables file", "The variables file \(path) could not be read: \(error).",
                    hints: ["A path given with -var-file is relative to the working directory."]))
            return
        }
        // Secrets stand in such files: an excerpt is shown only of a file that sets no sensitive variable.
        let parsed = path.hasSuffix(".json") ? parseJSONFile(bytes, path: path, layout: .values) : parseFile(bytes, path: path)
        let body = parsed.tree.body
        if !body.attributes.contains(where: { declared[$0.name.name]?.isSensitive ?? false }), !parsed.diagnostics.hasErrors {
            sources.add(path: path, bytes: bytes)
        } else {
            // Lines are counted without the text.
            sources.add(path: path, bytes: bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") })
        }
        diagnostics += parsed.diagnostics
        for block in body.blocks {
            let name = block.labels.first?.name ?? "name"
            diagnostics.append(
                block.type.name == "variable"
                    ? .error(
                        "Variable declaration in .tfvars file",
                        "A .tfvars file is used to assign values to variables that have already been declared in .tf files, not to declare new variables.",
                        at: body.span(block.headerRange), hints: ["To set a value for this variable, write: \(name) = <value>"])
                    : .error(
                        "Unexpected \"\(block.type.name)\" block", "Blocks are not allowed here.", at: body.span(block.type.range)))
        }
        for attribute in body.attributes {
            let name = attribute.name.name
            let span = body.span(attribute.range)
            guard declared[name] != nil else {
                undeclaredInFiles.append((name, span))
                continue
            }
            do {
                let value = try constantValue(of: LocatedExpression(attribute.expression, file: path))
                given[name] = GivenValue(value: value, origin: .file(body.span(attribute.expression.range)))
                faulty.remove(name)
            } catch {
                diagnostics += error.diagnostics
                faulty.insert(name)
            }
        }
    }
}
