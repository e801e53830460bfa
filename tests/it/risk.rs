//! Likelihoods, risks, recommendations and verdicts, worked out by hand.

use etiology::model::PriorityLevel;
use etiology::risk::{ContributionKind, Disagreement, Quantity};

use crate::small_packs::{Case, figures, near};

const EVIDENCE: &str = r#"
mode drift "Drift" { category some dimension data severity 5 detectability 4 base_rate 10% }
metric a "A" : ratio
metric b "B" : ratio
question watched "Watched?" : yes_no
rule first "First" { when a > 50% then suspect drift likelihood 0.5 }
rule second "Second" { when b > 50% then suspect drift likelihood 0.4 }
rule against "Watched" { when watched = yes then exonerate drift by 0.25 }
"#;

#[test]
fn suspicions_combine_by_noisy_or_and_exonerations_take_a_share() {
    let assessed = Case::new(EVIDENCE).number("a", 0.9).number("b", 0.9).yes_no("watched", true).assess();
    // own = (1 − 0.5 · 0.6) · 0.75 = 0.525; L = 1 − 0.9 · 0.475 = 0.5725
    near(assessed.likelihood("drift"), [0.5725; 3]);
    near(figures(&assessed.mode("drift").risk), [11.45; 3]);
    near(figures(&assessed.assessment.total), [11.45; 3]);
}

#[test]
fn unknowns_and_intervals_open_low_and_high() {
    let assessed = Case::new(EVIDENCE).within("a", 0.6, 0.4, 0.8).assess();
    // low: nothing is certain, and the exoneration is possible; high: both suspicions, no exoneration.
    near(assessed.likelihood("drift"), [0.1, 1.0 - 0.9 * 0.5, 1.0 - 0.9 * 0.3]);
}

#[test]
fn a_group_of_evidence_counts_once_and_so_do_the_instances_of_a_rule() {
    let pack = r#"
        index feature "Feature"
        metric psi[feature] "PSI" : number, lower is better
        metric ks "KS" : ratio
        mode shift "Shift" { category some dimension data severity 5 detectability 4 base_rate 0% }
        rule psi.high "PSI" {
          for each f in feature
          when psi[f] > 0.2
          then suspect shift likelihood ramp(psi[f], 0.2 -> 0.2, 1 -> 0.6)
          evidence shifted
        }
        rule ks.high "KS" {
          when ks > 10%
          then suspect shift likelihood 0.5
          evidence shifted
        }
        rule other "Other" {
          when ks > 10%
          then suspect shift likelihood 0.2
        }
    "#;
    let assessed = Case::with_members(pack, &[("feature", "age"), ("feature", "sex")])
        .number("psi[age]", 0.6)
        .number("psi[sex]", 1.4)
        .number("ks", 0.3)
        .assess();
    // The larger instance gives 0.6, which beats 0.5 in its group; the rule outside the group counts too.
    near(assessed.likelihood("shift"), [1.0 - 0.4 * 0.8; 3]);
    let shift = assessed.knowledge.nodes.find("shift").unwrap();
    let parts = &assessed.assessment.likelihood(shift).unwrap().contributions;
    let counted: Vec<_> = parts.iter().map(|part| (part.value.estimate, part.counted.estimate)).collect();
    assert_eq!(counted, [(0.0, true), (0.5, false), (0.2, true), (0.6, true)]);
    let ContributionKind::Rule { instance, .. } = &parts[3].kind else { panic!() };
    let instance = assessed.inference().instance(instance.estimate.unwrap()).unwrap();
    assert_eq!(assessed.inference().instances_of(assessed.rule("psi.high")).nth(1).unwrap().1, instance);
}

const CHAIN: &str = r#"
factor untrained "Untrained staff" { causes misuse strength 0.5 base_rate 20% }
factor misuse "Misuse" { causes harm strength 0.4 }
mode harm "Harm" { category some dimension deployment severity 10 detectability 5 base_rate 10% }
mitigation training "Training" { addresses untrained effect 80% effort low }
mitigation guard "Guard" { addresses misuse -> harm effect 50% effort high }
mitigation stop "Stop" { addresses harm effect 100% effort high }
mitigation nothing "Nothing" { addresses untrained effect 0% effort low }
mitigation asked "Asked for" { addresses untrained effect 0% effort low }
rule ask "Asks" { then recommend asked contraindicate stop because "the ward needs it" }
"#;

#[test]
fn causes_bring_their_effects_about() {
    let assessed = Case::new(CHAIN).assess();
    // untrained 0.2; misuse 0.5 · 0.2 = 0.1; harm 1 − 0.9 · (1 − 0.4 · 0.1) = 0.136
    near(assessed.likelihood("misuse"), [0.1; 3]);
    near(assessed.likelihood("harm"), [0.136; 3]);
}

#[test]
fn a_mitigation_removes_the_difference_it_makes() {
    let assessed = Case::new(CHAIN).assess();
    // training: untrained 0.04, misuse 0.02, harm 1 − 0.9 · 0.992 = 0.1072; times 50.
    let training = assessed.recommendation("training").unwrap();
    near(figures(&training.risk_removed), [(0.136 - 0.1072) * 50.0; 3]);
    let name = |node: &etiology::model::NodeId| assessed.knowledge.nodes[*node].id.as_str();
    assert_eq!(training.chains[0].path.iter().map(name).collect::<Vec<_>>(), ["harm", "misuse", "untrained"]);
    assert!((training.chains[0].strength - 0.2).abs() < 1e-12);
    // guard: the link at 0.2, harm 1 − 0.9 · 0.98 = 0.118.
    let guard = assessed.recommendation("guard").unwrap();
    near(figures(&guard.risk_removed), [(0.136 - 0.118) * 50.0; 3]);
    assert!(guard.chains[0].addresses_link);
    assert_eq!(guard.chains[0].path.iter().map(name).collect::<Vec<_>>(), ["harm", "misuse"]);
    // stop: everything, and struck out.
    let stop = assessed.recommendation("stop").unwrap();
    near(figures(&stop.risk_removed), [6.8; 3]);
    assert_eq!(stop.contraindicated_by[0].because, "the ward needs it");
    assert!(assessed.recommendation("nothing").is_none());
    assert_eq!(assessed.recommendation("asked").unwrap().recommended_by.len(), 1);
    let order: Vec<_> = assessed
        .assessment
        .recommendations
        .iter()
        .map(|recommendation| assessed.knowledge.mitigations[recommendation.mitigation].id.as_str())
        .collect();
    assert_eq!(order, ["stop", "training", "guard", "asked"]);
}

const RATINGS: &str = r#"
mode harm "Harm" { category some dimension deployment severity 4 detectability 5 base_rate 50% }
question frail "Frail patients?" : yes_no
question watched "Watched?" : yes_no
question autonomous "Acts alone?" : yes_no
rule up "Frail" { when frail = yes then raise severity of harm by 2 }
rule up.more "Frail and alone" { when frail = yes and autonomous = yes then raise severity of harm by 9 }
rule down "Watched" { when watched = yes then lower detectability of harm by 3 }
rule set "Alone" { when autonomous = yes then set severity of harm to 2 }
"#;

#[test]
fn ratings_are_set_then_raised_and_lowered_within_their_range() {
    let case = || Case::new(RATINGS).yes_no("frail", true).yes_no("watched", true);
    let assessed = case().yes_no("autonomous", false).assess();
    near(figures(&assessed.mode("harm").severity), [6.0; 3]);
    near(figures(&assessed.mode("harm").detectability), [2.0; 3]);
    let assessed = case().yes_no("autonomous", true).assess();
    near(figures(&assessed.mode("harm").severity), [10.0; 3]);
    // Not known: acting alone may set it to 2 (plus 2) or raise it to the most.
    let assessed = case().assess();
    near(figures(&assessed.mode("harm").severity), [4.0, 6.0, 10.0]);
    assert_eq!(assessed.mode("harm").adjustments.len(), 4);
}

const VERDICTS: &str = r#"
mode harm "Harm" { category some dimension deployment severity 10 detectability 10 base_rate 0% }
metric a "A" : ratio
metric b "B" : ratio
question plan "Is there a plan?" : yes_no
rule bad "Bad" { when a > 50% then suspect harm likelihood 0.8 }
rule worse "Worse" { when b > 50% then suspect harm likelihood 1 }
rule gate "A plan is needed" { when a > 50% then require plan }
verdict stop "Stop" { precedence 40 when any m in mode where risk(m) >= 90 }
verdict insufficient_evidence "Insufficient evidence" { precedence 30 when evidence_missing }
verdict wait "Wait" { precedence 20 when any m in mode where risk(m) >= 50 }
verdict go "Go" { precedence 0 }
"#;

#[test]
fn the_gravest_verdict_that_holds_is_given_and_graver_ones_are_ruled_out_or_named() {
    let case = || Case::new(VERDICTS);
    let assessed = case().number("a", 0.1).number("b", 0.1).assess();
    assert_eq!((assessed.verdict(), assessed.not_ruled_out()), (Some("go"), vec![]));
    let assessed = case().number("a", 0.1).assess();
    assert_eq!((assessed.verdict(), assessed.not_ruled_out()), (Some("go"), vec!["stop", "wait"]));
    let assessed = case().number("a", 0.9).number("b", 0.1).yes_no("plan", false).assess();
    assert_eq!((assessed.verdict(), assessed.not_ruled_out()), (Some("wait"), vec![]));
}

#[test]
fn missing_evidence_that_a_rule_requires_is_named() {
    let assessed = Case::new(VERDICTS).number("a", 0.9).number("b", 0.1).assess();
    assert_eq!(assessed.verdict(), Some("insufficient_evidence"));
    let missing = &assessed.assessment.verdict.missing;
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].required_by, [assessed.rule("gate")]);
    // Whether the plan is needed is itself not known: it may turn out to be missing.
    let assessed = Case::new(VERDICTS).number("b", 0.1).assess();
    assert_eq!(assessed.verdict(), Some("go"));
    assert_eq!(assessed.not_ruled_out(), ["insufficient_evidence", "wait"]);
}

#[test]
fn a_pack_without_a_verdict_that_holds_gives_none() {
    assert_eq!(Case::new("verdict never \"Never\" { precedence 1 when evidence_missing }").assess().verdict(), None);
}

#[test]
fn a_swing_is_how_far_an_answer_could_move_the_total() {
    let pack = r#"
        mode harm "Harm" { category some dimension deployment severity 10 detectability 10 base_rate 10% }
        input sites "Sites" : count
        question watched "Watched?" : yes_no
        input colour "Colour" : one of red, green
        metric lag "Lag" : number
        rule many "Many sites" { when sites > 3 then conclude spread_out }
        rule spread "Spread out" { when spread_out and not local then suspect harm likelihood 0.5 }
        rule one "One site" { when sites = 1 then conclude local }
        rule unwatched "Unwatched" { when watched = no then suspect harm likelihood 0.2 }
        rule late "Late" { when 2 * lag - 1 > 9 then suspect harm likelihood 1 }
    "#;
    let assessed = Case::new(pack).assess();
    assert!((assessed.assessment.total.estimate().get() - 10.0).abs() < 1e-12);
    let check = |input: &str, swing: f64| {
        let actual = assessed.swing(input).swing;
        assert!((actual - swing).abs() < 1e-9, "{input} {actual}");
    };
    check("sites", 45.0);
    check("watched", 18.0);
    check("colour", 0.0);
    check("lag", 90.0);
    let order: Vec<_> = assessed
        .assessment
        .open_inputs
        .iter()
        .map(|swing| assessed.knowledge.inputs[swing.input].id.as_str())
        .collect();
    assert_eq!(order, ["lag", "sites", "watched", "colour"]);
    // The root of 2x − 1 = 9 is among the values tried, and so is a value on either side.
    let tried: Vec<f64> =
        assessed.swing("lag").candidates.iter().filter_map(|candidate| candidate.value.as_number()).collect();
    assert!(tried.contains(&5.0) && tried[0] < 5.0 && tried[tried.len() - 1] > 5.0, "{tried:?}");
}

#[test]
fn bands_and_priorities_may_disagree() {
    let pack = r#"
        mode rare "Rare and grave" { category some dimension model severity 10 detectability 1 base_rate 10% }
        mode common "Common" { category some dimension model severity 5 detectability 10 base_rate 100% }
        band low "Low" { from 0 }
        band medium "Medium" { from 5 }
        band high "High" { from 20 }
        priority high "First" { row severity 9..10 likelihood 5%..100% detectability 1..10 }
    "#;
    let assessed = Case::new(pack).assess();
    let rare = assessed.mode("rare");
    assert_eq!((rare.band.estimate, rare.priority), (Some(0), Some(PriorityLevel::High)));
    assert_eq!(rare.disagreement, Some(Disagreement::PriorityAboveBand));
    let common = assessed.mode("common");
    assert_eq!((common.band.estimate, common.priority), (Some(2), None));
    assert_eq!(common.disagreement, Some(Disagreement::BandAbovePriority));
    assert_eq!(assessed.assessment.risks[0].mode, common.mode);
}

#[test]
fn evidence_behind_a_recommendation_is_listed() {
    let pack = r#"
        source paper "A paper" { year 2020 }
        factor cause "Cause" { causes harm strength 0.5 }
        mode harm "Harm" { category some dimension model severity 5 detectability 5 base_rate 1% }
        mitigation fix "Fix" { addresses cause effect 50% effort low }
        metric a "A" : ratio
        rule lit "Lit" { when a > 10% then suspect cause likelihood 0.5 cite paper }
        rule dark "Dark" { when a > 90% then suspect cause likelihood 0.9 }
    "#;
    let assessed = Case::new(pack).number("a", 0.5).assess();
    let fix = assessed.recommendation("fix").unwrap();
    let rules: Vec<_> = fix.lit_by.iter().map(|&id| assessed.inference().instance(id).unwrap().rule).collect();
    assert_eq!(rules, [assessed.rule("lit")]);
    assert_eq!(fix.facts.len(), 1);
    assert_eq!(fix.sources.len(), 1);
}

#[test]
fn flags_come_loudest_first() {
    let pack = r#"
        rule a "A" { then flag info "quiet" }
        rule b "B" { then flag block "loud" }
    "#;
    let assessed = Case::new(pack).assess();
    let texts: Vec<_> = assessed.assessment.flags.iter().map(|flag| flag.text.as_str()).collect();
    assert_eq!(texts, ["loud", "quiet"]);
}
