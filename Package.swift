// swift-tools-version: 6.2
import PackageDescription

// The modules in the order of their layers. A module may depend only on modules above it;
// docs/architecture.md has the same table in words and ArchitectureTests compares both with every `import`.
struct Module {
    let name: String
    let dependencies: [String]
    var products: [Target.Dependency] = []
    var tests: [String]? = []
    var resources: [Resource] = []
}

let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let modules: [Module] = [
    // 1 leaves
    Module(name: "Diagnostics", dependencies: []),
    Module(name: "Values", dependencies: []),
    Module(name: "Addresses", dependencies: []),
    Module(name: "DependencyGraph", dependencies: []),
    Module(name: "Transport", dependencies: []),
    Module(name: "Compression", dependencies: [], tests: nil),
    Module(name: "Processes", dependencies: ["CSpawn"]),
    // 2 language
    Module(name: "HCLSyntax", dependencies: ["Diagnostics"]),
    Module(
        name: "FunctionLibrary", dependencies: ["Compression", "Values"],
        products: [crypto, .product(name: "_CryptoExtras", package: "swift-crypto"), .product(name: "Yams", package: "Yams")]),
    Module(name: "Evaluation", dependencies: ["HCLSyntax", "Values", "Diagnostics"], tests: ["FunctionLibrary"]),
    Module(name: "ConfigModel", dependencies: ["Addresses", "Evaluation", "HCLSyntax", "Values", "Diagnostics"], products: [crypto]),
    // 3 seams
    Module(name: "ProviderKit", dependencies: ["Addresses", "Values", "Diagnostics"], tests: nil),
    Module(name: "StateModel", dependencies: ["Addresses", "Values"], products: [crypto], tests: ["TestSupport"]),
    Module(name: "PlanModel", dependencies: ["Addresses", "StateModel", "Values", "Diagnostics"], products: [crypto]),
    // 4 halves
    Module(
        name: "Planning",
        dependencies: [
            "ConfigModel", "DependencyGraph", "PlanModel", "ProviderKit", "Addresses", "Evaluation", "HCLSyntax", "StateModel", "Values",
            "Diagnostics",
        ], tests: []),
    Module(
        name: "Applying", dependencies: ["PlanModel", "ProviderKit", "StateModel", "Addresses", "Values", "Diagnostics"],
        tests: ["TestSupport"]),
    // 5 adapters
    Module(name: "CurlTransport", dependencies: ["Transport", "CCurl"]),
    Module(
        name: "SSHTransport", dependencies: ["Transport", "CSSH2"],
        products: [crypto, .product(name: "_CryptoExtras", package: "swift-crypto")], tests: ["TestSupport"]),
    Module(
        name: "ModulePackages", dependencies: ["ConfigModel", "Transport", "Values", "Diagnostics", "Processes"], products: [crypto],
        tests: ["CurlTransport", "TestSupport"]),
    Module(
        name: "BuiltinProviders",
        dependencies: ["ProviderKit", "FunctionLibrary", "Transport", "Compression", "Values", "Addresses", "Diagnostics", "Processes"],
        products: [
            crypto, .product(name: "_CryptoExtras", package: "swift-crypto"), .product(name: "SwiftASN1", package: "swift-asn1"),
            .product(name: "X509", package: "swift-certificates"),
        ], tests: ["CurlTransport", "TestSupport"]),
    Module(
        name: "Provisioners", dependencies: ["ProviderKit", "Transport", "Values", "Addresses", "Diagnostics", "Processes"],
        tests: ["TestSupport"]),
    Module(
        name: "ManifestProviders",
        dependencies: ["ProviderKit", "Evaluation", "Transport", "HCLSyntax", "Values", "Addresses", "Diagnostics"], products: [crypto],
        tests: ["FunctionLibrary", "TestSupport"]),
    Module(
        name: "SQLiteStore", dependencies: ["StateModel", "Addresses", "Values"],
        products: [.product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift")],
        tests: ["TestSupport"]),
    Module(
        name: "StateDocuments", dependencies: ["StateModel", "Transport", "Addresses", "Values", "Diagnostics"], products: [crypto],
        tests: ["SQLiteStore", "CurlTransport", "TestSupport"]),
    // 6 fronts
    Module(
        name: "Engine",
        dependencies: [
            "Planning", "Applying", "FunctionLibrary", "ConfigModel", "PlanModel", "ProviderKit", "StateModel", "Addresses", "Evaluation",
            "HCLSyntax", "Values", "Diagnostics",
        ], products: [crypto], tests: nil),
    Module(
        name: "Commands",
        dependencies: [
            "Engine", "Applying", "Planning", "Evaluation", "Processes", "CurlTransport", "SSHTransport", "ModulePackages",
            "BuiltinProviders",
            "ManifestProviders", "Provisioners",
            "SQLiteStore", "StateDocuments", "PlanModel", "StateModel",
            "ProviderKit", "ConfigModel", "Transport", "Addresses", "Values", "Diagnostics", "HCLSyntax",
        ],
        products: [.product(name: "ArgumentParser", package: "swift-argument-parser"), .product(name: "Logging", package: "swift-log")],
        tests: ["TestSupport"]),
]

let testData: [String: [String]] = [
    "HCLSyntax": ["Cases"], "FunctionLibrary": ["Cases", "Fixtures"], "ConfigModel": ["Cases"], "PlanModel": ["Golden"],
    "BuiltinProviders": ["Cases"],
    "Commands": ["Cases", "Refusals", "Compositions", "Provisioning", "Published", "Signatures", "Steps", "TestRuns", "Validated"],
]

let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
    ]
    + [
        "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
    ].map { .enableUpcomingFeature($0) }

var targets: [Target] = [
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CSpawn"),
    .systemLibrary(name: "CSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
    .executableTarget(name: "ashlar", dependencies: ["Commands"], swiftSettings: strict),
    .target(
        name: "TestSupport",
        dependencies: ["ProviderKit", "StateModel", "PlanModel", "Addresses", "Values", "Diagnostics"], path: "Tests/TestSupport",
        swiftSettings: strict),
]
for module in modules {
    targets.append(
        .target(
            name: module.name, dependencies: module.dependencies.map { .init(stringLiteral: $0) } + module.products,
            exclude: ["README.md"], swiftSettings: strict))
}
// Not a product: it is run from here alone, by `make fuzz`.
targets.append(
    .executableTarget(
        name: "fuzz",
        dependencies: ["HCLSyntax", "FunctionLibrary", "Evaluation", "ConfigModel", "Values", "Diagnostics"], path: "Tests/Fuzzing",
        exclude: ["Corpus", "README.md", "run"], swiftSettings: strict))
targets.append(.testTarget(name: "ArchitectureTests", swiftSettings: strict))
targets.append(.testTarget(name: "ExamplesTests", dependencies: ["TestSupport"], swiftSettings: strict))
for module in modules {
    guard let tests = module.tests else { continue }
    targets.append(
        .testTarget(
            name: module.name + "Tests",
            dependencies: ([module.name] + module.dependencies + tests).map { .init(stringLiteral: $0) } + module.products,
            // Cases are read from the sources' folder: nothing of them is built.
            exclude: testData[module.name] ?? [], swiftSettings: strict))
}

let package = Package(
    name: "ashlar",
    products: [.executable(name: "ashlar", targets: ["ashlar"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: targets
)
