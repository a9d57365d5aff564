import FunctionLibrary
import Testing
import Values

/// What is known of results that are unknown.
@Suite struct RefinementTests {
    private func refinement(_ text: String) throws -> Refinement {
        let (name, arguments) = try TypedTextReader.call(text)
        let function = try #require(FunctionTable.standard[name])
        let value = try FunctionTable.standard.call(function, arguments, environment: FixtureEnvironment())
        guard case .unknown(let unknown) = value.node else {
            Issue.record("\(text) is known: \(TypedText.text(value))")
            return .none
        }
        return unknown.refinement
    }

    /// Seen on the reference: `f(…) == null` is known to be false.
    @Test(arguments: [
        "keys(unknown(map(string)))", "length(unknown(any))", "length(unknown(string))", "length(unknown(list(string)))",
        "alltrue(unknown(list(bool)))", "contains(unknown(list(string)), \"a\")", "index(unknown(list(string)), \"a\")",
        "slice(unknown(list(string)), 0, 1)", "reverse(unknown(list(string)))", "distinct(unknown(list(string)))",
        "chunklist(unknown(list(string)), 1)", "values(unknown(map(string)))",
        "merge(unknown(map(string)), map(string){\"a\": \"1\"})", "zipmap([\"a\"], unknown(list(string)))",
        "transpose(unknown(map(list(string))))", "concat(unknown(list(string)), list(string)[\"b\"])",
        "matchkeys(unknown(list(string)), [\"a\"], [\"a\"])", "setproduct(unknown(list(string)), [\"x\"])",
        "setunion(unknown(set(string)), [\"b\"])", "setintersection([\"a\", unknown(string)], [\"a\"])",
        "setsubtract([\"a\", unknown(string)], [\"a\"])", "coalesce(unknown(string), \"b\")", "jsonencode(unknown(any))",
        "abs(unknown(number))", "ceil(unknown(number))", "pow(unknown(number), 2)", "log(unknown(number), 2)",
        "min(1, unknown(number))", "max(unknown(number), 1)", "parseint(unknown(string), 10)", "range(unknown(number))",
        "signum(unknown(number))", "sum(unknown(list(number)))", "regex(\"a\", unknown(string))", "regexall(\"a\", unknown(string))",
        "upper(unknown(string))", "startswith(unknown(string), \"a\")", "join(\",\", unknown(list(string)))",
        "split(\",\", unknown(string))", "compact(unknown(list(string)))", "sort(unknown(list(string)))",
        "base64encode(unknown(string))", "base64decode(unknown(string))", "base64gzip(unknown(string))", "md5(unknown(string))",
        "cidrhost(unknown(string), 1)", "cidrsubnets(unknown(string), 1)", "file(unknown(string))", "fileset(unknown(string), \"*\")",
        "fileexists(unknown(string))", "basename(unknown(string))", "trimprefix(unknown(string), \"a\")",
        "substr(unknown(string), 0, 1)", "replace(unknown(string), \"a\", \"b\")", "uuidv5(\"dns\", unknown(string))",
        "formatdate(\"YYYY\", unknown(string))", "timecmp(unknown(string), \"2020-01-01T00:00:00Z\")",
        "urlencode(unknown(string))", "textencodebase64(unknown(string), \"UTF-8\")", "format(\"ab%s\", unknown(string))",
        "formatlist(\"%s\", unknown(list(string)))", "indent(1, unknown(string))", "title(unknown(string))",
        "strrev(unknown(string))", "chomp(unknown(string))", "rsadecrypt(unknown(string), \"x\")",
    ])
    func resultIsNotNull(_ call: String) throws {
        #expect(try refinement(call).isNotNull)
    }

    @Test(arguments: [
        "element(unknown(list(string)), 0)", "one(unknown(list(string)))", "lookup(unknown(map(string)), \"a\", \"d\")",
        "tostring(unknown(number))", "tolist(unknown(set(string)))", "sensitive(unknown(string))", "nonsensitive(unknown(string))",
        "ephemeralasnull(unknown(string))",
    ])
    func resultMayBeNull(_ call: String) throws {
        #expect(try !refinement(call).isNotNull)
    }

    @Test func numbersThatCountAreNotNegative() throws {
        #expect(try refinement("length(unknown(list(string)))").lowerBound == Refinement.Bound(value: .zero, isInclusive: true))
        #expect(try refinement("abs(unknown(number))").lowerBound == Refinement.Bound(value: .zero, isInclusive: true))
    }

    /// A last character that others could join is no part of what is known.
    @Test(arguments: [("abc-%s", "abc-"), ("abc%s", "ab"), ("%s", nil), ("a/%s-%s", "a/"), ("é%s", "")] as [(String, String?)])
    func formatKnowsHowItBegins(_ format: String, _ prefix: String?) throws {
        #expect(try refinement("format(\"\(format)\", unknown(string), \"x\")").prefix == prefix)
    }

    @Test func jsonBeginsAsItsTypeDoes() throws {
        let function = try #require(FunctionTable.standard["jsonencode"])
        func prefix(_ value: Value) throws -> String? {
            let result = try FunctionTable.standard.call(function, [value], environment: FixtureEnvironment())
            guard case .unknown(let unknown) = result.node else { return nil }
            return unknown.refinement.prefix
        }
        #expect(try prefix(.unknown(.string, .notNull)) == "\"")
        #expect(try prefix(.unknown(.map(.string), .notNull)) == "{")
        #expect(try prefix(.unknown(.list(.string), .notNull)) == "[")
        #expect(try prefix(.tuple([.unknown])) == "[")
        #expect(try prefix(.object([("a", .unknown)])) == "{")
        // It may be null, and then the text is `null`.
        #expect(try prefix(.unknown(.string)) == nil)
    }

    @Test func aKnownBeginningDecidesStartswith() throws {
        let function = try #require(FunctionTable.standard["startswith"])
        var known = Refinement.notNull
        known.prefix = "web-"
        func answer(_ prefix: String) throws -> Value {
            try FunctionTable.standard.call(
                function, [.unknown(.string, known), .string(prefix)], environment: FixtureEnvironment())
        }
        #expect(try answer("web").boolValue == true)
        #expect(try answer("db").boolValue == false)
        #expect(try answer("web-1").isUnknown)
    }
}
