//! One file of text becomes a lossless tree, and each mistake in it one diagnostic.

use crate::language::{HEAD, read_one};
use etiology::diagnostic::Code;
use etiology::source::SourceMap;
use etiology::syntax::ast::{Comparison, ExpressionKind, PieceKind};
use etiology::syntax::{is_unfinished, parse};
use proptest::prelude::*;

/// Returns the codes that parsing raises, in order.
fn codes(text: &str) -> Vec<Code> {
    let mut sources = SourceMap::default();
    let id = sources.add("a.etio", text);
    parse(id, text).1.iter().map(|diagnostic| diagnostic.code).collect()
}

#[track_caller]
fn check(text: &str, expected: &[Code]) {
    assert_eq!(codes(text), expected, "{text}");
    check_lossless(text);
}

#[track_caller]
fn check_lossless(text: &str) {
    let mut sources = SourceMap::default();
    let id = sources.add("a.etio", text);
    let (tree, _) = parse(id, text);
    let joined: String = tree.pieces.iter().map(|piece| tree.text_of(piece)).collect();
    assert_eq!(joined, text);
    let mut end = 0;
    for piece in &tree.pieces {
        assert_eq!(piece.span.start, end, "a gap before {piece:?}");
        end = piece.span.end;
    }
}

/// Returns the shape of a condition, fully bracketed.
fn shape(condition: &str) -> String {
    let text = format!("verdict v \"V\" {{ when {condition} }}");
    let mut sources = SourceMap::default();
    let id = sources.add("a.etio", text.clone());
    let (tree, diagnostics) = parse(id, &text);
    assert!(diagnostics.is_empty(), "{condition}: {diagnostics:?}");
    let declaration = tree.declarations().next().unwrap();
    let etiology::syntax::ast::ClauseKind::When(condition) = &declaration.clauses[0].kind else { panic!() };
    shape_of(condition)
}

fn shape_of(expression: &etiology::syntax::ast::Expression) -> String {
    let all = |parts: &[etiology::syntax::ast::Expression], word: &str| {
        format!("({})", parts.iter().map(shape_of).collect::<Vec<_>>().join(word))
    };
    match &expression.kind {
        ExpressionKind::Number(number) => number.figure.to_string(),
        ExpressionKind::Atom(atom) => {
            let inner: Vec<String> = atom.arguments.iter().map(|argument| shape_of(&argument.value)).collect();
            if inner.is_empty() { atom.name.value.clone() } else { format!("{}<{}>", atom.name.value, inner.join(",")) }
        }
        ExpressionKind::Group(inner) => shape_of(inner),
        ExpressionKind::And(parts) => all(parts, " and "),
        ExpressionKind::Or(parts) => all(parts, " or "),
        ExpressionKind::Not(inner) => format!("not({})", shape_of(inner)),
        ExpressionKind::Compare { left, comparison, right } => {
            let sign = match comparison.value {
                Comparison::Less => "<",
                Comparison::AtMost => "<=",
                Comparison::Greater => ">",
                Comparison::AtLeast => ">=",
                Comparison::Equal => "=",
                Comparison::NotEqual => "!=",
            };
            format!("({} {sign} {})", shape_of(left), shape_of(right))
        }
        ExpressionKind::Between { value, low, high } => {
            format!("({} between {} and {})", shape_of(value), shape_of(low), shape_of(high))
        }
        ExpressionKind::Quantified { all, condition, .. } => {
            format!("{}({})", if *all { "all" } else { "any" }, shape_of(condition))
        }
        ExpressionKind::Aggregate { aggregate, condition, of, .. } => format!(
            "{:?}({}{})",
            aggregate.value,
            condition.as_deref().map(|condition| format!("where {}", shape_of(condition))).unwrap_or_default(),
            of.as_deref().map(|of| format!(" of {}", shape_of(of))).unwrap_or_default(),
        ),
        ExpressionKind::Arithmetic { operator, left, right } => {
            format!("({} {:?} {})", shape_of(left), operator.value, shape_of(right))
        }
        ExpressionKind::Negate(inner) => format!("-{}", shape_of(inner)),
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_bind_as_the_grammar_says() {
    assert_eq!(shape("a > 1 and b > 2 or c > 3"), "(((a > 1) and (b > 2)) or (c > 3))");
    assert_eq!(shape("a or b or c"), "(a or b or c)");
    assert_eq!(shape("not a > 1 and b"), "(not((a > 1)) and b)");
    assert_eq!(shape("a - 1 - 2 * 3 < -b / 2"), "(((a Subtract 1) Subtract (2 Multiply 3)) < (-b Divide 2))");
    assert_eq!(shape("x between a + 1 and 3 and y"), "((x between (a Add 1) and 3) and y)");
    assert_eq!(shape("any s in t where a and b"), "(any(a) and b)");
    assert_eq!(shape("any s in t where (a and b)"), "any((a and b))");
    assert_eq!(shape("any s in t where f(s) > 1"), "any(f<s>) > 1".replace("any(f<s>) > 1", "(any(f<s>) > 1)"));
    assert_eq!(shape("count s in t where f(s) >= 2 and b"), "((Count(where f<s>) >= 2) and b)");
    assert_eq!(shape("count s in t where m[s] < 1 >= 2"), "(Count(where (m<s> < 1)) >= 2)");
    assert_eq!(shape("count s in t where not any u in v where f(s, u) >= 2"), "(Count(where not(any(f<s,u>))) >= 2)");
    assert_eq!(shape("max f in g of m[f] - 1 > 2"), "((Max( of m<f>) Subtract 1) > 2)");
    assert_eq!(shape("mean f in g where known(m[f]) of m[f] > 2"), "(Mean(where known<m<f>> of m<f>) > 2)");
}

#[test]
fn three_mistakes_give_three_diagnostics() {
    check(
        "mode a \"A\" { severity high }\nmode b \"B\" {}\nmodus c \"C\" {}\nband d \"D\" { from }\n",
        &[Code::S007, Code::S002, Code::S007],
    );
}

#[test]
fn a_missing_brace_costs_one_declaration() {
    let text = "mode a \"A\" {\n  severity 5\n\nmode b \"B\" { severity 5 }\nmode c \"C\" {}\n";
    check(text, &[Code::S004]);
    let mut sources = SourceMap::default();
    let id = sources.add("a.etio", text);
    assert_eq!(parse(id, text).0.declarations().count(), 2);
}

#[test]
fn a_missing_quote_costs_one_declaration() {
    check("mode a \"A { severity 5 }\nmode b \"B\" { severity 5 }\n", &[Code::S003]);
    check("mode a \"A\" {\n  because \"so\n}\nmode b \"B\" { because \"so\" }\n", &[Code::S003]);
}

#[test]
fn a_body_may_hold_words_that_begin_declarations_elsewhere() {
    check("mode a \"A\" {\ncategory technical\nseverity 3\n}\n", &[]);
    check("input a \"A\" : one of test,\nrule, source\nindex priority \"P\" within index\n", &[]);
    check("category a \"A\" category b \"B\"\n", &[]);
}

#[test]
fn comments_and_blanks_are_kept() {
    let text = "// one\n\n/// doc of a\n/// more\nmode a \"A\" { // in\n  severity 5 // \"quote\n  // }\n} // after\n/// of nothing\n";
    check(text, &[]);
    let mut sources = SourceMap::default();
    let id = sources.add("a.etio", text);
    let (tree, _) = parse(id, text);
    let declaration = tree.declarations().next().unwrap();
    assert_eq!(declaration.doc.as_ref().map(|doc| doc.value.as_str()), Some("doc of a\nmore"));
    let comments: Vec<&str> = declaration.comments.iter().map(|span| sources.text(*span)).collect();
    assert_eq!(comments, ["// in", "// \"quote", "// }"]);
    assert_eq!(tree.pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Comment)).count(), 3);
}

#[test]
fn places_end_where_the_text_ends() {
    let text = "rule a \"A\" {\n  when known(x)   // why\n   and y  // because\n  // more\n  then recommend z\n}\n";
    let mut sources = SourceMap::default();
    let id = sources.add("a.etio", text);
    let (tree, _) = parse(id, text);
    let declaration = tree.declarations().next().unwrap();
    assert_eq!(sources.text(declaration.clauses[0].span), "when known(x)   // why\n   and y");
    assert_eq!(sources.text(declaration.clauses[1].span), "then recommend z");
}

#[test]
fn five_hundred_brackets_are_one_clear_diagnostic() {
    for (open, close) in [("(", ")"), ("not ", ""), ("-", ""), ("any s in t where ", ""), ("(any s in t where (", "))")]
    {
        let text = format!("rule a \"A\" {{ when {}x{} then recommend y }}", open.repeat(500), close.repeat(500));
        check(&text, &[Code::S006]);
    }
    let text = format!("rule a \"A\" {{ when x > {}1 then recommend y }}", "1 + ".repeat(5000));
    check(&text, &[Code::S006]);
}

#[test]
fn what_is_just_within_the_depth_is_read_and_lowered() {
    let deep = format!("{}unknown(x){}", "(".repeat(98), ")".repeat(98));
    let text = format!("{HEAD}input x \"X\" : count\nverdict v \"V\" {{ when {deep} }}");
    let outcome = read_one(&text);
    assert!(outcome.diagnostics.is_empty(), "{}", outcome.shown());
    check(&format!("verdict v \"V\" {{ when {}x }}", "not ".repeat(98)), &[]);
    check(&format!("verdict v \"V\" {{ when {} }}", ["x"; 5000].join(" and ")), &[]);
}

#[test]
fn unfinished_is_what_another_line_could_end() {
    for text in ["rule a {", "x > (1 +", "rule a { because \"so", "m[s"] {
        assert!(is_unfinished(text), "{text}");
    }
    for text in ["", "rule a {}", "}", "because \"{\"", "x // {", "because \"so\n"] {
        assert!(!is_unfinished(text), "{text}");
    }
}

#[test]
fn slips_are_answered_and_read_as_meant() {
    let rule = |when: &str| format!("rule a \"A\" {{ when {when} then recommend y }}");
    for (when, code) in [
        ("x == 1", Code::S010),
        ("x =< 1", Code::S010),
        ("x <> 1", Code::S010),
        ("x ≥ 1", Code::S010),
        ("x is no", Code::S010),
        ("x is not no", Code::S010),
        ("a && b", Code::S011),
        ("a || b", Code::S011),
        ("!a", Code::S011),
        ("x = true", Code::S012),
        ("x in false, b", Code::S012),
        ("1 < x < 2", Code::S017),
        ("x not in a, b", Code::S025),
        ("X > 1", Code::S016),
        ("any s subgroup where x", Code::S007),
    ] {
        check(&rule(when), &[code]);
    }
    check(&rule("all and any or x"), &[]);
    check("rule a \"A\" { when x then recommend y. }", &[Code::S013]);
    check("rule a \"A\" { when x then recommend y else recommend z }", &[Code::S014]);
    check("rule a A title { when x then recommend y }", &[Code::S015]);
    check("mitigation a \"A\" { addresses b => c effect 10% }", &[Code::S020]);
    check("rule a \"A\" { then recommend y, recommend z }", &[Code::S021]);
}

#[test]
fn what_was_expected_is_said_in_the_language_of_the_pack() {
    let outcome = read_one("band high \"High\" { from soon }\n");
    insta::assert_snapshot!(outcome.shown(), @r#"
      × S007 (unexpected): expected a number, found `soon`
       ╭─[pack.etio:1:25]
     1 │ band high "High" { from soon }
       ·                         ──┬─
       ·                           ╰── a number would fit here
       ╰────
    "#);
}

/// Pieces of packs, for texts that are nearly right.
const SCRAPS: [&str; 36] = [
    "pack",
    "rule",
    "mode",
    "test",
    "when",
    "then",
    "and",
    "or",
    "not",
    "any",
    "count",
    "where",
    "of",
    "in",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"text\"",
    "\"",
    "//",
    "///",
    "\n",
    "x",
    "a.b",
    "10%",
    "3 months",
    "2024-02-30",
    "->",
    "=",
    "==",
    "..",
    ",",
    "suspect m likelihood 0.5",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_kept_whole(text in "\\PC*") {
        check_lossless(&text);
    }

    #[test]
    fn any_bytes_that_are_text_are_kept_whole(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check_lossless(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_scraps_are_kept_whole_and_lowered(scraps in proptest::collection::vec(proptest::sample::select(&SCRAPS[..]), 0..60)) {
        let text = scraps.join(" ");
        check_lossless(&text);
        read_one(&text);
    }
}

/// A large file is parsed by several threads; what comes out must not show it.
#[test]
fn a_large_file_reads_like_its_parts() {
    let deep = format!("rule d \"D\" {{ when {}x{} then recommend y }}\n", "(".repeat(98), ")".repeat(98));
    let part = format!(
        "mode a \"A\" {{ severity high }}\n// between\n{deep}rule b \"B\" {{ when x == 1 then recommend y. }}\n"
    );
    let whole = part.repeat(200);
    assert!(whole.len() > 32 * 1024);
    check_lossless(&whole);
    assert_eq!(codes(&whole), codes(&part).repeat(200));
}
