//! Noise that looks like trading and is the same in every run: random values at fixed points, joined by lines.

pub(super) struct Noise(u64);

impl Noise {
    /// Each symbol has its own.
    pub(super) fn of(symbol: &str) -> Self {
        Self(hash(symbol))
    }

    /// A value within ±`amplitude` at a time, joining random points that are `spacing` apart.
    pub(super) fn at(&self, time: i64, spacing: i64, amplitude: i64) -> i64 {
        let (point, along) = (time.div_euclid(spacing), time.rem_euclid(spacing));
        let value = |point: i64| {
            signed(mix(self.0 ^ mix(spacing.cast_unsigned()) ^ point.cast_unsigned()), amplitude)
        };
        (value(point) * (spacing - along) + value(point + 1) * along) / spacing
    }
}

/// A number of 0 to 999 that depends on the symbol, on what it is for, and on a point in time.
pub(crate) fn uniform(symbol: &str, purpose: &str, point: i64) -> i64 {
    (mix(hash(symbol) ^ hash(purpose).rotate_left(17) ^ point.cast_unsigned()) % 1000).cast_signed()
}

fn signed(random: u64, amplitude: i64) -> i64 {
    let width = 2 * amplitude.unsigned_abs() + 1;
    (random % width).cast_signed() - amplitude
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finisher of SplitMix64: neighbouring inputs give unrelated outputs.
fn mix(input: u64) -> u64 {
    let mut z = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_bounded_smooth_and_repeatable() {
        let noise = Noise::of("AAPL");
        for time in -1000..1000 {
            let here = noise.at(time, 60, 3000);
            assert!(here.abs() <= 3000);
            assert!((here - noise.at(time + 1, 60, 3000)).abs() <= 101);
            assert_eq!(here, Noise::of("AAPL").at(time, 60, 3000));
        }
    }
}
