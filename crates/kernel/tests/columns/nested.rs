use crate::expected::{Plain, batch, check, fingerprint, profile, sliced};
use arrow_array::builder::{
    FixedSizeListBuilder, GenericListBuilder, Int64Builder, MapBuilder, StringBuilder,
};
use arrow_array::{
    Array, ArrayRef, Int64Array, LargeListArray, ListArray, OffsetSizeTrait, StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Fields};
use std::sync::Arc;
use tidegauge_kernel::columns::TypeTag;

type Rows = Vec<Option<Vec<Option<i64>>>>;

fn rows() -> Rows {
    vec![
        Some(vec![Some(1), Some(2)]),
        Some(vec![]),
        None,
        Some(vec![None, Some(3), Some(-4), None]),
        Some(vec![Some(5)]),
        None,
        Some(vec![None]),
    ]
}

fn lists<O: OffsetSizeTrait>(rows: &Rows) -> ArrayRef {
    let mut builder = GenericListBuilder::<O, _>::new(Int64Builder::new());
    rows.iter().for_each(|row| builder.append_option(row.clone()));
    Arc::new(builder.finish())
}

fn whole(value: Option<i64>) -> Plain {
    value.map_or(Plain::Null, |value| Plain::Whole(value.into()))
}

/// Checks a list column and its elements, also at an offset.
fn check_lists(array: ArrayRef, rows: &Rows) {
    let lengths: Vec<Plain> = rows
        .iter()
        .map(|row| row.as_ref().map_or(Plain::Null, |row| Plain::List(row.len())))
        .collect();
    let elements: Vec<Plain> = rows
        .iter()
        .flatten()
        .flatten()
        .map(|&value| whole(value))
        .collect();
    for array in [sliced(&array), array] {
        let profile = profile(&[batch(&[("x", array)])]);
        assert_eq!(profile.records, rows.len() as u64);
        check(profile.column("x").unwrap(), TypeTag::List, &lengths);
        check(profile.column("x[]").unwrap(), TypeTag::Integer, &elements);
        assert_eq!(profile.columns.len(), 2);
    }
}

fn item() -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::Int64, true))
}

#[test]
fn lists_of_every_layout_are_measured_alike() {
    let rows = rows();
    check_lists(lists::<i32>(&rows), &rows);
    check_lists(lists::<i64>(&rows), &rows);
    check_lists(
        cast(&lists::<i32>(&rows), &DataType::ListView(item())).unwrap(),
        &rows,
    );
    check_lists(
        cast(&lists::<i64>(&rows), &DataType::LargeListView(item())).unwrap(),
        &rows,
    );
    let mut builder = FixedSizeListBuilder::new(Int64Builder::new(), 2);
    let pairs: Rows = vec![
        Some(vec![Some(1), None]),
        None,
        Some(vec![Some(3), Some(4)]),
        Some(vec![None, None]),
        Some(vec![Some(1), Some(1)]),
    ];
    for pair in &pairs {
        let padded = pair.clone().unwrap_or(vec![Some(77), Some(88)]);
        padded
            .into_iter()
            .for_each(|value| builder.values().append_option(value));
        builder.append(pair.is_some());
    }
    check_lists(Arc::new(builder.finish()), &pairs);
}

#[test]
fn elements_behind_a_null_list_are_not_counted() {
    let values: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 77, 88, 5, 99, 99]));
    let nulls = NullBuffer::from(vec![true, false, true, false]);
    let offsets = OffsetBuffer::new(vec![0, 2, 4, 5, 7].into());
    let array: ArrayRef = Arc::new(ListArray::new(
        item(),
        offsets,
        values.clone(),
        Some(nulls.clone()),
    ));
    let rows: Rows = vec![Some(vec![Some(1), Some(2)]), None, Some(vec![Some(5)]), None];
    check_lists(array, &rows);
    let offsets = OffsetBuffer::new(vec![0i64, 2, 4, 5, 7].into());
    check_lists(
        Arc::new(LargeListArray::new(item(), offsets, values, Some(nulls))),
        &rows,
    );
}

#[test]
fn list_columns_without_elements_still_have_their_elements_as_a_column() {
    for rows in [
        vec![None; 4],
        vec![Some(vec![]); 4],
        vec![Some(vec![]), None, Some(vec![]), None],
    ] {
        let rows: Rows = rows;
        check_lists(lists::<i32>(&rows), &rows);
    }
}

#[test]
fn maps_are_lists_of_keys_and_values() {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    type Pairs = &'static [(&'static str, Option<i64>)];
    let rows: [Option<Pairs>; 5] = [
        Some(&[("a", Some(1)), ("b", None)]),
        None,
        Some(&[]),
        Some(&[("a", Some(3))]),
        Some(&[("", Some(4))]),
    ];
    for row in rows {
        for (key, value) in row.unwrap_or_default() {
            builder.keys().append_value(key);
            builder.values().append_option(*value);
        }
        builder.append(row.is_some()).unwrap();
    }
    let array: ArrayRef = Arc::new(builder.finish());
    let entries: Vec<_> = rows.iter().copied().flatten().flatten().collect();
    for array in [sliced(&array), array] {
        let profile = profile(&[batch(&[("m", array)])]);
        let lengths: Vec<Plain> = rows
            .iter()
            .map(|row| row.map_or(Plain::Null, |row| Plain::List(row.len())))
            .collect();
        check(profile.column("m").unwrap(), TypeTag::List, &lengths);
        check(
            profile.column("m[]").unwrap(),
            TypeTag::Struct,
            &vec![Plain::Struct; entries.len()],
        );
        let keys: Vec<Plain> = entries.iter().map(|entry| Plain::Text(entry.0.into())).collect();
        check(profile.column("m[].keys").unwrap(), TypeTag::String, &keys);
        let values: Vec<Plain> = entries.iter().map(|entry| whole(entry.1)).collect();
        check(profile.column("m[].values").unwrap(), TypeTag::Integer, &values);
        assert_eq!(profile.columns.len(), 4);
    }
}

fn structs(fields: Vec<(&str, ArrayRef)>, nulls: Option<Vec<bool>>) -> ArrayRef {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = fields
        .into_iter()
        .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
        .unzip();
    Arc::new(StructArray::new(
        Fields::from(fields),
        arrays,
        nulls.map(NullBuffer::from),
    ))
}

#[test]
fn fields_of_null_structs_are_not_counted() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), Some(77), None, Some(4), Some(88)]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![
        Some("a"),
        Some("hidden"),
        Some(""),
        None,
        Some("hidden"),
    ]));
    let array = structs(
        vec![("n", numbers), ("t", texts)],
        Some(vec![true, false, true, true, false]),
    );
    for array in [sliced(&array), array] {
        let profile = profile(&[batch(&[("s", array)])]);
        let expected = [
            Plain::Struct,
            Plain::Null,
            Plain::Struct,
            Plain::Struct,
            Plain::Null,
        ];
        check(profile.column("s").unwrap(), TypeTag::Struct, &expected);
        check(
            profile.column("s.n").unwrap(),
            TypeTag::Integer,
            &[whole(Some(1)), Plain::Null, whole(Some(4))],
        );
        check(
            profile.column("s.t").unwrap(),
            TypeTag::String,
            &[Plain::Text("a".into()), Plain::Text("".into()), Plain::Null],
        );
    }
}

#[test]
fn lists_of_structs_of_lists_are_taken_apart() {
    // Lines of orders: [{tags: [..]}, ..], some null at each level.
    let tags = lists::<i32>(&rows());
    let line = structs(
        vec![("tags", tags)],
        Some(vec![true, true, true, true, false, true, true]),
    );
    let field = Arc::new(Field::new_list_field(line.data_type().clone(), true));
    let nulls = NullBuffer::from(vec![true, true, false, true]);
    let offsets = OffsetBuffer::new(vec![0, 3, 3, 4, 7].into());
    let orders: ArrayRef = Arc::new(ListArray::new(field, offsets, line, Some(nulls)));
    let order = structs(vec![("lines", orders)], Some(vec![true, true, true, true]));
    for array in [sliced(&order), order] {
        let profile = profile(&[batch(&[("o", array)])]);
        let names: Vec<&str> = profile.columns.iter().map(|column| &*column.name).collect();
        assert_eq!(
            names,
            ["o", "o.lines", "o.lines[]", "o.lines[].tags", "o.lines[].tags[]"]
        );
        check(
            &profile.columns[1],
            TypeTag::List,
            &[Plain::List(3), Plain::List(0), Plain::Null, Plain::List(3)],
        );
        // Lines 0 … 2 and 4 … 6 belong to orders, and line 4 is null.
        let (lines, null) = (Plain::Struct, Plain::Null);
        check(
            &profile.columns[2],
            TypeTag::Struct,
            &[
                lines.clone(),
                lines.clone(),
                lines.clone(),
                null.clone(),
                lines.clone(),
                lines,
            ],
        );
        check(
            &profile.columns[3],
            TypeTag::List,
            &[
                Plain::List(2),
                Plain::List(0),
                null.clone(),
                null.clone(),
                Plain::List(1),
            ],
        );
        check(
            &profile.columns[4],
            TypeTag::Integer,
            &[whole(Some(1)), whole(Some(2)), null],
        );
    }
}

#[test]
fn nested_columns_come_in_many_batches() {
    let rows = rows();
    let whole_profile = profile(&[batch(&[("x", lists::<i32>(&rows))])]);
    let parts: Vec<_> = rows
        .iter()
        .map(|row| batch(&[("x", lists::<i32>(&vec![row.clone()]))]))
        .collect();
    let in_parts = profile(&parts);
    for name in ["x", "x[]"] {
        let (one, other) = (
            whole_profile.column(name).unwrap(),
            in_parts.column(name).unwrap(),
        );
        assert_eq!((one.counts, one.types), (other.counts, other.types));
        assert_eq!(one.frequent_items, other.frequent_items);
    }
    let large = profile(&[batch(&[("x", lists::<i64>(&rows))])]);
    assert_eq!(
        fingerprint(&large.columns[1]),
        fingerprint(&whole_profile.columns[1])
    );
}
