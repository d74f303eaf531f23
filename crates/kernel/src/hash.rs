//! MurmurHash3 x64 128, seed 9001: the hash of every Apache DataSketches implementation.
//!
//! One hash a value is shared by cardinality and frequent items. Source: Austin Appleby,
//! `MurmurHash3.cpp` (public domain).

/// The seed that all DataSketches libraries use by default.
pub const SEED: u64 = 9001;

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// The two 64-bit halves of a hash.
pub type Hash = (u64, u64);

#[inline(always)]
fn finish_half(mut half: u64) -> u64 {
    half ^= half >> 33;
    half = half.wrapping_mul(0xff51_afd7_ed55_8ccd);
    half ^= half >> 33;
    half = half.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    half ^ (half >> 33)
}

#[inline(always)]
fn finish(mut h1: u64, mut h2: u64, len: u64) -> Hash {
    h1 ^= len;
    h2 ^= len;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = finish_half(h1);
    h2 = finish_half(h2);
    h1 = h1.wrapping_add(h2);
    (h1, h2.wrapping_add(h1))
}

#[inline(always)]
fn mix_first(word: u64) -> u64 {
    word.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

#[inline(always)]
fn mix_second(word: u64) -> u64 {
    word.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

/// Hashes eight bytes, given as the little-endian number that they are.
#[inline(always)]
pub fn hash_u64(key: u64) -> Hash {
    finish(SEED ^ mix_first(key), SEED, 8)
}

/// Hashes a signed integer as its eight little-endian bytes.
#[inline(always)]
pub fn hash_i64(key: i64) -> Hash {
    hash_u64(key as u64)
}

/// The bits under which a double is hashed: −0 as 0, every NaN as one.
#[inline(always)]
pub fn canonical_bits(value: f64) -> u64 {
    if value == 0.0 {
        0
    } else if value.is_nan() {
        0x7ff8_0000_0000_0000
    } else {
        value.to_bits()
    }
}

#[inline(always)]
fn word(bytes: &[u8]) -> u64 {
    let mut buffer = [0u8; 8];
    buffer.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(buffer)
}

/// Up to eight bytes as a little-endian number.
#[inline(always)]
fn partial_word(bytes: &[u8]) -> u64 {
    match bytes.len() {
        0 => 0,
        len @ 1..=3 => {
            let (first, middle, last) = (bytes[0], bytes[len / 2], bytes[len - 1]);
            u64::from(first) | u64::from(middle) << (8 * (len / 2)) | u64::from(last) << (8 * (len - 1))
        }
        len @ 4..=7 => {
            let mut low = [0u8; 4];
            let mut high = [0u8; 4];
            low.copy_from_slice(&bytes[..4]);
            high.copy_from_slice(&bytes[len - 4..]);
            u64::from(u32::from_le_bytes(low)) | u64::from(u32::from_le_bytes(high)) << (8 * (len - 4))
        }
        _ => word(bytes),
    }
}

/// At most 16 bytes as two words; texts of one length are equal if their words are.
#[inline(always)]
pub(crate) fn short_words(bytes: &[u8]) -> (u64, u64) {
    if bytes.len() <= 8 {
        (partial_word(bytes), 0)
    } else {
        (word(bytes), partial_word(&bytes[8..]))
    }
}

/// Hashes any bytes.
#[inline]
pub fn hash_bytes(bytes: &[u8]) -> Hash {
    let (mut h1, mut h2) = (SEED, SEED);
    let mut blocks = bytes.chunks_exact(16);
    for block in &mut blocks {
        h1 ^= mix_first(word(block));
        h1 = h1
            .rotate_left(27)
            .wrapping_add(h2)
            .wrapping_mul(5)
            .wrapping_add(0x52dc_e729);
        h2 ^= mix_second(word(&block[8..]));
        h2 = h2
            .rotate_left(31)
            .wrapping_add(h1)
            .wrapping_mul(5)
            .wrapping_add(0x3849_5ab5);
    }
    let tail = blocks.remainder();
    if tail.len() > 8 {
        h2 ^= mix_second(partial_word(&tail[8..]));
        h1 ^= mix_first(word(tail));
    } else if !tail.is_empty() {
        h1 ^= mix_first(partial_word(tail));
    }
    finish(h1, h2, bytes.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with another implementation.
    #[test]
    fn equals_the_reference() {
        let bytes: Vec<u8> = (0..100u32).map(|i| (i * 37 + 11) as u8).collect();
        for (len, hash) in [
            (0, (0x1e70_a322_6649_1bb9, 0x6097_36b2_5240_6b94)),
            (7, (0x2ab7_a01e_05b2_5dfd, 0xa1a0_41e8_0300_dae7)),
            (16, (0x1b46_9b46_68ff_f827, 0x5467_d322_21f7_2d0d)),
            (31, (0x6ad2_3c49_2865_37d9, 0x463f_d12e_1f19_60d9)),
            (100, (0xdd23_1ce3_91ac_d4a6, 0x4657_a477_c698_5fc4)),
        ] {
            assert_eq!(hash_bytes(&bytes[..len]), hash, "length {len}");
        }
    }

    #[test]
    fn counts_like_the_reference_for_every_length() {
        use datasketches::hash::value::raw_bytes;
        use datasketches::hll::{HllSketch, HllType};
        let bytes: Vec<u8> = (0..100u32).map(|i| (i * 37 + 11) as u8).collect();
        for len in 1..bytes.len() {
            let mut theirs = HllSketch::new(12, HllType::Hll8).expect("lg k of 12");
            theirs.update(raw_bytes::from_slice(&bytes[..len]));
            let mut ours = crate::sketches::hll::Hll::new();
            ours.add(hash_bytes(&bytes[..len]));
            assert_eq!(
                crate::sketches::hll::encode(&ours),
                theirs.serialize(),
                "length {len}"
            );
        }
    }

    #[test]
    fn integers_hash_as_their_little_endian_bytes() {
        for key in [0u64, 1, 42, u64::MAX, 1 << 63] {
            assert_eq!(hash_u64(key), hash_bytes(&key.to_le_bytes()));
        }
    }

    #[test]
    fn doubles_are_canonical() {
        assert_eq!(canonical_bits(-0.0), canonical_bits(0.0));
        assert_eq!(canonical_bits(f64::NAN), canonical_bits(-f64::NAN));
    }
}
