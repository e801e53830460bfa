//! Detectors of change that look at one row after another.
//!
//! Definitions are those of river, read in its source, so that figures can be compared. Each begins
//! afresh after an alarm. Rows are counted from 0.

/// What watching a series brought to light.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trace {
    /// The largest statistic over its limit; above 1 there was an alarm.
    pub ratio: f64,
    /// Where there was an alarm.
    pub alarms: Vec<usize>,
    /// Where the first warning was, in a detector that gives some.
    pub warning: Option<usize>,
    /// The statistic at the end.
    pub last: f64,
    /// Rows since the last alarm, and their mean.
    pub width: usize,
    pub mean: f64,
}

/// Which way a change is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Up,
    Down,
    Both,
}

impl Side {
    /// Returns the one of two statistics that counts, or the larger.
    pub fn of(self, up: f64, down: f64) -> f64 {
        match self {
            Side::Up => up,
            Side::Down => down,
            Side::Both => up.max(down),
        }
    }
}

/// How Page-Hinkley watches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageHinkley {
    /// Changes of the mean that do not count.
    pub delta: f64,
    /// The limit.
    pub lambda: f64,
    /// How much of the sum is kept from row to row; 1 forgets nothing.
    pub alpha: f64,
    /// Rows before the first alarm.
    pub warm_up: usize,
    pub side: Side,
}

impl PageHinkley {
    /// Watches `values`.
    ///
    /// # Source
    /// Page (1954); river `drift.PageHinkley`: the mean includes the row itself, and the statistic is
    /// the sum less its smallest value so far.
    pub fn watch(self, values: &[f64]) -> Trace {
        let mut trace = Trace::default();
        let (mut rows, mut mean) = (0usize, 0.0);
        let (mut rise, mut fall) = (0.0, 0.0);
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        for (row, value) in values.iter().enumerate() {
            rows += 1;
            mean += (value - mean) / rows as f64;
            let deviation = value - mean;
            rise = self.alpha * rise + deviation - self.delta;
            fall = self.alpha * fall + deviation + self.delta;
            lowest = f64::min(lowest, rise);
            highest = f64::max(highest, fall);
            trace.last = self.side.of(rise - lowest, highest - fall);
            if rows < self.warm_up {
                continue;
            }
            trace.ratio = trace.ratio.max(trace.last / self.lambda);
            if trace.last > self.lambda {
                trace.alarms.push(row);
                (rows, mean, rise, fall) = (0, 0.0, 0.0, 0.0);
                (lowest, highest) = (f64::INFINITY, f64::NEG_INFINITY);
            }
        }
        (trace.width, trace.mean) = (rows, mean);
        trace
    }
}

/// Watches a series of 0 and 1, 1 being an error: alarm where the error rate is three standard
/// deviations above the lowest that it was, warning at two; not in the first 30 rows.
///
/// # Source
/// Gama, Medas, Castillo, Rodrigues (2004); river `drift.binary.DDM`.
pub(crate) fn ddm(values: &[f64]) -> Trace {
    const WARM_UP: usize = 30;
    let mut trace = Trace::default();
    let (mut rows, mut errors) = (0usize, 0.0);
    let (mut lowest, mut spread) = (f64::INFINITY, f64::INFINITY);
    for (row, value) in values.iter().enumerate() {
        rows += 1;
        errors += value;
        let rate = errors / rows as f64;
        let deviation = (rate * (1.0 - rate) / rows as f64).sqrt();
        if rows <= WARM_UP {
            continue;
        }
        if rate + deviation <= lowest + spread {
            (lowest, spread) = (rate, deviation);
        }
        let above = rate + deviation - lowest;
        trace.last = above;
        if spread > 0.0 {
            trace.ratio = trace.ratio.max(above / (3.0 * spread));
        }
        if above > 3.0 * spread {
            trace.alarms.push(row);
            (rows, errors, lowest, spread) = (0, 0.0, f64::INFINITY, f64::INFINITY);
        } else if above > 2.0 * spread && trace.warning.is_none() {
            trace.warning = Some(row);
        }
    }
    (trace.width, trace.mean) = (rows, if rows > 0 { errors / rows as f64 } else { 0.0 });
    trace
}

/// The window of ADWIN: for each size 2^k at most five buckets, oldest first, of which only the
/// totals are kept.
#[derive(Clone, Debug, Default)]
struct Window {
    buckets: Vec<Vec<f64>>,
    width: f64,
    total: f64,
    /// Sum of squared deviations from the mean.
    squares: f64,
}

impl Window {
    fn push(&mut self, value: f64) {
        const MOST: usize = 5;
        self.width += 1.0;
        if self.width > 1.0 {
            let deviation = value - self.total / (self.width - 1.0);
            self.squares += (self.width - 1.0) * deviation * deviation / self.width;
        }
        self.total += value;
        let mut carried = Some(value);
        let mut size = 0;
        while let Some(total) = carried.take() {
            if self.buckets.len() == size {
                self.buckets.push(Vec::new());
            }
            let Some(buckets) = self.buckets.get_mut(size) else { return };
            buckets.push(total);
            if buckets.len() > MOST {
                carried = Some(buckets.drain(..2).sum());
            }
            size += 1;
        }
    }

    /// Returns the largest difference of means over its bound, over all cuts between buckets.
    fn cut(&self, delta: f64) -> f64 {
        const SHORTEST: f64 = 5.0;
        let confidence = (2.0 * self.width.ln() / delta).ln();
        let (mut rows, mut total) = (0.0, 0.0);
        let mut largest = 0.0;
        for (size, buckets) in self.buckets.iter().enumerate().rev() {
            for bucket in buckets {
                rows += (1u64 << size.min(62)) as f64;
                total += bucket;
                let rest = self.width - rows;
                if rows < SHORTEST || rest < SHORTEST {
                    continue;
                }
                let harmonic = 1.0 / (rows - SHORTEST + 1.0) + 1.0 / (rest - SHORTEST + 1.0);
                let variance = self.squares / self.width;
                let bound = (2.0 * harmonic * variance * confidence).sqrt() + 2.0 / 3.0 * confidence * harmonic;
                largest = f64::max(largest, (total / rows - (self.total - total) / rest).abs() / bound);
            }
        }
        largest
    }
}

/// Watches `values` with a window that is compared, at every 32nd row, in all its cuts into an older
/// and a newer part; `delta` bounds the chance of a false alarm at one cut.
///
/// # Source
/// Bifet, Gavaldà (2007), with the variance bound of river's `drift.ADWIN` (clock 32, five buckets of
/// a size, parts of five rows and more), which begins afresh after an alarm.
pub(crate) fn adwin(values: &[f64], delta: f64) -> Trace {
    const CLOCK: usize = 32;
    let mut trace = Trace::default();
    let mut window = Window::default();
    let mut since = 0usize;
    for (row, value) in values.iter().enumerate() {
        window.push(*value);
        since += 1;
        if !since.is_multiple_of(CLOCK) {
            continue;
        }
        trace.last = window.cut(delta);
        trace.ratio = trace.ratio.max(trace.last);
        if trace.last > 1.0 {
            trace.alarms.push(row);
            (window, since) = (Window::default(), 0);
        }
    }
    (trace.width, trace.mean) = (since, if since > 0 { window.total / window.width } else { 0.0 });
    trace
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 500 rows of one error in eight, then 500 of one in two.
    fn stream() -> Vec<f64> {
        (0..1000).map(|row| f64::from(u8::from(if row < 500 { row % 8 == 0 } else { row % 2 == 0 }))).collect()
    }

    #[test]
    fn a_rise_is_noticed_after_it_happened_and_a_level_is_not() {
        let hinkley = PageHinkley { delta: 0.005, lambda: 20.0, alpha: 1.0, warm_up: 30, side: Side::Up };
        for trace in [hinkley.watch(&stream()), adwin(&stream(), 0.002), ddm(&stream())] {
            assert!(trace.ratio > 1.0 && (500..640).contains(&trace.alarms[0]), "{trace:?}");
            assert_eq!(trace.width, 999 - trace.alarms.last().unwrap());
        }
        for trace in [hinkley.watch(&stream()[..500]), adwin(&stream()[..500], 0.002)] {
            assert!(trace.ratio < 1.0 && trace.alarms.is_empty() && trace.width == 500, "{trace:?}");
            assert!((trace.mean - 0.126).abs() < 1e-12);
        }
        let down = PageHinkley { side: Side::Down, ..hinkley };
        assert!(down.watch(&stream()).alarms.is_empty());
    }

    #[test]
    fn no_rows_are_no_alarm() {
        assert_eq!((adwin(&[], 0.002), ddm(&[])), (Trace::default(), Trace::default()));
    }
}
