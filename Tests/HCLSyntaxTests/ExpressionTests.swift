import Diagnostics
import HCLSyntax
import Testing

/// The shape that each form of expression has as a tree.
struct ExpressionTests {
    static let shapes: [(String, String)] = [
        // Constants.
        ("1", "1"), ("1.50", "1.50"), ("1e10", "1e10"), ("1E-3", "1E-3"), ("1.e5", "1.e5"), ("007", "007"),
        ("true", "true"), ("false", "false"), ("null", "null"),
        ("\"\"", "<>"), ("\"a\"", "<'a'>"), ("\"a\\n\\t\\\"\\\\\\u00e9\\U0001F600\"", "<'a\\n\\t\"\\é😀'>"),
        ("\"${x}\"", "<$x>"), ("\"a${x}b\"", "<'a' $x 'b'>"), ("\"$${x}\"", "<'${x}'>"), ("\"%%{x}\"", "<'%{x}'>"),
        ("\"$$${x}\"", "<'$${x}'>"), ("\"$x %y $\"", "<'$x %y $'>"), ("\"${\"${\"a\"}\"}\"", "<$<$<'a'>>>"),
        ("\"${{a = 1}.a}\"", "<$(get {a=1} .a)>"), ("\"${~ x ~}\"", "<$x>"), ("\" a ${~ x ~} b \"", "<' a' $x 'b '>"),
        // References.
        ("a", "a"), ("a.b.c", "a.b.c"), ("a[\"b\"][0].c", "a['b'][0].c"), ("a.0.b", "a[0].b"), ("a . b [ 0 ]", "a.b[0]"),
        ("a[\"\"]", "a['']"), ("a[b]", "(index a b)"), ("a[b].c[0]", "(get (index a b) .c[0])"), ("a[b][c]", "(index (index a b) c)"),
        ("a[\"x${b}\"]", "(index a <'x' $b>)"), ("a[true]", "(index a true)"), ("a[-1]", "(index a (- 1))"),
        ("a[(0)]", "(index a (paren 0))"),
        ("a[b.c].d", "(get (index a b.c) .d)"), ("a[\n0\n]", "a[0]"), ("a.b-c", "a.b-c"), ("für.日本", "für.日本"),
        ("f(x).a", "(get (call f x) .a)"), ("(a).b", "(get (paren a) .b)"), ("[1][0]", "(get [1] [0])"), ("{a = 1}.a", "(get {a=1} .a)"),
        ("\"a\".b", "(get <'a'> .b)"), ("null.a", "(get null .a)"), ("a.true", "a.true"),
        // Splats.
        ("a[*]", "(splat a [*])"), ("a[*].b", "(splat a [*].b)"), ("a.b[*].c[0].d", "(splat a.b [*].c[0].d)"),
        ("a[*].b[*].c", "(splat a [*].b([*].c))"), ("a[*][*]", "(splat a [*]([*]))"), ("a[*][\"x\"]", "(splat a [*][<'x'>])"),
        ("a[*][b.c]", "(splat a [*][b.c])"), ("a.*", "(splat a .*)"), ("a.*.b", "(splat a .*.b)"), ("a.*.b.0", "(splat a .*.b[0])"),
        ("a.*.b[0]", "(get (splat a .*.b) [0])"), ("a.*[0].b", "(get (splat a .*) [0].b)"),
        ("a.*.b[*].c", "(splat (splat a .*.b) [*].c)"), ("a[*].b.*.c", "(splat a [*].b(.*.c))"),
        ("a[*].b.*.c[0]", "(splat a [*].b(.*.c)[0])"),
        // Calls.
        ("f()", "(call f)"), ("f(1, x)", "(call f 1 x)"), ("f(1,\n 2,\n)", "(call f 1 2)"), ("f(x...)", "(call f x...)"),
        ("f(1, x...)", "(call f 1 x...)"), ("f (1)", "(call f 1)"), ("core::upper(x)", "(call core::upper x)"),
        ("provider::time::parse(x)", "(call provider::time::parse x)"), ("a :: b (1)", "(call a::b 1)"), ("true(1)", "(call true 1)"),
        ("f(g(h(1)))", "(call f (call g (call h 1)))"),
        // Operators: precedence and grouping.
        ("1 + 2 * 3", "(+ 1 (* 2 3))"), ("1 * 2 + 3", "(+ (* 1 2) 3)"), ("1 - 2 - 3", "(- (- 1 2) 3)"), ("8 / 4 / 2", "(/ (/ 8 4) 2)"),
        ("5 % 3 * 2", "(* (% 5 3) 2)"), ("a || b && c", "(|| a (&& b c))"), ("a && b || c", "(|| (&& a b) c)"),
        ("a == b && c != d", "(&& (== a b) (!= c d))"), ("a < b == c > d", "(== (< a b) (> c d))"),
        ("a + b < c * d", "(< (+ a b) (* c d))"),
        ("a <= b", "(<= a b)"), ("a >= b", "(>= a b)"), ("a == b == c", "(== (== a b) c)"), ("-1", "(- 1)"), ("--1", "(- (- 1))"),
        ("!a.b", "(! a.b)"), ("-a[0] + 1", "(+ (- a[0]) 1)"), ("a - -1", "(- a (- 1))"), ("!a && b", "(&& (! a) b)"), ("a-1", "a-1"),
        ("a -1", "(- a 1)"), ("1-1", "(- 1 1)"), ("(1 + 2) * 3", "(* (paren (+ 1 2)) 3)"), ("a ||\nb", "(|| a b)"),
        // Conditionals group to the right and bind weakest.
        ("a ? b : c", "(? a b c)"), ("a ? b : c ? d : e", "(? a b (? c d e))"), ("a ? b ? 1 : 2 : 3", "(? a (? b 1 2) 3)"),
        ("a || b ? c + 1 : d", "(? (|| a b) (+ c 1) d)"), ("a ? [] : {}", "(? a [] {})"), ("a\n? b\n: c", "(? a b c)"),
        // Collections.
        ("[]", "[]"), ("[1, 2,]", "[1 2]"), ("[\n1,\n\n2\n]", "[1 2]"), ("[[], {}]", "[[] {}]"),
        ("{}", "{}"), ("{a = 1, b : 2}", "{a=1 b=2}"), ("{\n a = 1\n\n b = 2,\n}", "{a=1 b=2}"), ("{\"a\" = 1}", "{<'a'>=1}"),
        ("{(a) = 1}", "{(paren a)=1}"), ("{(a.b) = 1}", "{(paren a.b)=1}"), ("{\"${a}\" = 1}", "{<$a>=1}"), ("{1 = 2}", "{1=2}"),
        ("{-1 = 2}", "{(- 1)=2}"),
        ("{true = 1, null = 2}", "{true=1 null=2}"), ("{f(a) = 1}", "{(call f a)=1}"), ("{a = {b = 1\n}}", "{a={b=1}}"),
        ("{a = [\n1\n]\nb = f(\n2\n)}", "{a=[1] b=(call f 2)}"), ("{a = <<E\nx\nE\nb = 1}", "{a=<'x\\n'> b=1}"),
        // for.
        ("[for x in y : x]", "[for x in y: x]"), ("[for k, v in y : v if k != 1]", "[for k v in y: v if (!= k 1)]"),
        ("{for k, v in y : k => v}", "{for k v in y: k => v}"), ("{for x in y : x => x... if x}", "{for x in y: x => x... if x}"),
        ("[\nfor x\nin y\n:\nx\nif x\n]", "[for x in y: x if x]"), ("{\nfor x in y : x => {\na = x\n}\n}", "{for x in y: x => {a=x}}"),
        ("[for in in in : in]", "[for in in in: in]"), ("[for x in [for y in z : y] : x]", "[for x in [for y in z: y]: x]"),
        ("[for x in y : x][0]", "(get [for x in y: x] [0])"), ("[forx]", "[forx]"),
        // Comments and blanks anywhere.
        ("/* a */ 1 /* b */ + # c\n 2 // d", "(+ 1 2)"), ("a /* x */ . /* y */ b", "a.b"), ("  \t 1 \n\n ", "1"),
    ]

    @Test(arguments: shapes)
    func shape(source: String, outline: String) {
        let result = parseExpression(Array(source.utf8), path: "-")
        #expect(result.diagnostics.isEmpty)
        #expect(Outline.of(result.tree) == outline)
    }

    /// What holds in a bare expression holds for one in parentheses in a file, and its place is its text.
    @Test(arguments: shapes)
    func placeOfAnExpression(source: String, outline: String) {
        let text = "v = (\(source)\n)\n"
        let file = parseFile(Array(text.utf8), path: "-")
        #expect(file.diagnostics.isEmpty)
        expectCover(file.tree)
        guard let expression = file.tree.body.attribute("v")?.expression, case .parenthesized(let inner) = expression.kind else {
            Issue.record("not in parentheses")
            return
        }
        #expect(Outline.of(inner) == outline)
        let again = parseExpression(Array(file.tree.text(inner.range).utf8), path: "-")
        #expect(Outline.of(again.tree) == outline, "the place of the expression is not its text")
    }

    @Test(arguments: [
        ("1 2", "Extra characters after expression"), ("", "Missing expression"), ("a b", "Extra characters after expression"),
        ("(1", "Unbalanced parentheses"), ("\"a", "Unterminated template string"),
    ])
    func refusedAlone(source: String, summary: String) {
        let result = parseExpression(Array(source.utf8), path: "-")
        #expect(result.diagnostics.map(\.summary) == [summary])
        #expect(Outline.of(result.tree) == "(invalid)")
    }

    @Test func placesOfStepsAndNames() {
        let source = "aws.b[\"c\"][0].d"
        let result = parseExpression(Array(source.utf8), path: "-")
        guard case .traversal(let root, let steps) = result.tree.kind else {
            Issue.record("not a traversal")
            return
        }
        let file = SourceFile(
            path: "-", bytes: Array(source.utf8), tokens: [], body: Body(attributes: [], blocks: [], range: .empty, file: "-"))
        #expect(file.text(root.range) == "aws")
        #expect(steps.map { file.text($0.range) } == ["b", "[\"c\"]", "[0]", "d"])
        #expect(file.text(result.tree.range) == source)
    }
}
