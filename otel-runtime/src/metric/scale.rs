//! Which bucket of an exponential histogram a value belongs to.
//!
//! The buckets are those of OpenTelemetry's [data model]: at scale `s` bucket
//! `i` holds the values above `2^(i/2^s)`, up to and with `2^((i+1)/2^s)`. The
//! index is computed at the finest scale, from the exponent and a table of the
//! 256 boundaries within an octave, and shifted to a coarser one: no logarithm,
//! and no rounding that would put a value on the wrong side of a boundary.
//!
//! [data model]: https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram

/// The finest scale: 256 buckets for each doubling, each 0.27 % wide.
pub(crate) const FINEST: i32 = 8;

/// The coarsest scale: one bucket for each side of 1.
pub(crate) const COARSEST: i32 = -10;

const MANTISSA_BITS: u32 = 52;
const MANTISSA: u64 = (1 << MANTISSA_BITS) - 1;
const BIAS: i32 = 1023;

/// The boundaries within an octave: the mantissa of `2^(k/256)`, cut off. Behind the last one
/// stands what no mantissa reaches.
const BOUNDARIES: [u64; 257] = boundaries();

/// For each 512th of an octave, the bucket its lowest value is in, and above these eight bits the
/// boundary behind that bucket. A 512th is narrower than any bucket, so a value is in that one or
/// the next. Both in one word, because nobody has to wait for the second then.
static STEPS: [u64; 512] = steps();

/// True if the value is finite, above zero, and not subnormal.
#[inline(always)]
pub(crate) fn is_normal(value: f64) -> bool {
    // One comparison: whatever else there is has bits outside of this range.
    const LEAST: u64 = f64::MIN_POSITIVE.to_bits();
    value.to_bits().wrapping_sub(LEAST) < f64::INFINITY.to_bits() - LEAST
}

/// The bucket of a value at the finest scale. The value is finite and above zero; one that is
/// subnormal counts as the least normal one.
#[inline]
pub(crate) fn finest_index(value: f64) -> i32 {
    normal_index(value.max(f64::MIN_POSITIVE))
}

/// The same of a value that is not subnormal.
#[inline(always)]
pub(crate) fn normal_index(value: f64) -> i32 {
    // A boundary belongs to the bucket below it, so the value just below decides.
    let bits = value.to_bits() - 1;
    let exponent = (bits >> MANTISSA_BITS) as i32 - BIAS;
    let mantissa = bits & MANTISSA;
    let step = STEPS[(mantissa >> (MANTISSA_BITS - 9)) as usize];
    let is_in_next = mantissa >= step >> 8;
    (exponent << FINEST) + i32::from(step as u8) + i32::from(is_in_next)
}

/// The same bucket, or the one it is part of, at a scale that is `by` coarser.
#[inline]
pub(crate) const fn coarser(index: i32, by: u32) -> i32 {
    index >> by
}

/// The upper boundary of a bucket, as far as a number can say it.
pub(crate) fn upper_boundary(index: i32, scale: i32) -> f64 {
    let steps = f64::from(index) + 1.0;
    (steps * f64::from(-scale).exp2()).exp2()
}

/// Bits behind the point of the numbers that the table is computed with. They are between 1 and
/// 2, and each is too small by some 2^-117 at most: none of the 255 is that close to a number with
/// 52 bits, which a test makes sure of.
const POINT: u32 = 120;

const fn boundaries() -> [u64; 257] {
    // roots[j] is 2^(1/2^(j+1)).
    let mut roots = [0_u128; 8];
    let mut root = 2_u128 << POINT;
    let mut step = 0;
    while step < 8 {
        root = square_root(root);
        roots[step] = root;
        step += 1;
    }
    let mut boundaries = [1 << MANTISSA_BITS; 257];
    let mut k = 0;
    while k < 256 {
        let mut product = 1_u128 << POINT;
        let mut step = 0;
        while step < 8 {
            if k & (128 >> step) != 0 {
                let (high, low) = multiply(product, roots[step]);
                product = high << (128 - POINT) | low >> POINT;
            }
            step += 1;
        }
        boundaries[k] = (product >> (POINT - MANTISSA_BITS)) as u64 & MANTISSA;
        k += 1;
    }
    boundaries
}

const fn steps() -> [u64; 512] {
    let mut steps = [0; 512];
    let mut part = 0;
    let mut bucket = 0;
    while part < 512 {
        let lowest = (part as u64) << (MANTISSA_BITS - 9);
        while bucket < 255 && BOUNDARIES[bucket + 1] <= lowest {
            bucket += 1;
        }
        steps[part] = BOUNDARIES[bucket + 1] << 8 | bucket as u64;
        part += 1;
    }
    steps
}

/// The largest number whose square is not above this one, bit by bit.
const fn square_root(number: u128) -> u128 {
    let (high, low) = (number >> (128 - POINT), number << POINT);
    let mut root = 0;
    let mut bit = 1_u128 << POINT;
    while bit != 0 {
        let tried = root | bit;
        let (tried_high, tried_low) = multiply(tried, tried);
        if tried_high < high || tried_high == high && tried_low <= low {
            root = tried;
        }
        bit >>= 1;
    }
    root
}

/// The upper and the lower half of the product.
const fn multiply(left: u128, right: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (left_high, left_low) = (left >> 64, left & HALF);
    let (right_high, right_low) = (right >> 64, right & HALF);
    let low = left_low * right_low;
    let (middle, carry) = (left_high * right_low).overflowing_add(left_low * right_high);
    let (sum, low_carry) = low.overflowing_add(middle << 64);
    let high =
        left_high * right_high + (middle >> 64) + ((carry as u128) << 64) + low_carry as u128;
    (high, sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a number with 52 bits behind the point is at most `2^(k/256)`, exactly: its 256th
    /// power is at most `2^k`, with integers of any length.
    fn is_at_most(number: u64, k: u32) -> bool {
        let mut power = vec![number];
        for _ in 0..8 {
            power = squared(&power);
        }
        let bits = power
            .iter()
            .rposition(|limb| *limb != 0)
            .map_or(0, |at| at as u32 * 64 + 64 - power[at].leading_zeros());
        // 2^(k + 52 * 256) has one bit more than its exponent; no power of an odd number is it.
        bits <= k + 52 * 256 || k == 0 && number == 1 << 52
    }

    fn squared(limbs: &[u64]) -> Vec<u64> {
        let mut product = vec![0_u64; limbs.len() * 2];
        for (at, left) in limbs.iter().enumerate() {
            let mut carry = 0_u128;
            for (offset, right) in limbs.iter().enumerate() {
                let place = &mut product[at + offset];
                carry += u128::from(*left) * u128::from(*right) + u128::from(*place);
                *place = carry as u64;
                carry >>= 64;
            }
            product[at + limbs.len()] = carry as u64;
        }
        product
    }

    #[test]
    fn every_boundary_is_the_largest_number_that_is_not_above_it() {
        for (k, mantissa) in BOUNDARIES[..256].iter().enumerate() {
            let number = 1 << MANTISSA_BITS | mantissa;
            assert!(is_at_most(number, k as u32), "{k}");
            assert!(!is_at_most(number + 1, k as u32), "{k}");
        }
    }

    #[test]
    fn only_finite_values_that_are_not_tiny_are_normal() {
        for value in [f64::MIN_POSITIVE, 1.0, f64::MAX] {
            assert!(is_normal(value), "{value}");
            assert!(!is_normal(-value), "{value}");
        }
        for value in [
            0.0,
            5e-324,
            -0.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            -f64::NAN,
        ] {
            assert!(!is_normal(value), "{value}");
        }
    }

    #[test]
    fn powers_of_two_belong_to_the_bucket_below() {
        for exponent in -1021..=1023 {
            let value = f64::from(exponent).exp2();
            assert_eq!(finest_index(value), (exponent << FINEST) - 1);
            let above = f64::from_bits(value.to_bits() + 1);
            assert_eq!(finest_index(above), exponent << FINEST);
        }
        assert_eq!(finest_index(5e-324), finest_index(f64::MIN_POSITIVE));
        assert_eq!(coarser(finest_index(f64::MAX), 19), 0);
        assert_eq!(coarser(finest_index(f64::MIN_POSITIVE), 19), -1);
    }

    proptest! {
        #[test]
        fn a_value_is_in_its_bucket_at_every_scale(bits in 1_u64 << 52..f64::INFINITY.to_bits(), by in 0_u32..20) {
            let value = f64::from_bits(bits);
            let index = finest_index(value);
            let octave = value.log2();
            let (lower, upper) = (f64::from(index) / 256.0, f64::from(index + 1) / 256.0);
            // The logarithm is rounded; at the boundaries the tests above are exact.
            prop_assert!(octave >= lower - 1e-12 && octave <= upper + 1e-12, "{value} in {index}");
            let scale = FINEST - by as i32;
            let coarse = coarser(index, by);
            prop_assert!(upper_boundary(coarse, scale) >= value * (1.0 - 1e-12));
            prop_assert!(upper_boundary(coarse - 1, scale) <= value * (1.0 + 1e-12));
        }

        #[test]
        fn a_larger_value_is_in_no_lower_bucket(a in 1_u64..f64::INFINITY.to_bits(), b in 1_u64..f64::INFINITY.to_bits()) {
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(finest_index(f64::from_bits(low)) <= finest_index(f64::from_bits(high)));
        }
    }
}
