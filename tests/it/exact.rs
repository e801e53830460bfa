//! Exact likelihoods against plain enumeration, and local ones against exact ones.

use etiology::facts::FactStore;
use etiology::model::KnowledgeBase;
use etiology::risk::{Assessment, Options, Propagation, Quantity, RiskError, World, assess_with};
use proptest::prelude::*;
use std::fmt::Write as _;

use crate::program::{Folder, etio, run_with};
use crate::random_packs::{self, Chooser, Shape, numbers};
use crate::small_packs::{Case, knowledge};

/// A random graph of modes, each of which any later one may follow from, with one mitigation.
#[derive(Debug)]
struct Graph {
    base: Vec<f64>,
    /// The likelihood that a rule which always fires gives each node.
    own: Vec<f64>,
    /// Cause, effect, strength.
    links: Vec<(usize, usize, f64)>,
    /// A node and what the mitigation takes from it.
    on_nodes: Vec<(usize, f64)>,
    /// A link, by its place in `links`, and what the mitigation takes from it.
    on_links: Vec<(usize, f64)>,
}

impl Graph {
    /// Up to `most` nodes; as a tree, each node has one effect at most.
    fn draw(choose: &mut Chooser, most: usize, tree: bool) -> Self {
        let nodes = 2 + choose.below(most - 1);
        let density = 1 + choose.below(8);
        let share = |choose: &mut Chooser| choose.below(101) as f64 / 100.0;
        let mut graph = Graph {
            base: (0..nodes).map(|_| share(choose) / 4.0).collect(),
            own: (0..nodes).map(|_| if choose.chance(3) { share(choose) } else { 0.0 }).collect(),
            links: Vec::new(),
            on_nodes: Vec::new(),
            on_links: Vec::new(),
        };
        for cause in 0..nodes {
            for effect in cause + 1..nodes {
                if choose.chance(density) {
                    graph.links.push((cause, effect, share(choose)));
                    if tree {
                        break;
                    }
                }
            }
        }
        graph.on_nodes.push((choose.below(nodes), share(choose)));
        for link in 0..graph.links.len() {
            if choose.below(5) == 1 {
                graph.on_links.push((link, share(choose)));
            }
        }
        graph
    }

    fn pack(&self) -> String {
        let mut text = String::new();
        for (node, base) in self.base.iter().enumerate() {
            let _ = write!(
                text,
                "mode n{node:02} \"N\" {{ category some dimension data severity 10 detectability 10 base_rate {base}"
            );
            for (_, effect, strength) in self.links.iter().filter(|(cause, ..)| *cause == node) {
                let _ = write!(text, " causes n{effect:02} strength {strength}");
            }
            let _ = writeln!(text, " }}");
            let own = self.own[node];
            if own > 0.0 {
                let _ = writeln!(text, "rule r{node:02} \"R\" {{ then suspect n{node:02} likelihood {own} }}");
            }
        }
        let _ = write!(text, "mitigation fix \"Fix\" {{ effort low");
        for (node, effect) in &self.on_nodes {
            let _ = write!(text, " addresses n{node:02} effect {effect}");
        }
        for (link, effect) in &self.on_links {
            let (from, to, _) = self.links[*link];
            let _ = write!(text, " addresses n{from:02} -> n{to:02} effect {effect}");
        }
        text + " }"
    }

    /// Returns the likelihood of every node by adding up all states of all nodes.
    fn enumerated(&self, treated: bool) -> Vec<f64> {
        let left = |on: &[(usize, f64)], place: usize| {
            let addressed = on.iter().filter(|(known, _)| treated && *known == place);
            addressed.map(|(_, effect)| 1.0 - effect).product::<f64>()
        };
        let nodes = self.base.len();
        let left_of_node: Vec<f64> = (0..nodes).map(|node| left(&self.on_nodes, node)).collect();
        let mut causes: Vec<Vec<(usize, f64)>> = vec![Vec::new(); nodes];
        for (place, (cause, effect, strength)) in self.links.iter().enumerate() {
            causes[*effect].push((*cause, strength * left(&self.on_links, place)));
        }
        let mut likelihoods = vec![0.0; nodes];
        // A state of the first nodes, by bit, with its probability; each is gone through once.
        let mut states = vec![(0_usize, 0_u32, 1.0_f64)];
        while let Some((node, present, probability)) = states.pop() {
            if node == nodes {
                continue;
            }
            let active = causes[node].iter().filter(|(cause, _)| (present >> cause) & 1 == 1);
            let unbrought = active.fold(1.0, |product, (_, strength)| product * (1.0 - strength));
            let here = left_of_node[node] * (1.0 - (1.0 - self.base[node]) * (1.0 - self.own[node]) * unbrought);
            likelihoods[node] += probability * here;
            states.push((node + 1, present | (1 << node), probability * here));
            states.push((node + 1, present, probability * (1.0 - here)));
        }
        likelihoods
    }
}

fn assessed(knowledge: &KnowledgeBase, facts: &FactStore, propagation: Propagation) -> Assessment {
    assess_with(knowledge, facts, Options { propagation, swings: false }).unwrap()
}

fn both(knowledge: &KnowledgeBase, facts: &FactStore) -> [Assessment; 2] {
    [Propagation::Local, Propagation::Exact].map(|propagation| assessed(knowledge, facts, propagation))
}

fn estimates(assessment: &Assessment) -> Vec<f64> {
    assessment.likelihoods.iter().map(|node| node.likelihood.estimate().get()).collect()
}

fn differ(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| (left - right).abs()).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exact_likelihoods_are_those_of_enumeration_and_local_ones_never_lower(numbers in numbers()) {
        let graph = Graph::draw(&mut Chooser::new(numbers), 18, false);
        let knowledge = knowledge(&graph.pack());
        let facts = FactStore::new(&knowledge, []);
        let [local, exact] = both(&knowledge, &facts);
        let enumerated = graph.enumerated(false);
        prop_assert!(differ(&estimates(&exact), &enumerated) <= 1e-12, "{:?}", graph);
        for (local, exact) in estimates(&local).iter().zip(&enumerated) {
            prop_assert!(*local >= exact - 1e-12, "{} is below {} in {:?}", local, exact, graph);
        }
        // What the mitigation removes, mode by mode; every mode is worth 100 times its likelihood.
        let treated = graph.enumerated(true);
        let removed = enumerated.iter().zip(&treated).map(|(before, after)| 100.0 * (before - after));
        let total: f64 = removed.clone().sum();
        let advice = exact.recommendations.first();
        prop_assert!((advice.map_or(0.0, |advice| advice.risk_removed.estimate().get()) - total).abs() <= 1e-9);
        for mode in advice.iter().flat_map(|advice| &advice.by_mode) {
            let expected = removed.clone().nth(mode.mode.index()).unwrap();
            prop_assert!((mode.risk_removed.estimate().get() - expected).abs() <= 1e-10);
        }
    }

    #[test]
    fn on_trees_local_and_exact_are_equal(numbers in numbers()) {
        let graph = Graph::draw(&mut Chooser::new(numbers), 40, true);
        let knowledge = knowledge(&graph.pack());
        let facts = FactStore::new(&knowledge, []);
        let [local, exact] = both(&knowledge, &facts);
        prop_assert_eq!(local.likelihoods, exact.likelihoods);
        prop_assert_eq!(local.recommendations, exact.recommendations);
    }

    #[test]
    fn more_evidence_never_lowers_an_exact_likelihood(numbers in numbers(), place in 0_usize..18, own in 0.0..=1.0_f64) {
        let mut graph = Graph::draw(&mut Chooser::new(numbers), 18, false);
        let place = place % graph.own.len();
        let likelihoods = |graph: &Graph| {
            let knowledge = knowledge(&graph.pack());
            estimates(&assessed(&knowledge, &FactStore::new(&knowledge, []), Propagation::Exact))
        };
        let before = likelihoods(&graph);
        graph.own[place] = graph.own[place].max(own);
        for (before, after) in before.iter().zip(likelihoods(&graph)) {
            prop_assert!(*before <= after);
        }
    }

    #[test]
    fn exact_bounds_are_in_order_at_most_local_ones_and_recompute(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = random_packs::knowledge(&mut choose, Shape::ANY);
        let facts = random_packs::facts(&mut choose, &knowledge);
        let [local, exact] = both(&knowledge, &facts);
        for (local, exact) in local.likelihoods.iter().zip(&exact.likelihoods) {
            let [low, estimate, high] = World::ALL.map(|world| exact.likelihood.in_world(world));
            prop_assert!(low <= estimate && estimate <= high);
            for world in World::ALL {
                let figure = exact.likelihood.in_world(world);
                prop_assert!(figure <= local.likelihood.in_world(world) + 1e-12);
                prop_assert!((exact.recompute(world) - figure).abs() <= 1e-12, "{:?} {:?}", world, exact);
            }
        }
    }

    #[test]
    fn exact_swings_are_what_answering_does(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = random_packs::knowledge(&mut choose, Shape::ANY);
        let mut facts = random_packs::facts(&mut choose, &knowledge);
        let options = Options { propagation: Propagation::Exact, swings: true };
        let assessment = assess_with(&knowledge, &facts, options).unwrap();
        for swing in assessment.open_inputs.iter().take(3) {
            let before = facts.get(swing.input, &[]).cloned();
            for candidate in swing.candidates.iter().take(3) {
                facts.set(swing.input, &[], etiology::facts::Fact::supposed(candidate.value.clone()));
                let answered = assessed(&knowledge, &facts, Propagation::Exact);
                prop_assert_eq!(answered.total.estimate().get(), candidate.total);
            }
            match before {
                Some(fact) => drop(facts.set(swing.input, &[], fact)),
                None => drop(facts.remove(swing.input, &[])),
            }
        }
    }
}

/// One cause behind two others, worked out by hand.
#[test]
fn a_cause_in_common_is_counted_once_and_told() {
    let pack = r#"
        factor root "Root" { causes left strength 0.5 causes right strength 0.5 base_rate 50% }
        factor left "Left" { causes harm strength 1 }
        factor right "Right" { causes harm strength 1 }
        mode harm "Harm" { category some dimension data severity 1 detectability 1 base_rate 0% }
    "#;
    let Case { knowledge, facts } = Case::new(pack);
    let [local, exact] = both(&knowledge, &facts);
    let harm = knowledge.nodes.find("harm").unwrap();
    // Left and right are 0.25 each: 1 − 0.75². Together: 0.5 · (1 − 0.5²).
    assert_eq!(local.likelihood(harm).unwrap().likelihood.estimate().get(), 0.4375);
    let found = exact.likelihood(harm).unwrap();
    assert_eq!(found.likelihood.estimate().get(), 0.375);
    assert_eq!(found.lower_by_common_causes(World::Estimate), 0.0625);
    assert_eq!(local.likelihood(harm).unwrap().lower_by_common_causes(World::Estimate), 0.0);
}

/// The largest graph that the limit is meant for: eighteen nodes, each the cause of all later ones.
#[test]
fn eighteen_nodes_that_all_hang_together_are_within_the_limit() {
    let graph = Graph {
        base: vec![0.01; 18],
        own: vec![0.0; 18],
        links: (0..18).flat_map(|cause| (cause + 1..18).map(move |effect| (cause, effect, 0.125))).collect(),
        on_nodes: vec![(0, 0.5)],
        on_links: Vec::new(),
    };
    let knowledge = knowledge(&graph.pack());
    let exact = assessed(&knowledge, &FactStore::new(&knowledge, []), Propagation::Exact);
    assert!(differ(&estimates(&exact), &graph.enumerated(false)) <= 1e-12);
}

/// Twenty-four causes, each of which brings each of twenty-four others: what R001 is about.
#[test]
fn causes_that_all_cross_are_refused_and_a_name_for_what_lies_between_mends_it() {
    let pack = include_str!("../../examples/errors/R001-too-entangled/pack.etio");
    let (_, factors) = pack.split_once("factor ").unwrap();
    let harm = r#"mode harm "Harm" { category some dimension model severity 6 detectability 7 base_rate 5% }"#;
    let options = Options { propagation: Propagation::Exact, swings: false };
    let crossing = Case::new(&format!("{harm} factor {factors}"));
    let refused = assess_with(&crossing.knowledge, &crossing.facts, options).unwrap_err();
    let RiskError::TooEntangled { name, .. } = refused else { panic!("{refused}") };
    assert_eq!(name, "harm");
    let mut between = "factor carelessness \"Carelessness\" {".to_owned();
    let mut habits = String::new();
    for n in 1..=24 {
        let _ = write!(between, " causes lapse_{n:02} strength 80%");
        let _ = write!(habits, " factor habit_{n:02} \"H\" {{ base_rate 5% causes carelessness strength 10% }}");
        let _ = write!(habits, " factor lapse_{n:02} \"L\" {{ causes harm strength 10% }}");
    }
    let mended = Case::new(&format!("{harm} {between} }} {habits}"));
    let [local, exact] = both(&mended.knowledge, &mended.facts);
    let likelihood = |assessment: &Assessment| assessment.risks[0].likelihood.estimate().get();
    // The lapses come together or not at all: 1 − 0.95 · (1 − c + c · 0.92²⁴), c = 1 − (1 − 0.05 · 0.1)²⁴.
    let carelessness = 1.0 - 0.995_f64.powi(24);
    let expected = 1.0 - 0.95 * (1.0 - carelessness + carelessness * 0.92_f64.powi(24));
    assert!((likelihood(&exact) - expected).abs() < 1e-12);
    assert!(likelihood(&local) > expected + 0.05);
}

/// The deployment of docs/risk.md, asked on the command line.
#[test]
fn the_command_line_shows_exact_figures_everywhere_and_tells_what_is_counted_once() {
    let page = include_str!("../../docs/risk.md");
    let pack = page.split("```etio\n").nth(1).unwrap().split("```").next().unwrap();
    let manifest = "deployment: {id: moved}\npack: pack.etio\ninputs:\n  shift.psi: 0.3\n  shift.ks: 0.2\n  \
                    calibration.ece: {value: 0.12, low: 0.08, high: 0.16}\n";
    let folder = Folder::with(&[
        ("deployment.yaml", manifest.as_bytes()),
        ("answers.yaml", b"site.recalibrated: yes\nsite.children: yes\n"),
        ("pack.etio", pack.as_bytes()),
    ]);
    let ask = |arguments: &[&str]| folder.run(arguments).stdout;
    let local = ask(&["why", "missed_cases", "."]);
    assert!(local.contains("likelihood 0.52") && !local.contains("in common"), "{local}");
    let exact = ask(&["why", "missed_cases", ".", "--exact"]);
    assert!(exact.contains("likelihood 0.51"), "{exact}");
    assert!(exact.contains("−0.012 because some of its causes have a cause in common, which counts once"), "{exact}");
    assert!(exact.contains("etio chain missed_cases . --exact"), "{exact}");
    assert!(ask(&["assess", ".", "--exact"]).contains("Total risk over all modes 53.3 (38.5–62.5), causes in common"));
    assert!(ask(&["risks", ".", "--exact"]).contains("27.6"));
    assert!(ask(&["chain", "missed_cases", ".", "--exact"]).contains("likelihood 0.51"));
    let supposed = ask(&["what-if", "site.reviewed = yes", ".", "--exact"]);
    assert!(supposed.contains("Total risk: 53.3 (38.5–62.5) → 53.3 (38.5–53.3)"), "{supposed}");
    let at_prompt = run_with(etio(&["repl", &folder.path().display().to_string(), "--exact"]), b"reload\nrisks\n");
    assert_eq!(at_prompt.stdout.matches("27.6").count(), 2, "{}", at_prompt.stdout);
}
