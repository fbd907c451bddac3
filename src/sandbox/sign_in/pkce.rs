//! The PKCE check, S256 only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The challenge that belongs to a verifier: base64url(SHA-256(verifier)) without padding.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether the verifier is well formed (43 to 128 characters) and belongs to the challenge.
pub(crate) fn fits(verifier: &str, expected: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && bool::from(challenge(verifier).as_bytes().ct_eq(expected.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(fits(verifier, &challenge(verifier)));
        assert!(!fits(verifier, &challenge("another verifier of at least 43 characters..")));
        assert!(!fits("short", &challenge("short")));
    }
}
