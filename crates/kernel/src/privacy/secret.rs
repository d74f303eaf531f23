//! Keyed hashing: SipHash-2-4, a pseudo-random function.
//!
//! Who does not know the key can neither tell which value a name stands for nor try out values one by one,
//! as with the public hash of the sketches. Source: Aumasson & Bernstein, "SipHash: a fast short-input PRF",
//! INDOCRYPT 2012.

use crate::hash::Hash;
use crate::sketches::frequent::{hashed_name, is_cut};
use siphasher::{sip, sip128};
use std::fmt;

/// The key of a column, in two halves: names and distinct counts have nothing in common.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    names: [u8; 16],
    counts: [u8; 16],
}

impl Secret {
    /// A secret from 32 bytes, which were derived from the user's key.
    pub fn new(bytes: &[u8; 32]) -> Self {
        let (mut names, mut counts) = ([0; 16], [0; 16]);
        names.copy_from_slice(&bytes[..16]);
        counts.copy_from_slice(&bytes[16..]);
        Self { names, counts }
    }

    /// The hash under which a value is counted as distinct, from its public one.
    #[inline]
    pub fn hash(&self, (low, high): Hash) -> Hash {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&low.to_le_bytes());
        bytes[8..].copy_from_slice(&high.to_le_bytes());
        let keyed = sip128::SipHasher24::new_with_key(&self.counts).hash(&bytes);
        (keyed.h1, keyed.h2)
    }

    /// The name that stands for a value in a list.
    pub fn name(&self, item: &str) -> String {
        let hash = sip::SipHasher24::new_with_key(&self.names).hash(item.as_bytes());
        hashed_name(hash, is_cut(item))
    }
}

impl fmt::Debug for Secret {
    /// A key is never shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketches::frequent::is_hashed;

    #[test]
    fn names_are_those_of_siphash() {
        // The reference's key and its vectors for 15 and for 0 bytes: Aumasson & Bernstein, appendix A.
        let key: [u8; 32] = std::array::from_fn(|at| at as u8 % 16);
        let secret = Secret::new(&key);
        let text: String = (0u8..15).map(char::from).collect();
        assert_eq!(secret.name(&text), "#a129ca6149be45e5");
        assert_eq!(secret.name(""), "#726fdb47dd0e0e31");
        assert!(is_hashed(&secret.name("x")) && !is_hashed("#12") && !is_hashed("a129ca6149be45e5"));
    }

    #[test]
    fn a_cut_text_stays_one() {
        let name = Secret::new(&[7; 32]).name(&format!("{}…", "x".repeat(128)));
        assert!(is_hashed(&name) && is_cut(&name), "{name}");
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", Secret::new(&[7; 32])), "Secret");
    }
}
