//! The frame around the states of a plug-in's metric.
//!
//! Before 1.2 there was none: bytes that do not begin with the mark are one state.

use crate::metrics::{Extension, Part};
use crate::{Error, Result};
use bytes::{Buf, BufMut};

/// How a frame begins.
const MARK: &[u8; 4] = b"TGX1";

/// Bytes of a part beside its own.
const PART_HEAD: usize = 8;

/// Bytes that the class of an exception may have.
const LONGEST_REASON: usize = 256;

/// The bytes of an extension.
pub(super) fn encode(extension: &Extension) -> Result<Vec<u8>> {
    let size =
        |length: usize| u32::try_from(length).map_err(|_| Error::format("a metric's state is too large"));
    let mut bytes = Vec::new();
    bytes.put_slice(MARK);
    bytes.put_u64_le(extension.records);
    bytes.put_u64_le(extension.failures);
    let reason = shortened(extension.reason.as_deref().unwrap_or_default());
    bytes.put_u32_le(size(reason.len())?);
    bytes.put_slice(reason.as_bytes());
    bytes.put_u32_le(size(extension.parts.len())?);
    for part in &extension.parts {
        bytes.put_u32_le(part.version);
        bytes.put_u32_le(size(part.bytes.len())?);
        bytes.put_slice(&part.bytes);
    }
    Ok(bytes)
}

fn shortened(reason: &str) -> &str {
    let mut end = reason.len().min(LONGEST_REASON);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

/// The extension that some bytes hold, of a column of so many records.
pub(super) fn decode(bytes: &[u8], records: u64) -> Result<Extension> {
    let Some(mut rest) = bytes.strip_prefix(MARK) else {
        return Ok(Extension::bare(bytes.to_vec(), records));
    };
    let (seen, failures) = (number(&mut rest)?, number(&mut rest)?);
    if seen > records {
        return Err(Error::format(format!("{seen} of {records} records")));
    }
    let reason = take(&mut rest)?;
    if reason.len() > LONGEST_REASON {
        return Err(Error::format(format!("a reason of {} bytes", reason.len())));
    }
    let reason = std::str::from_utf8(reason).map_err(|_| Error::format("the reason is no text"))?;
    let count = size(&mut rest)?;
    if count > rest.len() / PART_HEAD {
        return Err(Error::format(format!("{count} parts in {} bytes", rest.len())));
    }
    let mut parts = Vec::with_capacity(count);
    for _ in 0..count {
        let version = rest.try_get_u32_le().map_err(|_| ends())?;
        let bytes = take(&mut rest)?.to_vec();
        parts.push(Part { version, bytes });
    }
    if !rest.is_empty() {
        return Err(Error::format(format!("{} bytes too many", rest.len())));
    }
    parts.sort_unstable();
    Ok(Extension {
        parts,
        records: seen,
        failures,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    })
}

fn ends() -> Error {
    Error::format("it ends before what it speaks of")
}

fn number(rest: &mut &[u8]) -> Result<u64> {
    rest.try_get_u64_le().map_err(|_| ends())
}

fn size(rest: &mut &[u8]) -> Result<usize> {
    rest.try_get_u32_le()
        .map(|size| size as usize)
        .map_err(|_| ends())
}

/// Bytes with their number in front.
fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = size(rest)?;
    let (taken, left) = rest.split_at_checked(length).ok_or_else(ends)?;
    *rest = left;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Extension {
        let part = |version, bytes: &[u8]| Part {
            version,
            bytes: bytes.to_vec(),
        };
        Extension {
            parts: vec![part(1, b""), part(1, b"one"), part(2, &[0, 255])],
            records: 7,
            failures: 2,
            reason: Some("ValueError".to_owned()),
        }
    }

    #[test]
    fn frames_round_trip() {
        for extension in [sample(), Extension::default()] {
            assert_eq!(decode(&encode(&extension).unwrap(), 7).unwrap(), extension);
        }
    }

    #[test]
    fn bytes_without_a_frame_are_one_state() {
        for bytes in [&b""[..], b"TGX", b"anything"] {
            assert_eq!(decode(bytes, 3).unwrap(), Extension::bare(bytes.to_vec(), 3));
        }
    }

    #[test]
    fn every_cut_and_every_claim_is_noticed() {
        let bytes = encode(&sample()).unwrap();
        for end in MARK.len()..bytes.len() {
            assert!(decode(&bytes[..end], 7).is_err(), "cut at {end}");
        }
        assert!(decode(&[&bytes[..], b"x"].concat(), 7).is_err());
        assert!(decode(&bytes, 6).unwrap_err().message().contains("7 of 6"));
        // Lengths and counts beyond the end take no memory.
        for at in MARK.len() + 16..bytes.len() - 3 {
            let mut forged = bytes.clone();
            forged[at..at + 4].copy_from_slice(&[255; 4]);
            if let Ok(extension) = decode(&forged, 7) {
                let held: usize = extension.parts.iter().map(|part| part.bytes.len()).sum();
                assert!(held <= bytes.len(), "at {at}");
            }
        }
    }

    #[test]
    fn reasons_are_cut_between_characters() {
        let long = Extension {
            reason: Some("é".repeat(LONGEST_REASON)),
            ..Extension::default()
        };
        let read = decode(&encode(&long).unwrap(), 0).unwrap();
        assert_eq!(read.reason.unwrap(), "é".repeat(LONGEST_REASON / 2));
    }
}
