//! The plan: the cheapest set against every set there is.

use etiology::plan::{CheapestSet, Costs, Limits, cheapest};
use etiology::risk::{World, assess};
use proptest::prelude::*;
use std::fmt::Write as _;

use crate::random_packs::{Chooser, numbers};
use crate::small_packs::Case;

/// What a mitigation of a random pack takes from a node, or from the link between two.
#[derive(Debug)]
struct Address {
    node: usize,
    link_to: Option<usize>,
    effect: f64,
}

/// A random pack of modes and factors, each of which any later one may follow from.
#[derive(Debug)]
struct Drawn {
    base: Vec<f64>,
    own: Vec<f64>,
    /// Severity times detectability; 0 for a factor.
    weight: Vec<u32>,
    links: Vec<(usize, usize, f64)>,
    mitigations: Vec<(usize, Vec<Address>)>,
    below: f64,
}

const EFFORTS: [&str; 3] = ["low", "medium", "high"];

impl Drawn {
    fn new(choose: &mut Chooser, most: usize) -> Self {
        let nodes = 2 + choose.below(7);
        let share = |choose: &mut Chooser| choose.below(101) as f64 / 100.0;
        let mut drawn = Drawn {
            base: (0..nodes).map(|_| share(choose) / 5.0).collect(),
            own: (0..nodes).map(|_| if choose.chance(4) { share(choose) } else { 0.0 }).collect(),
            weight: (0..nodes).map(|_| if choose.chance(5) { 1 + choose.below(10) as u32 } else { 0 }).collect(),
            links: Vec::new(),
            mitigations: Vec::new(),
            below: 2.0 + choose.below(40) as f64,
        };
        drawn.weight[nodes - 1] = 10;
        for cause in 0..nodes {
            for effect in cause + 1..nodes {
                if choose.chance(4) {
                    drawn.links.push((cause, effect, share(choose)));
                }
            }
        }
        for _ in 0..1 + choose.below(most) {
            let mut addresses: Vec<Address> = Vec::new();
            for _ in 0..1 + choose.below(3) {
                let effect = share(choose);
                let address = if choose.chance(2) && !drawn.links.is_empty() {
                    let (cause, to, _) = drawn.links[choose.below(drawn.links.len())];
                    Address { node: cause, link_to: Some(to), effect }
                } else {
                    Address { node: choose.below(nodes), link_to: None, effect }
                };
                if addresses.iter().all(|other| (other.node, other.link_to) != (address.node, address.link_to)) {
                    addresses.push(address);
                }
            }
            drawn.mitigations.push((choose.below(3), addresses));
        }
        drawn
    }

    fn pack(&self) -> String {
        let mut text = format!("band low \"Low\" {{ from 0 }}\nband high \"High\" {{ from {} }}\n", self.below);
        for (node, (base, weight)) in self.base.iter().zip(&self.weight).enumerate() {
            let kind = if *weight > 0 { "mode" } else { "factor" };
            let _ = writeln!(text, "{kind} n{node} \"N\" {{\n  base_rate {base}");
            if *weight > 0 {
                let _ = writeln!(text, "  category some\n  dimension data\n  severity 10\n  detectability {weight}");
            }
            for (_, effect, strength) in self.links.iter().filter(|link| link.0 == node) {
                let _ = writeln!(text, "  causes n{effect} strength {strength}");
            }
            let _ = writeln!(text, "}}");
            if self.own[node] > 0.0 {
                let _ = writeln!(text, "rule r{node} \"R\" {{ then suspect n{node} likelihood {} }}", self.own[node]);
            }
        }
        for (place, (effort, addresses)) in self.mitigations.iter().enumerate() {
            let _ = writeln!(text, "mitigation m{place:02} \"M\" {{ effort {}", EFFORTS[*effort]);
            for Address { node, link_to, effect } in addresses {
                let to = link_to.map_or(String::new(), |to| format!(" -> n{to}"));
                let _ = writeln!(text, "  addresses n{node}{to} effect {effect}");
            }
            let _ = writeln!(text, "}}");
        }
        text
    }

    /// The risk of every mode with a set of mitigations in place, by the formulas of docs/risk.md.
    fn risks(&self, set: u32) -> Vec<f64> {
        let in_place = (0..self.mitigations.len()).filter(|place| set & (1 << place) != 0);
        let addresses: Vec<&Address> = in_place.flat_map(|place| &self.mitigations[place].1).collect();
        let left = |node: usize, to: Option<usize>| {
            let these = addresses.iter().filter(|address| (address.node, address.link_to) == (node, to));
            these.map(|address| 1.0 - address.effect).product::<f64>()
        };
        let mut likelihoods: Vec<f64> = Vec::new();
        for node in 0..self.base.len() {
            let mut absent = (1.0 - self.base[node]) * (1.0 - self.own[node]);
            for (cause, _, strength) in self.links.iter().filter(|link| link.1 == node) {
                absent *= 1.0 - strength * left(*cause, Some(node)) * likelihoods[*cause];
            }
            likelihoods.push((1.0 - absent) * left(node, None));
        }
        let modes = likelihoods.iter().zip(&self.weight).filter(|(_, weight)| **weight > 0);
        modes.map(|(likelihood, weight)| likelihood * 10.0 * f64::from(*weight)).collect()
    }

    fn cost(&self, set: u32, costs: Costs) -> u64 {
        let of = |effort: usize| u64::from([costs.low, costs.medium, costs.high][effort]);
        (0..self.mitigations.len())
            .filter(|place| set & (1 << place) != 0)
            .map(|place| of(self.mitigations[place].0))
            .sum()
    }

    /// The least cost, and at that the least risk left, of all sets with which every risk is under its limit.
    fn best(&self, costs: Costs, limits: &[f64]) -> (u64, f64) {
        let does = |set: &u32| self.risks(*set).iter().zip(limits).all(|(risk, limit)| risk < limit);
        let sets = (0..self.all() + 1).filter(does);
        let sets = sets.map(|set| (self.cost(set, costs), self.risks(set).iter().sum::<f64>()));
        sets.min_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1))).unwrap()
    }

    /// Every mitigation.
    fn all(&self) -> u32 {
        (1u32 << self.mitigations.len()) - 1
    }

    fn planned(&self, costs: Costs, limits: Limits) -> CheapestSet {
        let case = Case::new(&self.pack());
        let assessment = assess(&case.knowledge, &case.facts).unwrap();
        cheapest(&case.knowledge, &assessment, self.below, World::Estimate, costs, limits)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_set_is_cheaper_and_of_the_cheapest_none_removes_more(numbers in numbers(), high in 1..12u32) {
        let drawn = Drawn::new(&mut Chooser::new(numbers), 8);
        let costs = Costs { low: 1, medium: 3, high };
        let found = drawn.planned(costs, Limits::default());
        let at_best = drawn.risks(drawn.all());
        let limit = |other: f64| move |best: &f64| if *best < drawn.below { drawn.below } else { best + other };
        let under: Vec<f64> = at_best.iter().map(limit(f64::INFINITY)).collect();
        let (cost, left) = drawn.best(costs, &under);
        prop_assert!(found.priced.is_cheapest());
        prop_assert_eq!(found.priced.cost, cost, "{:?}", found);
        prop_assert!((found.total_after - left).abs() < 1e-6, "{} {}: {:?}", found.total_after, left, found);
        prop_assert!(found.modes.iter().all(|mode| mode.after < drawn.below || mode.at_best >= drawn.below));
        let lowest: Vec<f64> = at_best.iter().map(limit(1e-9)).collect();
        let (cost, _) = drawn.best(costs, &lowest);
        prop_assert_eq!(found.as_low_as_can_be.as_ref().map_or(cost, |all| all.cost), cost, "{:?}", found);
    }

    #[test]
    fn a_search_that_was_cut_short_says_what_no_set_can_undercut(numbers in numbers(), choices in 0..12usize) {
        let drawn = Drawn::new(&mut Chooser::new(numbers), 8);
        let costs = Costs::default();
        let found = drawn.planned(costs, Limits { exact: 0, choices }).priced;
        let best = drawn.planned(costs, Limits::default()).priced;
        prop_assert!(found.at_least <= best.cost && best.cost <= found.cost, "{:?} {:?}", found, best);
    }
}
