//! Files that were cut off or altered by accident: always an error.

use crate::allocations::watch;
use crate::samples::{self, encode};
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::format::decode;

/// Most bytes that one allocation may take while a file of some thousand bytes is read.
const MOST: usize = 1 << 25;

fn assert_refused(bytes: &[u8], what: impl Fn() -> String) {
    let (done, largest) = watch(|| decode(bytes));
    match done {
        Ok(Err(error)) => assert_eq!(error.kind(), ErrorKind::Format, "{}: {error}", what()),
        Ok(Ok(_)) => panic!("{}: it was read as if nothing had happened", what()),
        Err(_) => panic!("{}: a panic", what()),
    }
    assert!(largest <= MOST, "{}: {largest} bytes at once", what());
}

#[test]
fn every_altered_byte_is_an_error() {
    let bytes = encode(&samples::small());
    let mut altered = bytes.clone();
    for at in 0..bytes.len() {
        for mask in [1 << (at % 8), 0xff] {
            altered[at] ^= mask;
            assert_refused(&altered, || format!("byte {at} of {} ^ {mask}", bytes.len()));
            altered[at] = bytes[at];
        }
    }
}

#[test]
fn every_altered_bit_of_the_footer_is_an_error() {
    let bytes = encode(&samples::small());
    let footer = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize + 8;
    let mut altered = bytes.clone();
    // The checksum and the version stand in the last part of it.
    for at in bytes.len() - footer.min(1500)..bytes.len() {
        for bit in 0..8 {
            altered[at] ^= 1 << bit;
            assert_refused(&altered, || format!("bit {bit} of byte {at}"));
            altered[at] = bytes[at];
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    for profiles in [samples::small(), samples::empty()] {
        let bytes = encode(&profiles);
        for length in 0..bytes.len() {
            assert_refused(&bytes[..length], || format!("the first {length} bytes"));
        }
    }
}

#[test]
fn bytes_added_lost_or_swapped_are_errors() {
    let bytes = encode(&samples::small());
    let mut longer = bytes.clone();
    longer.push(0);
    assert_refused(&longer, || "a byte more".to_owned());
    assert_refused(&[&bytes[..], &bytes[..]].concat(), || "the file twice".to_owned());
    for at in (4..bytes.len() - 8).step_by(97) {
        let mut shorter = bytes.clone();
        shorter.remove(at);
        assert_refused(&shorter, || format!("without byte {at}"));
        let mut swapped = bytes.clone();
        swapped.swap(at, at + 1);
        if swapped != bytes {
            assert_refused(&swapped, || format!("bytes {at} and {} swapped", at + 1));
        }
    }
}
