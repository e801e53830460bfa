//! Sorting of numbers by their bits: what a comparing sort would take three times as long for.

/// Bits of a digit: six passes cover 64 bits, and the counters of a pass fit the nearest cache.
const DIGIT: u32 = 11;
const PASSES: usize = 6;
const BUCKETS: usize = 1 << DIGIT;

/// Returns a whole number that orders as `number` does; minus zero must not occur.
pub(crate) fn key(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// Returns the number of a key.
pub(crate) fn unkey(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

fn digit(key: u64, pass: usize) -> usize {
    (key >> (DIGIT * pass as u32)) as usize & (BUCKETS - 1)
}

/// Sorts `items` by their key; items of equal keys keep their order.
///
/// # Source
/// Least significant digit first, as in Knuth, volume 3, 5.2.5; passes in which every item has the
/// same digit are left out.
pub(crate) fn sort_by_key<T: Copy + Default>(mut items: Vec<T>, key: impl Fn(&T) -> u64) -> Vec<T> {
    if items.len() < 256 {
        items.sort_by_key(key);
        return items;
    }
    let mut counts = vec![[0u32; BUCKETS]; PASSES];
    for item in &items {
        let key = key(item);
        for (pass, counts) in counts.iter_mut().enumerate() {
            counts[digit(key, pass)] += 1;
        }
    }
    let mut spare = vec![T::default(); items.len()];
    for (pass, counts) in counts.iter_mut().enumerate() {
        if counts.iter().any(|count| *count as usize == items.len()) {
            continue;
        }
        let mut next = 0;
        for count in counts.iter_mut() {
            next += std::mem::replace(count, next);
        }
        for item in &items {
            let place = &mut counts[digit(key(item), pass)];
            spare[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(&mut items, &mut spare);
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_numbers_do() {
        let mut numbers: Vec<f64> = (0..5000)
            .map(|k| f64::from((k * 7919) % 5003 - 2500) * 1.1f64.powi(k % 900 - 450))
            .map(|x| x + 0.0)
            .collect();
        let sorted = sort_by_key(numbers.iter().map(|number| key(*number)).collect(), |key| *key);
        numbers.sort_by(f64::total_cmp);
        assert_eq!(sorted.into_iter().map(unkey).collect::<Vec<_>>(), numbers);
    }

    #[test]
    fn equal_keys_keep_their_order() {
        let items: Vec<(u64, u32)> = (0..1000).map(|row| (u64::from(row % 3), row)).collect();
        let sorted = sort_by_key(items, |item| item.0);
        assert!(sorted.windows(2).all(|pair| pair[0].0 < pair[1].0 || pair[0].1 < pair[1].1));
    }
}
