use crate::generated::Generator;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::expressions::{DEEPEST, Expression, LONGEST};

fn canonical(text: &str) -> String {
    Expression::parse(text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .to_string()
}

fn refused(text: &str) -> String {
    let error = Expression::parse(text).expect_err(text);
    assert_eq!(error.kind(), ErrorKind::Argument);
    error.message().to_owned()
}

#[test]
fn one_expression_has_one_text() {
    for (text, expected) in [
        ("fare>0", "fare > 0"),
        ("((fare)) > (0)", "fare > 0"),
        ("`fare` > 0", "fare > 0"),
        ("`fare 1`>0", "`fare 1` > 0"),
        ("`and` or `a``b`", "`and` or `a``b`"),
        ("a.b.c==1", "a.b.c == 1"),
        ("`a.b c` == 1", "`a.b c` == 1"),
        ("Ärger_2 is   null", "Ärger_2 is null"),
        ("not x is null", "x is not null"),
        ("not (not x is null)", "not x is not null"),
        ("not a in [1,2,]", "a not in [1, 2]"),
        ("not (a and b)", "not (a and b)"),
        ("not a and b", "not a and b"),
        ("a and (b and (c and d))", "a and b and c and d"),
        ("(a or b) and c or d", "(a or b) and c or d"),
        ("(a == b) == true", "(a == b) == true"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a*(b+c)/-d % 2", "a * (b + c) / -d % 2"),
        ("-(a+b) < - 5", "-(a + b) < -5"),
        ("- -5 < x", "5 < x"),
        ("x == 007", "x == 7"),
        ("x == .5", "x == 0.5"),
        ("x == 1.50", "x == 1.50"),
        ("x == -0.05", "x == -0.05"),
        ("x < 1e3", "x < 1000.0"),
        ("x < 1E+30", "x < 1e30"),
        ("x < 2.5e-7", "x < 2.5e-7"),
        (r#"x == "a\u00e5\n\"""#, "x == \"aå\\n\\\"\""),
        (r#"x matches "\\d+""#, r#"x matches "\\d+""#),
        ("x not between 1 and 2 and y", "x not between 1 and 2 and y"),
        ("abs( x )<length(y)", "abs(x) < length(y)"),
        ("length < 3", "length < 3"),
        ("starts_with(x,\"a\") or true", "starts_with(x, \"a\") or true"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(canonical(expected), expected);
    }
}

#[test]
fn columns_are_listed_once_in_order() {
    let expression = Expression::parse("b + a.x > b and `c d` is null").unwrap();
    assert_eq!(expression.columns(), ["b", "a.x", "c d"]);
}

#[test]
fn generated_expressions_come_back_as_they_were() {
    let mut generator = Generator::new(1);
    for _ in 0..3000 {
        let text = generator.condition(4);
        let once = canonical(&text);
        assert_eq!(canonical(&once), once, "{text}");
    }
}

#[test]
fn errors_say_where_and_what() {
    for (text, expected) in [
        ("", "it is empty"),
        (
            "fare >",
            "at character 7: it ends here; expected a column or a value",
        ),
        ("å >", "at character 4"),
        ("fare = 1", "write == in place of ="),
        ("a <> 1", "write != in place of <>"),
        ("a && b", "write and in place of &&"),
        ("a | b", "write or in place of |"),
        ("!a", "write not in place of !"),
        ("a == 'x'", "double quotes"),
        ("(a", "expected )"),
        ("a)", "found )"),
        ("a b", "found b"),
        ("fair(a)", "there is no function fair; functions are abs"),
        ("length(a, b)", "expected )"),
        ("starts_with(a)", "expected ,"),
        ("abs(\"a\")", "abs does not take a text"),
        ("x in []", "expected a column or a value"),
        ("x in [a]", "a list holds values only"),
        ("x in [1, \"a\"]", "of one kind"),
        ("x in (1, 2)", "square brackets"),
        ("x in [null]", "x is null or"),
        ("x == null", "write x is null"),
        ("null", "x is null"),
        ("x is nan", "is_nan(x)"),
        ("1 < x < 2", "do not chain"),
        ("\"a\" > 1", "a text cannot be compared with a number"),
        ("true < 1", "true or false cannot be compared with a number"),
        ("(a == 1) + 2 > 1", "+ takes numbers, not true or false"),
        ("not 5", "not joins what is true or false, not a number"),
        ("a + 1 and b", "and joins"),
        ("-\"a\" == b", "- takes a number, not a text"),
        ("x between 1 or 2", "x between a and b"),
        ("x matches 5", "as a text"),
        ("x matches \"(\"", "not a regular expression: unclosed group"),
        ("x matches \"(?=a)\"", "look-ahead"),
        ("x matches \"a{1000000}\"", "not a regular expression"),
        ("x == \"a\\q\"", "escape"),
        ("x == \"a", "never closed"),
        ("`a", "never closed"),
        ("1e400 < x", "too large"),
        ("x == 5a", "not a number"),
        ("x == 1.2.3", "not a number"),
        ("x == 170141183460469231731687303715884105728", "too large"),
        ("x # y", "'#' has no meaning here"),
        ("x @ \u{202e}", "has no meaning"),
    ] {
        let message = refused(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn hostile_texts_are_bounded() {
    let deep = "(".repeat(1 << 16) + "x";
    assert!(refused(&deep).contains("levels deep"));
    assert!(refused(&("not ".repeat(1 << 15) + "x")).contains("levels deep"));
    assert!(refused(&("-".repeat(1 << 16) + "x > 0")).contains("levels deep"));
    assert!(refused(&("abs(".repeat(1 << 14) + "x")).contains("levels deep"));
    assert!(refused(&("x+".repeat(DEEPEST + 1) + "x > 0")).contains("levels deep"));
    assert!(refused(&" ".repeat(LONGEST + 1)).contains("bytes"));
    assert!(refused(&format!("x in [{}]", "1,".repeat(1 << 16))).contains("values"));
    let columns: Vec<String> = (0..2000).map(|number| format!("c{number}")).collect();
    assert!(refused(&columns.join(" and ")).contains("columns"));
    assert!(refused(&format!("x matches \"{}\"", "(".repeat(5000))).contains("regular expression"));
    // Long chains of one word are shallow.
    let chain = vec!["x > 1"; 10_000].join(" or ");
    assert_eq!(canonical(&chain), chain);
    let sum = vec!["x"; DEEPEST - 2].join(" + ") + " > 0";
    assert_eq!(canonical(&sum), sum);
}

#[test]
fn no_text_makes_it_panic() {
    let alphabet: Vec<&str> = vec![
        "a",
        "`b c`",
        "1",
        "2.5",
        "\"x\"",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "-",
        "+",
        "*",
        "/",
        "%",
        "==",
        "<",
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "true",
        "matches",
        "between",
        "length",
        "abs",
        " ",
        "\"",
        "\\",
        "`",
        "é",
        "\u{0}",
        "1e5",
        "..",
        "9999999999999999999999",
    ];
    let mut dice = crate::support::Dice::new(7);
    let mut read = 0;
    for _ in 0..30_000 {
        let words = 1 + dice.below(12);
        let text: String = (0..words)
            .map(|_| alphabet[dice.below(alphabet.len() as u64) as usize])
            .collect();
        if let Ok(expression) = Expression::parse(&text) {
            read += 1;
            let once = expression.to_string();
            assert_eq!(canonical(&once), once, "{text}");
        }
    }
    assert!(read > 1000, "{read}");
}
