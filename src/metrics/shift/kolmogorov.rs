//! The distribution of the Kolmogorov-Smirnov distance.

use statrs::function::gamma::ln_gamma;
use std::f64::consts::PI;

/// Returns P(D_n >= x), D_n the two-sided one-sample distance of n rows.
///
/// # Source
/// Simard and L'Ecuyer (2011), with the division of cases of scipy's `kstwo`: Ruben and Gambino at
/// the ends, Marsaglia, Tsang and Wang's matrix in the middle of small samples, Pelz and Good's
/// series for large ones, twice Smirnov's one-sided sum in the tail.
pub(crate) fn survival(n: f64, x: f64) -> f64 {
    let t = n * x;
    if n < 1.0 || t <= 0.5 {
        return 1.0;
    }
    if x >= 1.0 {
        return 0.0;
    }
    if t <= 1.0 {
        let log = ln_gamma(n + 1.0) - n * n.ln() + n * (2.0 * t - 1.0).ln();
        return 1.0 - log.exp();
    }
    if t >= n - 1.0 {
        return (2.0 * (1.0 - x).powf(n)).min(1.0);
    }
    let square = t * x;
    let tail = if n <= 140.0 { 4.0 } else { 2.2 };
    let survival = if x >= 0.5 || square >= tail {
        2.0 * one_sided(n, x)
    } else if n <= 140.0 || (n <= 2000.0 && n * x.powf(1.5) <= 1.4) {
        1.0 - matrix(n, x)
    } else {
        1.0 - series(n, x)
    };
    survival.clamp(0.0, 1.0)
}

/// Returns P(D+_n >= x) = x sum_j C(n, j) (x + j/n)^(j-1) (1 - x - j/n)^(n-j).
///
/// The terms rise to one peak and fall; those below e^-45 of it are left out. In a large sample they
/// change so slowly that every n/4096th stands for its neighbours (the trapezoidal rule on a smooth
/// bell, whose error is far below rounding).
fn one_sided(n: f64, x: f64) -> f64 {
    let last = (n * (1.0 - x)).floor();
    let whole = ln_gamma(n + 1.0);
    let log_term = |j: f64| {
        let rest = 1.0 - x - j / n;
        if rest <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let choose = whole - ln_gamma(j + 1.0) - ln_gamma(n - j + 1.0);
        choose + (j - 1.0) * (x + j / n).ln() + (n - j) * rest.ln()
    };
    let (mut low, mut high) = (0.0, last);
    while high - low > 2.0 {
        let third = ((high - low) / 3.0).floor().max(1.0);
        if log_term(low + third) < log_term(high - third) { low += third } else { high -= third }
    }
    let mut peak = low;
    while peak < high && log_term(peak + 1.0) > log_term(peak) {
        peak += 1.0;
    }
    let top = log_term(peak);
    let stride = (n / 4096.0).floor().max(1.0);
    let mut total = 0.0;
    let mut add = |mut j: f64, step: f64| {
        while (0.0..=last).contains(&j) {
            let term = log_term(j) - top;
            if term < -45.0 {
                break;
            }
            total += term.exp();
            j += step;
        }
    };
    add(peak, stride);
    add(peak - stride, -stride);
    (x.ln() + top + (total * stride).ln()).exp()
}

/// Returns P(D_n < x) by the n-th power of a matrix.
///
/// # Source
/// Marsaglia, Tsang, Wang (2003), following Durbin (1973).
fn matrix(n: f64, x: f64) -> f64 {
    let k = (n * x).floor() as usize + 1;
    let size = 2 * k - 1;
    let h = k as f64 - n * x;
    let mut start = vec![vec![0.0; size]; size];
    for (i, row) in start.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            if i + 1 >= j {
                *cell = 1.0;
                if j == 0 {
                    *cell -= h.powi(as_power(i + 1));
                }
                if i + 1 == size {
                    *cell -= h.powi(as_power(size - j));
                }
                if i + 1 == size && j == 0 && 2.0 * h > 1.0 {
                    *cell += (2.0 * h - 1.0).powi(as_power(size));
                }
                for factor in 1..=(i + 1 - j) {
                    *cell /= factor as f64;
                }
            }
        }
    }
    // The power, with the scale kept apart so that it cannot overflow.
    let (mut result, mut result_scale) = (identity(size), 0.0f64);
    let (mut square, mut square_scale) = (start, 0.0f64);
    let mut power = n as u64;
    while power > 0 {
        if power & 1 == 1 {
            result = product(&result, &square);
            result_scale += square_scale + rescale(&mut result);
        }
        power >>= 1;
        square = product(&square, &square);
        square_scale = 2.0 * square_scale + rescale(&mut square);
    }
    let middle = result.get(k - 1).and_then(|row| row.get(k - 1)).copied().unwrap_or(0.0);
    (middle.ln() + result_scale + ln_gamma(n + 1.0) - n * n.ln()).exp()
}

fn as_power(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn identity(size: usize) -> Vec<Vec<f64>> {
    (0..size).map(|i| (0..size).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect()
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let line = |row: &Vec<f64>| {
        let mut sum = vec![0.0; row.len()];
        for (factor, other) in row.iter().zip(b) {
            sum.iter_mut().zip(other).for_each(|(sum, other)| *sum += factor * other);
        }
        sum
    };
    a.iter().map(line).collect()
}

/// Divides by the largest entry and returns its logarithm.
fn rescale(matrix: &mut [Vec<f64>]) -> f64 {
    let largest = matrix.iter().flatten().fold(0.0f64, |largest, cell| largest.max(cell.abs()));
    if largest <= 0.0 {
        return 0.0;
    }
    matrix.iter_mut().flatten().for_each(|cell| *cell /= largest);
    largest.ln()
}

/// Returns P(D_n <= x) by Pelz and Good's series in 1 / sqrt(n).
///
/// # Source
/// Pelz, Good (1976), as in scipy's `_kolmogn_PelzGood`.
fn series(n: f64, x: f64) -> f64 {
    let z = n.sqrt() * x;
    let (z2, z4, z6) = (z * z, z.powi(4), z.powi(6));
    let pi2 = PI * PI;
    let (pi4, pi6) = (pi2 * pi2, pi2 * pi2 * pi2);
    let log_q = -pi2 / 8.0 / z2;
    let terms = (16.0 * z / PI).ceil().max(2.0) as u32;
    let mut k = [0.0f64; 4];
    for term in 1..=terms {
        let m2 = f64::from(2 * term - 1).powi(2);
        let weight = (log_q * m2).exp();
        let (m4, m6) = (m2 * m2, m2 * m2 * m2);
        let coefficients = [
            1.0,
            -z2 + pi2 / 4.0 * m2,
            6.0 * z6 + 2.0 * z4 + (2.0 * z4 - 5.0 * z2) * pi2 / 4.0 * m2 + pi4 * (1.0 - 2.0 * z2) / 16.0 * m4,
            -30.0 * z6 - 90.0 * z.powi(8)
                + pi2 * (135.0 * z4 - 96.0 * z6) / 4.0 * m2
                + pi4 * (-60.0 * z2 + 212.0 * z4) / 16.0 * m4
                + pi6 * (5.0 - 30.0 * z2) / 64.0 * m6,
        ];
        k.iter_mut().zip(coefficients).for_each(|(sum, coefficient)| *sum += weight * coefficient);
    }
    let root = (2.0 * PI).sqrt();
    let divisors = [z, 6.0 * z4, 72.0 * z.powi(7), 6480.0 * z.powi(10)];
    k.iter_mut().zip(divisors).for_each(|(sum, divisor)| *sum *= root / divisor);
    let (mut extra2, mut extra3) = (0.0, 0.0);
    for term in 1..=terms {
        let j2 = f64::from(term).powi(2);
        let weight = j2 * (-pi2 / 2.0 / z2 * j2).exp();
        extra2 += weight;
        extra3 += weight * (3.0 * z2 - pi2 * j2);
    }
    let [k0, k1, k2, k3] = k;
    let k2 = k2 - extra2 * pi2 * root / (36.0 * z.powi(3));
    let k3 = k3 + extra3 * pi2 * root / (216.0 * z6);
    k0 + k1 / n.sqrt() + k2 / n + k3 / n.powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy_kstwo() {
        // scipy.stats.kstwo.sf(x, n), seven sizes over all cases
        for (n, x, expected) in KSTWO.iter().copied() {
            let found = survival(n, x);
            assert!((found - expected).abs() <= 1e-7 * expected.abs() + 1e-300, "{n} {x}: {found} {expected}");
        }
    }

    const KSTWO: &[(f64, f64, f64)] = &[
        (5.0, 0.15, 0.9988),
        (5.0, 0.3, 0.664),
        (5.0, 0.45, 0.193_993_749_999_999_63),
        (5.0, 0.7, 0.005_560_000_000_000_004),
        (5.0, 0.9, 1.999_999_999_999_997_8e-05),
        (50.0, 0.05, 0.999_023_809_846_188_3),
        (50.0, 0.1, 0.662_311_270_465_818_6),
        (50.0, 0.15, 0.190_263_665_182_480_72),
        (50.0, 0.25, 0.003_065_762_019_869_744_4),
        (50.0, 0.4, 9.863_563_364_410_06e-08),
        (50.0, 0.6, 9.634_070_456_142_374e-18),
        (140.0, 0.03, 0.999_254_712_306_326_6),
        (140.0, 0.1, 0.113_536_572_900_909_46),
        (140.0, 0.2, 2.198_156_330_220_022_2e-05),
        (500.0, 0.01, 0.999_999_999_107_338_9),
        (500.0, 0.03, 0.747_316_670_045_702_1),
        (500.0, 0.06, 0.052_434_634_890_262_23),
        (500.0, 0.09, 0.000_565_375_823_678_794_2),
        (500.0, 0.2, 5.256_835_361_945_869e-18),
        (1875.0, 0.013, 0.905_068_370_801_787_8),
        (1875.0, 0.03, 0.067_059_850_775_566_64),
        (1875.0, 0.05, 0.000_163_399_358_604_185_5),
        (1875.0, 0.12, 5.513_176_875_724_224_6e-24),
        (1875.0, 0.3, 3.748_615_097_885_497e-150),
        (20000.0, 0.002, 0.999_997_989_541_097_5),
        (20000.0, 0.006, 0.465_768_950_861_247_7),
        (20000.0, 0.01, 0.036_386_039_052_487_27),
        (20000.0, 0.03, 4.516_330_038_670_992e-16),
        (250000.0, 0.0005, 0.999_999_971_771_758_7),
        (250000.0, 0.0017, 0.464_813_277_283_888_2),
        (250000.0, 0.003, 0.022_173_490_522_083_76),
        (250000.0, 0.01, 3.827_782_382_946_494e-22),
    ];
}
