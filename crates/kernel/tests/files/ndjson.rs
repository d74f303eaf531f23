use crate::read::{expect, fail, gzip, names, read, windowed};
use crate::support::Folder;
use tidegauge_kernel::columns::TypeTag;

const PLAIN: &str = r#"{"n": 1, "t": "a", "s": {"x": 1.5, "deep": {"y": null}}, "l": [1, 2]}

{"t": "b", "n": null, "l": [], "extra": true}
   {"n": 18446744073709551615, "s": null, "l": [null, 3]}
"#;

fn check_plain(path: &str) {
    let profile = read(path);
    assert_eq!(profile.records, 3);
    expect(
        &profile,
        "n",
        TypeTag::Integer,
        3,
        1,
        &[("1", 1), ("18446744073709551615", 1)],
    );
    expect(&profile, "t", TypeTag::String, 2, 0, &[("a", 1), ("b", 1)]);
    expect(&profile, "s.x", TypeTag::Fractional, 1, 0, &[("1.5", 1)]);
    expect(&profile, "extra", TypeTag::Boolean, 1, 0, &[("true", 1)]);
    expect(
        &profile,
        "l[]",
        TypeTag::Integer,
        4,
        1,
        &[("1", 1), ("2", 1), ("3", 1)],
    );
    let list = profile.column("l").unwrap();
    let lengths = list.lengths.as_ref().unwrap().moments.unwrap();
    assert_eq!(
        (list.tag, lengths.n, lengths.min, lengths.max),
        (TypeTag::List, 3, 0.0, 2.0)
    );
    let inner = profile.column("s").unwrap();
    assert_eq!(
        (inner.tag, inner.counts.records, inner.counts.nulls),
        (TypeTag::Struct, 2, 1)
    );
    assert_eq!(profile.column("s.deep.y").unwrap().counts.nulls, 1);
}

#[test]
fn nested_objects_blank_lines_and_compression_are_read() {
    let folder = Folder::new();
    check_plain(&folder.write("plain.ndjson", PLAIN));
    check_plain(&folder.write("plain.jsonl", PLAIN.trim_end()));
    check_plain(&folder.write("plain.json", PLAIN.replace('\n', "\r\n")));
    check_plain(&folder.write("unnamed", PLAIN));
    check_plain(&folder.write("zipped.ndjson.gz", gzip(PLAIN.as_bytes())));
}

#[test]
fn a_bad_line_is_named() {
    let folder = Folder::new();
    for (bad, what) in [
        ("{\"a\": }", "line 4"),
        ("[1, 2]", "an array"),
        ("7", "a single value"),
        ("{\"a\": 1", "line 4"),
        ("{\"a\": 1} {", "line 4"),
        ("{\"a\": \"\u{7}\"}", "line 4"),
    ] {
        let message = fail(&folder.write(
            "bad.ndjson",
            format!("{{\"a\": 1}}\n\n{{\"a\": 2}}\n{bad}\n{{\"a\": 3}}\n"),
        ));
        assert!(
            message.contains("line 4") && message.contains(what),
            "{bad}: {message}"
        );
    }
    let late = format!(
        "{}oops\n",
        "{\"a\": 1, \"text\": \"some more bytes to fill blocks\"}\n".repeat(90_000)
    );
    assert!(fail(&folder.write("late.ndjson", late)).contains("line 90001"));
    let message = fail(&folder.write("latin.ndjson", b"{\"a\": \"\xe9\"}\n"));
    assert!(message.contains("line 1"), "{message}");
    let deep = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(fail(&folder.write("deep.ndjson", deep)).contains("line 1"));
}

#[test]
fn many_lines_over_many_blocks_are_all_there() {
    let folder = Folder::new();
    let rows = 60_000u64;
    let text: String = (0..rows)
        .map(|row| {
            format!(
                "{{\"id\": {row}, \"t\": \"{}\", \"pad\": \"{}\"}}\n",
                row % 5,
                "x".repeat(60)
            )
        })
        .collect();
    let profile = read(&folder.write("many.ndjson", text));
    assert_eq!((profile.records, names(&profile)), (rows, vec!["id", "t", "pad"]));
    let moments = profile
        .column("id")
        .unwrap()
        .values
        .as_ref()
        .unwrap()
        .moments
        .unwrap();
    assert_eq!((moments.n, moments.max), (rows, (rows - 1) as f64));
    expect(
        &profile,
        "t",
        TypeTag::String,
        rows,
        0,
        &["0", "1", "2", "3", "4"].map(|text| (text, 12_000)),
    );
}

#[test]
fn an_empty_object_is_a_record() {
    let folder = Folder::new();
    let profile = read(&folder.write("bare.ndjson", "{}\n{}\n"));
    assert_eq!((profile.records, profile.columns.len()), (2, 0));
    assert!(fail(&folder.write("empty.ndjson", "")).contains("empty"));
}

#[test]
fn records_fall_into_the_windows_of_their_timestamps() {
    let folder = Folder::new();
    let text = "{\"at\": \"2013-02-08T23:59:59Z\", \"n\": 1}\n{\"n\": 2}\n{\"at\": null, \"n\": 3}\n{\"at\": \"2013-02-09\", \"n\": 4}\n";
    let profiles = windowed(&folder.write("w.ndjson", text), "at");
    let records: Vec<u64> = profiles.iter().map(|profile| profile.records).collect();
    assert_eq!(records, [2, 1, 1]);
    expect(&profiles[0], "n", TypeTag::Integer, 2, 0, &[("2", 1), ("3", 1)]);
}
