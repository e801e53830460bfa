//! Quantities of risk, and the three figures that each of them has.

/// A number in a range that its type fixes.
pub trait Quantity: Copy + PartialEq + std::fmt::Debug {
    /// The least.
    const LEAST: f64;
    /// The most.
    const MOST: f64;

    /// Returns the quantity; a number outside the range is moved to its nearer end, NaN to the least.
    fn clamped(value: f64) -> Self;
    /// Returns the number.
    fn get(self) -> f64;
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident $least:literal $most:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// Returns the quantity, or none if the number is outside its range or NaN.
            pub fn new(value: f64) -> Option<Self> {
                (Self::LEAST..=Self::MOST).contains(&value).then_some($name(value))
            }
        }

        impl Quantity for $name {
            const LEAST: f64 = $least;
            const MOST: f64 = $most;

            fn clamped(value: f64) -> Self {
                if value.is_nan() { $name($least) } else { $name(value.clamp($least, $most)) }
            }

            fn get(self) -> f64 {
                self.0
            }
        }
    )*};
}

quantities! {
    /// How likely a mode or factor is here; 0..=1.
    Likelihood 0.0 1.0;
    /// Impact; 1..=10.
    Severity 1.0 10.0;
    /// How hard to see before harm; 1 at once, 10 hardest.
    Detectability 1.0 10.0;
    /// Likelihood times severity times detectability; 0..=100, never rounded.
    Risk 0.0 100.0;
    /// A sum of risks over modes, or a part of it that a mitigation removes; 0 or more.
    TotalRisk 0.0 f64::MAX;
}

/// The three worlds that are assessed side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum World {
    /// Everything unknown turns out for the best.
    Low,
    /// Point values; what is unknown does not fire.
    Estimate,
    /// Everything unknown turns out for the worst.
    High,
}

impl World {
    /// All three, low first.
    pub const ALL: [World; 3] = [World::Low, World::Estimate, World::High];
}

/// One thing for each world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerWorld<T> {
    /// In the best case.
    pub low: T,
    /// On point values.
    pub estimate: T,
    /// In the worst case.
    pub high: T,
}

impl<T> PerWorld<T> {
    /// Returns what `make` gives for each world.
    pub fn from_fn(mut make: impl FnMut(World) -> T) -> Self {
        PerWorld { low: make(World::Low), estimate: make(World::Estimate), high: make(World::High) }
    }

    /// Returns the one of that world.
    pub fn get(&self, world: World) -> &T {
        match world {
            World::Low => &self.low,
            World::Estimate => &self.estimate,
            World::High => &self.high,
        }
    }
}

/// A quantity as an estimate, with the least and the most that unknowns and intervals allow.
/// Always `low <= estimate <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds<Q> {
    low: Q,
    estimate: Q,
    high: Q,
}

impl<Q: Quantity> Bounds<Q> {
    /// Returns the bounds, or none if they are not in order.
    pub fn new(low: Q, estimate: Q, high: Q) -> Option<Self> {
        (low.get() <= estimate.get() && estimate.get() <= high.get()).then_some(Bounds { low, estimate, high })
    }

    /// Returns the bounds of a quantity that is known exactly.
    pub fn exact(value: Q) -> Self {
        Bounds { low: value, estimate: value, high: value }
    }

    /// Returns the bounds of three numbers that are in order, each moved into the quantity's range.
    pub(crate) fn ordered(figures: PerWorld<f64>) -> Self {
        // INVARIANT: every figure is made of the same monotone steps in the same order in each world.
        debug_assert!(figures.low <= figures.estimate && figures.estimate <= figures.high, "{figures:?}");
        Bounds::widened(figures)
    }

    fn widened(figures: PerWorld<f64>) -> Self {
        let estimate = Q::clamped(figures.estimate);
        Bounds {
            low: Q::clamped(figures.low.min(estimate.get())),
            estimate,
            high: Q::clamped(figures.high.max(estimate.get())),
        }
    }

    /// Returns the bounds around an estimate over three worlds that need not be in order: the least
    /// and the most of the three.
    pub(crate) fn around(figures: PerWorld<f64>) -> Self {
        Bounds::widened(PerWorld {
            low: figures.low.min(figures.high),
            estimate: figures.estimate,
            high: figures.low.max(figures.high),
        })
    }

    /// Returns the least.
    pub fn low(&self) -> Q {
        self.low
    }

    /// Returns the estimate.
    pub fn estimate(&self) -> Q {
        self.estimate
    }

    /// Returns the most.
    pub fn high(&self) -> Q {
        self.high
    }

    /// Returns the figure of one world, as a number.
    pub fn in_world(&self, world: World) -> f64 {
        match world {
            World::Low => self.low.get(),
            World::Estimate => self.estimate.get(),
            World::High => self.high.get(),
        }
    }

    /// Tells whether nothing unknown could move it.
    pub fn is_certain(&self) -> bool {
        self.low == self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_check_their_range() {
        assert!(Likelihood::new(1.1).is_none());
        assert!(Likelihood::new(f64::NAN).is_none());
        assert_eq!(Some(Severity::clamped(12.0)), Severity::new(10.0));
        assert!(Bounds::new(Risk::clamped(3.0), Risk::clamped(2.0), Risk::clamped(4.0)).is_none());
    }
}
