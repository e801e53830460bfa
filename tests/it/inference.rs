//! What follows from which facts, and how certain it is.

use etiology::facts::Fact;
use etiology::inference::verify::verify_instance;
use etiology::inference::{Element, Figure, Gap, InferenceError, Outcome, PremiseKind, TermKind, infer};
use etiology::model::FiringState;
use etiology::model::Value;

use crate::small_packs::{Assessed, Case};

const CALIBRATION: &str = r#"
metric ece "Calibration error" : ratio, lower is better
metric events "Events" : count, higher is better
rule poor "Poorly calibrated" {
  when ece > 10% and events >= 100
  then conclude miscalibrated
}
rule fine "Well calibrated" {
  when not miscalibrated
  then flag info "calibrated"
}
"#;

#[track_caller]
fn check_states(assessed: &Assessed, expected: &[(&str, FiringState)]) {
    for (rule, state) in expected {
        assert_eq!(assessed.state(rule), *state, "{rule}");
    }
}

use FiringState::{Fired, NotFired, Undecided};

#[test]
fn a_missing_value_is_not_false() {
    let assessed = Case::new(CALIBRATION).number("ece", 0.2).assess();
    check_states(&assessed, &[("poor", Undecided), ("fine", Undecided)]);
    let assessed = Case::new(CALIBRATION).number("ece", 0.2).number("events", 100.0).assess();
    check_states(&assessed, &[("poor", Fired), ("fine", NotFired)]);
}

#[test]
fn one_premise_that_fails_decides_whatever_the_others_are() {
    let assessed = Case::new(CALIBRATION).number("ece", 0.05).assess();
    check_states(&assessed, &[("poor", NotFired), ("fine", Fired)]);
    let passed = assessed.inference().passed();
    let poor = passed.iter().find(|passed| passed.rule == assessed.rule("poor")).unwrap();
    assert!(!poor.all_known);
    let margin = poor.margin.unwrap();
    assert_eq!((margin.actual, margin.threshold), (0.05, 0.1));
    assert!((margin.gap() - 0.05).abs() < 1e-12);
}

#[test]
fn an_interval_across_the_threshold_makes_a_lean() {
    let assessed = Case::new(CALIBRATION).within("ece", 0.12, 0.08, 0.16).number("events", 400.0).assess();
    let poor = assessed.instance("poor");
    assert!(poor.outcome.is_lean());
    assert_eq!(assessed.inference().leans().count(), 1);
    // The negation leans the other way: it does not hold, and could.
    assert!(assessed.instance("fine").outcome.is_undecided());
}

#[test]
fn an_interval_wider_than_the_type_is_cut_and_one_without_its_point_is_widened() {
    let pack = r#"
        metric share "A share" : ratio
        rule all "Everything" { when share <= 100% and share >= 0 then conclude fine }
        rule some "Some" { when share > 50% then conclude large }
    "#;
    let assessed = Case::new(pack).within("share", 0.98, 0.9, 1.1).assess();
    assert_eq!(assessed.instance("all").outcome, Outcome::TRUE);
    let assessed = Case::new(pack).within("share", 0.98, 0.1, 0.2).assess();
    assert!(assessed.instance("some").outcome.is_lean());
}

#[test]
fn a_premise_keeps_figures_facts_and_gaps() {
    let assessed = Case::new(CALIBRATION).number("ece", 0.2).assess();
    let premise = assessed.instance("poor").premise.as_ref().unwrap();
    let PremiseKind::And(parts) = &premise.kind else { panic!("{premise:?}") };
    let PremiseKind::Compare { left, right, .. } = &parts[0].kind else { panic!("{premise:?}") };
    assert_eq!((left.figure, right.figure), (Figure::exact(0.2), Figure::exact(0.1)));
    let PremiseKind::Compare { left, .. } = &parts[1].kind else { panic!("{premise:?}") };
    let TermKind::Fact(reading) = &left.kind else { panic!("{left:?}") };
    assert_eq!(reading.gap, Some(Gap::NotGiven));
    assert_eq!((left.figure.low(), left.figure.high()), (0.0, f64::INFINITY));
}

#[test]
fn a_reason_why_there_is_no_value_reaches_the_premise() {
    let undefined = Fact { value: Err("no events".into()), ..Fact::supposed(Value::Number(0.0)) };
    let assessed = Case::new(CALIBRATION).fact("ece", undefined).assess();
    let premise = assessed.instance("poor").premise.as_ref().unwrap();
    assert_eq!(premise.readings()[0].gap, Some(Gap::Undefined("no events".into())));
}

const SUBGROUPS: &str = r#"
index subgroup "Subgroup"
metric auroc[subgroup] "AUROC" : ratio, higher is better
metric overall "AUROC of all" : ratio, higher is better
rule gap "A subgroup is worse" {
  for each s in subgroup
  when auroc[s] < overall - 0.05
  then conclude disadvantaged(s)
}
rule some "Some subgroup is worse" {
  when any s in subgroup where disadvantaged(s)
  then conclude unfair
}
rule none "No subgroup is worse" {
  when all s in subgroup where not disadvantaged(s)
  then conclude fair
}
rule many "Two are worse" {
  when (count s in subgroup where disadvantaged(s)) >= 2
  then conclude very_unfair
}
rule worst "The worst is bad" {
  when (min s in subgroup of auroc[s]) < 0.6
  then conclude bad
}
"#;

#[test]
fn a_rule_has_one_instance_for_each_member() {
    let members = [("subgroup", "sex=F"), ("subgroup", "sex=M")];
    let assessed = Case::with_members(SUBGROUPS, &members)
        .number("overall", 0.8)
        .number("auroc[sex=F]", 0.61)
        .number("auroc[sex=M]", 0.82)
        .assess();
    let gap = assessed.rule("gap");
    let outcomes: Vec<_> = assessed.inference().instances_of(gap).map(|(_, instance)| instance.outcome).collect();
    assert_eq!(outcomes, [Outcome::TRUE, Outcome::FALSE]);
    check_states(&assessed, &[("some", Fired), ("none", NotFired), ("many", NotFired), ("worst", NotFired)]);
    let derivations = assessed.inference().findings().iter().find(|(finding, _)| finding.arguments.len() == 1);
    assert_eq!(derivations.unwrap().1.derivations.len(), 1);
}

#[test]
fn a_member_without_a_value_leaves_open_what_depends_on_it() {
    let members = [("subgroup", "sex=F"), ("subgroup", "sex=M")];
    let case = || Case::with_members(SUBGROUPS, &members).number("overall", 0.8);
    let assessed = case().number("auroc[sex=M]", 0.82).assess();
    check_states(&assessed, &[("some", Undecided), ("none", Undecided), ("many", NotFired), ("worst", Undecided)]);
    // One member is enough to decide `any` and the least of all.
    let assessed = case().number("auroc[sex=F]", 0.5).assess();
    check_states(&assessed, &[("some", Fired), ("none", NotFired), ("many", Undecided), ("worst", Fired)]);
}

#[test]
fn a_set_without_members_is_open() {
    let assessed = Case::new(SUBGROUPS).number("overall", 0.8).assess();
    let gap = assessed.instance("gap");
    assert_eq!(gap.binding, [Element::Anonymous]);
    assert_eq!(gap.outcome, Outcome::UNKNOWN);
    check_states(&assessed, &[("some", Undecided), ("none", Undecided), ("many", Undecided), ("worst", Undecided)]);
    // Nothing can be 0.05 below 0.04: no member, known or not, can be worse.
    let assessed = Case::new(SUBGROUPS).number("overall", 0.04).assess();
    check_states(&assessed, &[("gap", NotFired), ("some", NotFired), ("none", Fired), ("many", NotFired)]);
}

#[test]
fn a_rule_about_a_member_that_nobody_knows_is_at_most_possible() {
    let pack = r#"
        index site "Site"
        rule each "For each site" { for each s in site then conclude seen(s) }
    "#;
    assert_eq!(Case::new(pack).assess().instance("each").outcome, Outcome::UNKNOWN);
    assert_eq!(Case::with_members(pack, &[("site", "north")]).assess().instance("each").outcome, Outcome::TRUE);
}

#[test]
fn noise_needs_a_floor_to_be_exceeded() {
    let pack = r#"
        metric ece "Calibration error" : ratio
        rule real "More than noise" { when ece exceeds noise then conclude noisy }
    "#;
    assert_eq!(Case::new(pack).floored("ece", 0.2, 0.1).assess().state("real"), Fired);
    assert_eq!(Case::new(pack).floored("ece", 0.1, 0.1).assess().state("real"), NotFired);
    let assessed = Case::new(pack).number("ece", 0.9).assess();
    assert_eq!(assessed.state("real"), Undecided);
    let premise = assessed.instance("real").premise.as_ref().unwrap();
    assert_eq!(premise.readings()[0].gap, Some(Gap::NoFloor));
}

#[test]
fn what_is_known_is_never_unknown() {
    let pack = r#"
        input owner "Who owns it" : text
        rule nobody "No owner" { when unknown(owner) then conclude ownerless }
    "#;
    assert_eq!(Case::new(pack).assess().instance("nobody").outcome, Outcome::TRUE);
    let named = Fact::supposed(Value::Text("ward".into()));
    assert_eq!(Case::new(pack).fact("owner", named).assess().instance("nobody").outcome, Outcome::FALSE);
}

#[test]
fn a_division_by_zero_is_unknown() {
    let pack = r#"
        metric a "A" : number
        metric b "B" : number
        rule more "More" { when a / b > 2 then conclude larger }
    "#;
    assert_eq!(Case::new(pack).number("a", 1.0).number("b", 0.0).assess().state("more"), Undecided);
}

#[test]
fn the_margin_is_that_of_the_premise_that_has_to_change() {
    let pack = r#"
        metric a "A" : ratio
        metric b "B" : ratio
        rule either "Either" { when a > 50% or b > 50% then conclude found }
        rule both "Both" { when a > 50% and b > 50% then conclude found }
    "#;
    let assessed = Case::new(pack).number("a", 0.4).number("b", 0.1).assess();
    let margin = |rule: &str| assessed.instance(rule).premise.as_ref().unwrap().margin().unwrap();
    assert_eq!(margin("either").actual, 0.4);
    assert_eq!(margin("both").actual, 0.1);
}

#[test]
fn a_forged_record_is_found_out() {
    let assessed = Case::new(CALIBRATION).number("ece", 0.2).number("events", 100.0).assess();
    let mut instance = assessed.instance("poor").clone();
    let check = |instance: &_| verify_instance(&assessed.knowledge, &assessed.facts, assessed.inference(), instance);
    assert!(check(&instance).is_ok());
    let PremiseKind::And(parts) = &mut instance.premise.as_mut().unwrap().kind else { panic!() };
    let PremiseKind::Compare { left, .. } = &mut parts[0].kind else { panic!() };
    left.figure = Figure::exact(0.3);
    assert_eq!(check(&instance).unwrap_err().what, "a figure");
}

#[test]
fn the_facts_under_a_conclusion_are_found_through_findings() {
    let pack = r#"
        metric a "A" : ratio
        metric b "B" : ratio
        rule first "First" { when a > 50% then conclude high_a }
        rule second "Second" { when high_a and b > 50% then conclude both }
    "#;
    let assessed = Case::new(pack).number("a", 0.9).number("b", 0.9).assess();
    let (id, _) = assessed.inference().instances_of(assessed.rule("second")).next().unwrap();
    assert_eq!(assessed.inference().support(id).len(), 2);
}

#[test]
fn sets_too_large_for_a_rule_are_refused() {
    let pack = r#"
        index site "Site"
        rule wide "Wide" { for each a in site, b in site, c in site, d in site then conclude all }
    "#;
    let names: Vec<String> = (0..40).map(|number| format!("site {number}")).collect();
    let members: Vec<_> = names.iter().map(|name| ("site", name.as_str())).collect();
    let case = Case::with_members(pack, &members);
    let InferenceError::TooManyInstances { name, steps, .. } = infer(&case.knowledge, &case.facts).unwrap_err() else {
        panic!("the rule joins nothing")
    };
    assert_eq!((name.as_str(), steps), ("wide", 40_u64.pow(4)));
}
