//! Tables of the probability that all of a set of nodes are absent.

/// For each set of the nodes that it covers, the probability that all of them are absent: entry `m` for
/// the set of those nodes whose bits are in `m`. Entry 0 is 1 throughout.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    entries: Vec<f64>,
}

/// Returns the mean of two entries.
///
/// A present cause spares its effect with probability 1 − strength and an absent one surely, so what is
/// expected with the link is `1 − strength` of the entry without the cause and `strength` of the one in
/// which the cause is absent, too.
fn mean(strength: f64, without: f64, absent: f64) -> f64 {
    (1.0 - strength) * without + strength * absent
}

impl Table {
    /// Returns the table of one node that is absent with this probability.
    pub(super) fn of_one(absent: f64) -> Self {
        Table { entries: vec![1.0, absent] }
    }

    /// Returns the probability that all nodes of the table are absent.
    pub(super) fn all_absent(&self) -> f64 {
        self.entries.last().copied().unwrap_or(1.0)
    }

    /// Takes the link between two nodes of the table.
    pub(super) fn link(&mut self, cause: u32, effect: u32, strength: f64) {
        let (cause, effect) = (1 << cause, 1 << effect);
        for set in 0..self.entries.len() {
            if set & effect != 0 && set & cause == 0 {
                self.entries[set] = mean(strength, self.entries[set], self.entries[set | cause]);
            }
        }
    }

    /// Takes the link from a node of the table to one that is not yet in it, which gets the next bit.
    pub(super) fn branch(&mut self, cause: u32, strength: f64) {
        let cause = 1 << cause;
        let size = self.entries.len();
        self.entries.reserve_exact(size);
        for set in 0..size {
            let with_effect = mean(strength, self.entries[set], self.entries[set | cause]);
            self.entries.push(with_effect);
        }
    }

    /// Takes the last link of a node, to one that is not yet in the table; the effect gets the bit of the cause,
    /// which is forgotten.
    pub(super) fn turn(&mut self, cause: u32, strength: f64) {
        let cause = 1 << cause;
        for set in (0..self.entries.len()).filter(|set| set & cause == 0) {
            self.entries[set | cause] = mean(strength, self.entries[set], self.entries[set | cause]);
        }
    }

    /// Forgets a node; the bits above it move down by one.
    pub(super) fn forget(&mut self, bit: u32) {
        let mut set = 0_usize;
        self.entries.retain(|_| {
            let kept = set & (1 << bit) == 0;
            set += 1;
            kept
        });
    }

    /// Joins an independent table. `places` gives for each bit of the other table the one that it gets here: a
    /// bit of this table where both cover the node, otherwise one of the next free ones.
    pub(super) fn join(&mut self, other: &Table, places: &[u32]) {
        let size = self.entries.len();
        let new = places.iter().filter(|&&place| (size - 1) >> place == 0).count();
        let joined = (0..size << new).map(|set| {
            let in_other = places.iter().enumerate();
            let in_other = in_other.fold(0, |found, (bit, place)| found | (((set >> place) & 1) << bit));
            self.entries[set & (size - 1)] * other.entries[in_other]
        });
        self.entries = joined.collect();
    }

    /// Completes a node all of whose links are taken: it is absent if, besides, neither base rate nor own
    /// evidence brings it, or if a mitigation that leaves `left` of it takes it away.
    pub(super) fn complete(&mut self, bit: u32, unprompted: f64, left: f64) {
        let node = 1 << bit;
        for set in (0..self.entries.len()).filter(|set| set & node != 0) {
            self.entries[set] = mean(left, self.entries[set ^ node], self.entries[set] * unprompted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn holds(table: &Table, expected: &[f64]) {
        let close = table.entries.iter().zip(expected).all(|(actual, expected)| (actual - expected).abs() < 1e-15);
        assert!(close && table.entries.len() == expected.len(), "{:?} is not {expected:?}", table.entries);
    }

    #[test]
    fn a_cause_of_two_effects_is_counted_once() {
        // One cause, absent half of the time; two links of strength 0.5.
        let mut table = Table::of_one(0.5);
        table.branch(0, 0.5);
        holds(&table, &[1.0, 0.5, 0.75, 0.5]);
        table.turn(0, 0.5);
        // Each effect is absent with 0.75; both are with 0.5 + 0.5 · 0.25, more than 0.75².
        holds(&table, &[1.0, 0.75, 0.75, 0.625]);
        table.complete(0, 0.8, 1.0);
        holds(&table, &[1.0, 0.6, 0.75, 0.5]);
        table.complete(1, 1.0, 0.5);
        holds(&table, &[1.0, 0.6, 0.875, 0.55]);
        table.link(0, 1, 1.0);
        table.forget(0);
        holds(&table, &[1.0, 0.55]);
    }

    #[test]
    fn tables_join_on_the_nodes_that_both_cover() {
        let mut table = Table { entries: vec![1.0, 0.5, 0.4, 0.3] };
        table.join(&Table { entries: vec![1.0, 0.9, 0.8, 0.7] }, &[2, 1]);
        holds(&table, &[1.0, 0.5, 0.32, 0.24, 0.9, 0.45, 0.28, 0.21]);
    }
}
