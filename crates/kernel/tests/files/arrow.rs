use crate::parquet::{check, table};
use crate::read::{names, read, windowed};
use crate::support::Folder;
use arrow_array::RecordBatch;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};

pub fn file(batches: &[RecordBatch], compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default()
        .try_with_compression(compression)
        .unwrap();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &table().schema(), options).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

pub fn stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &table().schema()).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

fn pieces(rows: usize) -> Vec<RecordBatch> {
    let table = table();
    (0..table.num_rows())
        .step_by(rows)
        .map(|start| table.slice(start, rows.min(table.num_rows() - start)))
        .collect()
}

#[test]
fn files_and_streams_in_any_batches_are_read_alike() {
    let folder = Folder::new();
    for rows in [9000, 700] {
        let batches = pieces(rows);
        for compression in [
            None,
            Some(CompressionType::LZ4_FRAME),
            Some(CompressionType::ZSTD),
        ] {
            check(&read(&folder.write("a.arrow", file(&batches, compression))));
        }
        check(&read(&folder.write("b.feather", file(&batches, None))));
        check(&read(&folder.write("c.arrows", stream(&batches))));
        check(&read(&folder.write("d.arrow", stream(&batches))));
        check(&read(&folder.write("unnamed", stream(&batches))));
        check(&read(
            &folder.write("e.arrow.gz", crate::read::gzip(&stream(&batches))),
        ));
    }
}

#[test]
fn files_without_a_batch_have_their_columns() {
    let folder = Folder::new();
    for bytes in [file(&[], None), stream(&[]), file(&[table().slice(0, 0)], None)] {
        let profile = read(&folder.write("none.arrow", bytes));
        assert_eq!((profile.records, names(&profile).len()), (0, 11));
    }
}

#[test]
fn batches_fall_into_windows() {
    let folder = Folder::new();
    let profiles = windowed(&folder.write("w.arrow", file(&pieces(1000), None)), "at");
    assert_eq!(profiles.len(), 375);
    assert!(profiles.iter().all(|profile| profile.records == 24));
}
