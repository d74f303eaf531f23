use crate::read::{expect, fail, gzip, names, read, windowed};
use crate::support::Folder;
use tidegauge_kernel::columns::TypeTag;

const PLAIN: &str =
    "n,word,day,part\n1,a,2013-02-08,0.5\n2,\"b, \"\"c\"\"\",2013-02-09,NA\n,\"two\nlines\",,1e3\n";

fn check_plain(path: &str) {
    let profile = read(path);
    assert_eq!(
        (profile.records, names(&profile)),
        (3, vec!["n", "word", "day", "part"])
    );
    expect(&profile, "n", TypeTag::Integer, 3, 1, &[("1", 1), ("2", 1)]);
    expect(
        &profile,
        "word",
        TypeTag::String,
        3,
        0,
        &[("a", 1), ("b, \"c\"", 1), ("two\nlines", 1)],
    );
    expect(
        &profile,
        "day",
        TypeTag::Date,
        3,
        1,
        &[("2013-02-08", 1), ("2013-02-09", 1)],
    );
    expect(
        &profile,
        "part",
        TypeTag::Fractional,
        3,
        1,
        &[("0.5", 1), ("1000.0", 1)],
    );
}

#[test]
fn quotes_line_ends_marks_and_compression_make_no_difference() {
    let folder = Folder::new();
    check_plain(&folder.write("plain.csv", PLAIN));
    check_plain(&folder.write("unnamed", PLAIN));
    check_plain(&folder.write("open.csv", PLAIN.trim_end()));
    check_plain(&folder.write("marked.csv", format!("\u{feff}{PLAIN}")));
    check_plain(&folder.write("zipped.csv.gz", gzip(PLAIN.as_bytes())));
    check_plain(&folder.write("zipped-unsaid.csv", gzip(PLAIN.as_bytes())));
    check_plain(&folder.write("marked.csv.gz", gzip(format!("\u{feff}{PLAIN}").as_bytes())));
    let (head, tail) = PLAIN.split_at(30);
    check_plain(&folder.write(
        "members.csv.gz",
        [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat(),
    ));
    let windows = PLAIN.replace('\n', "\r\n").replace("two\r\nlines", "two\nlines");
    check_plain(&folder.write("windows.csv", windows));
}

#[test]
fn delimiters_are_told_by_name_or_header() {
    let folder = Folder::new();
    for (name, delimiter) in [
        ("a.tsv", "\t"),
        ("b.tsv.gz", "\t"),
        ("c.csv", ";"),
        ("d.csv", "|"),
        ("e.txt", "\t"),
        ("f.csv", ","),
    ] {
        let text = "x,y\n1,a\n2,b\n".replace(',', delimiter);
        let bytes = if name.ends_with(".gz") {
            gzip(text.as_bytes())
        } else {
            text.into_bytes()
        };
        let profile = read(&folder.write(name, bytes));
        expect(&profile, "x", TypeTag::Integer, 2, 0, &[("1", 1), ("2", 1)]);
        expect(&profile, "y", TypeTag::String, 2, 0, &[("a", 1), ("b", 1)]);
    }
    let profile = read(&folder.write("commas-in-a.tsv", "a,b\tc\n1\t2\n"));
    assert_eq!(names(&profile), ["a,b", "c"]);
}

#[test]
fn rows_of_uneven_length_are_an_error_that_names_the_line() {
    let folder = Folder::new();
    let message = fail(&folder.write("short.csv", "a,b\n1,2\n3\n4,5\n"));
    assert!(
        message.contains("line 3") && message.contains("1 fields, expected 2"),
        "{message}"
    );
    let message = fail(&folder.write("long.csv", "a,b\n1,2\n\"x\ny\",4\n4,5,6\n"));
    assert!(
        message.contains("line 5") && message.contains("3 fields"),
        "{message}"
    );
    let late = format!("a,b\n{}1\n", "1,2\n".repeat(50_000));
    let message = fail(&folder.write("late.csv", &late));
    assert!(message.contains("line 50002"), "{message}");
    let message = fail(&folder.write("late.csv.gz", gzip(late.as_bytes())));
    assert!(message.contains("line 50002"), "{message}");
}

#[test]
fn a_header_alone_names_the_columns() {
    let folder = Folder::new();
    for text in ["a,b", "a,b\n", "\u{feff}a,b\r\n"] {
        let profile = read(&folder.write("header.csv", text));
        assert_eq!(
            (profile.records, names(&profile)),
            (0, vec!["a", "b"]),
            "{text:?}"
        );
    }
}

#[test]
fn a_file_without_a_header_is_an_error() {
    let folder = Folder::new();
    assert!(fail(&folder.write("empty.csv", "")).contains("empty"));
    assert!(fail(&folder.write("empty.csv.gz", gzip(b""))).contains("empty"));
    let message = fail(&folder.write("twins.csv", "a,b,a\n1,2,3\n"));
    assert!(message.contains("\"a\""), "{message}");
}

#[test]
fn bytes_that_are_no_text_become_replacement_characters() {
    let folder = Folder::new();
    let profile = read(&folder.write("latin.csv", b"name\nJos\xe9\n\xff\xfe\nplain\n\xc3\xa9\n"));
    expect(
        &profile,
        "name",
        TypeTag::String,
        4,
        0,
        &[
            ("Jos\u{fffd}", 1),
            ("\u{fffd}\u{fffd}", 1),
            ("plain", 1),
            ("é", 1),
        ],
    );
}

#[test]
fn a_value_that_does_not_fit_its_column_shows_in_the_types() {
    let folder = Folder::new();
    let text = format!("n\n{}oops\n2.5\n", "7\n".repeat(30_000));
    let column = read(&folder.write("late.csv", text)).column("n").unwrap().clone();
    assert_eq!(column.tag, TypeTag::Mixed);
    assert_eq!(column.types.values()[1..4], [30_000, 1, 1]);
}

#[test]
fn many_rows_over_many_blocks_are_all_there() {
    let folder = Folder::new();
    let rows = 100_000u64;
    let text: String = (0..rows)
        .map(|row| format!("{row},{},\"t\n{}\"\n", row % 7, row % 3))
        .collect();
    let profile = read(&folder.write("many.csv", format!("id,n,t\n{text}")));
    assert_eq!(profile.records, rows);
    let moments = profile
        .column("id")
        .unwrap()
        .values
        .as_ref()
        .unwrap()
        .moments
        .unwrap();
    assert_eq!(
        (moments.n, moments.min, moments.max),
        (rows, 0.0, (rows - 1) as f64)
    );
    assert!((moments.mean.high - (rows - 1) as f64 / 2.0).abs() < 1e-6);
    expect(
        &profile,
        "t",
        TypeTag::String,
        rows,
        0,
        &[("t\n0", 33_334), ("t\n1", 33_333), ("t\n2", 33_333)],
    );
}

#[test]
fn records_fall_into_the_windows_of_their_timestamps() {
    let folder = Folder::new();
    let text =
        "at,n\n2013-02-08T23:59:59,1\n2013-02-09 00:00:00Z,2\n,3\n2013-02-08,4\n1969-12-31T12:00:00,5\n";
    let profiles = windowed(&folder.write("w.csv", text), "at");
    let records: Vec<u64> = profiles.iter().map(|profile| profile.records).collect();
    assert_eq!(records, [1, 1, 2, 1]);
    expect(&profiles[2], "n", TypeTag::Integer, 2, 0, &[("1", 1), ("4", 1)]);
}
