import Diagnostics
import Engine
import Foundation
import HCLSyntax

/// One run of the formatter over files and folders. What is wrong with one file holds up none of the others.
struct FormatRun {
    var lists: Bool
    var writes: Bool
    var differs: Bool
    var isRecursive: Bool
    let workingDirectory: String
    /// Where what is said goes; kept in `held` where there is no such place.
    var emit: ((String) -> Void)?

    private(set) var held = ""
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources = SourceMap()

    init(lists: Bool, writes: Bool, differs: Bool, isRecursive: Bool, workingDirectory: String) {
        self.lists = lists
        self.writes = writes
        self.differs = differs
        self.isRecursive = isRecursive
        self.workingDirectory = workingDirectory
    }

    private static let endings = [".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl"]

    private static func isFormatted(_ name: String) -> Bool { endings.contains { name.hasSuffix($0) } }

    /// Hidden files and what editors leave behind.
    private static func isIgnored(_ name: String) -> Bool {
        name.hasPrefix(".") || name.hasSuffix("~") || (name.hasPrefix("#") && name.hasSuffix("#"))
    }

    private mutating func say(_ text: String) {
        if let emit { emit(text) } else { held += text }
    }

    private mutating func report(_ summary: String, _ detail: String = "", hints: [String] = []) {
        diagnostics.append(.error(summary, detail, hints: hints))
    }

    // MARK: Targets

    mutating func standardInput() {
        do {
            process(try readWholeFile("/dev/stdin"), "<stdin>")
        } catch {
            report("Failed to read standard input", "It could not be read: \(error).")
        }
    }

    /// A file, or a folder with files, links to either followed.
    ///
    /// - Returns: false where there is nothing of the name; the reference then goes no further.
    mutating func target(_ given: String) -> Bool {
        let path = shown(given)
        guard let kind = FileKind(of: path) else {
            report("No file or directory at \(path)")
            return false
        }
        if kind == .directory {
            directory(path)
        } else if Self.isFormatted(path) {
            file(path)
        } else {
            report(
                "Only .tf, .tfvars, and .tftest.hcl files can be processed with ashlar fmt",
                "\(path) is none of them.",
                hints: path.hasSuffix(".json") ? ["A file in JSON syntax has no canonical layout."] : [])
        }
        return true
    }

    /// As it is shown: without detours, from the working directory.
    private func shown(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        if path.hasPrefix("/") {
            // Above the root there is nothing.
            parts = Array(parts.drop { $0 == ".." })
            let base = workingDirectory.split(separator: "/")
            let common = zip(parts, base).prefix { $0 == $1 }.count
            parts = Array(repeating: "..", count: base.count - common) + parts.dropFirst(common)
        }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    private mutating func directory(_ path: String) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            report("Cannot read directory \(path)", "\(error.localizedDescription)")
            return
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !Self.isIgnored(name) {
            let inner = path == "." ? name : "\(path)/\(name)"
            // A link to a folder is none of this one's, and a file that went meanwhile is nobody's.
            guard let kind = FileKind(of: inner, followingLinks: false) else { continue }
            if kind == .directory {
                if isRecursive { directory(inner) }
            } else if Self.isFormatted(name) {
                file(inner)
            }
        }
    }

    // MARK: Files

    private mutating func file(_ path: String) {
        // Another process would have to write to a pipe: nobody waits for that.
        if let kind = FileKind(of: path), kind != .regular {
            report("Failed to read \(path)", "It is no regular file.")
            return
        }
        do {
            process(try readWholeFile(path), path)
        } catch {
            report("Failed to read \(path)", "The file could not be read: \(error).")
        }
    }

    private mutating func process(_ bytes: [UInt8], _ path: String) {
        let result = formatted(bytes, path: path)
        guard !result.diagnostics.hasErrors else {
            sources.add(path: path, bytes: bytes)
            diagnostics += result.diagnostics
            return
        }
        if result.tree != bytes {
            if lists { say(path + "\n") }
            if writes {
                do {
                    try replaceFile(path, with: result.tree)
                } catch {
                    report("Failed to write \(path)", "The file could not be written: \(error).")
                    return
                }
            }
            if differs {
                do {
                    say(try lineDifference(bytes, result.tree, path: path))
                } catch {
                    diagnostics += error.diagnostics
                    return
                }
            }
        }
        // Printed, its last line ends, as the reference ends it; a file stays as it is.
        if !lists, !writes, !differs {
            say(String(decoding: result.tree, as: UTF8.self) + (result.tree.last == UInt8(ascii: "\n") ? "" : "\n"))
        }
    }
}
