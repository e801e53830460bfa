//! A pack becomes a knowledge base, whatever the order it is written in.

use crate::language::{HEAD, placeless, read, read_one};
use etiology::diagnostic::Code;
use etiology::model::{ActionKind, ConditionKind, Expression, ExpressionKind, KnowledgeBase, Phase, Type, Value};
use proptest::prelude::*;

/// A pack with a little of everything.
const TAXONOMY: &str = r#"
source wong "W" { year 2021 item "F1" item "F2" }
category technical "Technical"
mode miscalibration "M" { category technical dimension model severity 6 detectability 7 base_rate 5% }
mode fatigue "F" { category technical dimension deployment severity 4 detectability 3 }
factor stale "S" { causes miscalibration strength 0.5 causes fatigue strength 0.2 base_rate 10% }
mitigation recalibrate "R" { addresses stale effect 80% addresses stale -> miscalibration effect 50% effort low }
index attribute "A"
index subgroup "G" within attribute
metric ece "E" : ratio, lower is better = ece(bins 15, binning equal_mass)
metric slope "S" : number
metric auroc[subgroup] "A" : ratio, higher is better = auroc()
metric events "N" : count
input alerts "Alerts" : number of alerts_per_day, lower is better
input age "Age" : duration
input mode_of_use "Use" : one of advisory, gatekeeping, autonomous
input sites "Sites" : many of emergency, icu
input released "Released" : date
question trust "Trust?" : likert { ask clinician phase pilot }
question watched "Watched?" : yes_no { ask it phase pilot }
"#;

fn pack(rest: &str) -> String {
    format!("{HEAD}{TAXONOMY}\n{rest}")
}

#[track_caller]
fn check_condition(condition: &str, expected: &[Code]) {
    let text = pack(&format!("verdict v \"V\" {{ when {condition} }}"));
    let outcome = read_one(&text);
    let codes: Vec<Code> = outcome.codes().into_iter().filter(|code| *code != Code::M122).collect();
    assert_eq!(codes, expected, "{condition}\n{}", outcome.shown());
}

#[track_caller]
fn sound(text: &str) -> KnowledgeBase {
    let outcome = read_one(text);
    outcome.base.unwrap_or_else(|| panic!("not sound"))
}

#[test]
fn like_is_compared_with_like() {
    for condition in [
        "ece > 10%",
        "ece > 0.1",
        "slope < 0.8",
        "slope > -0.5",
        "events >= 100",
        "alerts > 6 alerts_per_day",
        "alerts > 6",
        "age > 3 months",
        "age between 10 days and 2 years",
        "mode_of_use = autonomous",
        "autonomous = mode_of_use",
        "mode_of_use in advisory, autonomous",
        "sites includes icu",
        "released < 2024-05-31",
        "released - 2024-05-31 > 10 days",
        "trust >= 4",
        "watched = yes",
        "watched != no",
        "known(ece) and unknown(events)",
        "ece exceeds noise",
        "any s in subgroup where auroc[s] < ece - 0.05",
        "abs(ece - 0.2) > 0.1",
        "max s in subgroup of auroc[s] > 0.5",
        "count s in subgroup where auroc[s] < 70% >= 2",
        "mean s in subgroup where known(auroc[s]) of auroc[s] < 70%",
        "ece / 2 > 0.1",
        "events * 2 > 10.5",
        "auroc[\"sex=F\"] < 70%",
        "risk(miscalibration) > 40",
        "likelihood(stale) > 10%",
        "any m in mode where risk(m) >= 50",
        "any f in factor where likelihood(f) >= 50%",
        "severity(miscalibration) > 5",
        "evidence_missing",
        "(ece > 10% or slope < 1) and not (watched = no)",
    ] {
        check_condition(condition, &[]);
    }
}

#[test]
fn unlike_is_not_compared() {
    for (condition, code) in [
        ("events > 10%", Code::M200),
        ("age > 10%", Code::M200),
        ("age > 3", Code::M200),
        ("ece > 3 months", Code::M200),
        ("alerts > 6 patients", Code::M200),
        ("slope > 10%", Code::M200),
        ("ece > slope", Code::M200),
        ("risk(miscalibration) > 40%", Code::M200),
        ("watched > no", Code::M200),
        ("mode_of_use = \"autonomous\"", Code::M200),
        ("sites = icu", Code::M103),
        ("mode_of_use in advisory, wild", Code::M106),
        ("watched = maybe", Code::M106),
        ("ece > 85", Code::M201),
        ("ece > 120%", Code::M201),
        ("trust > 7", Code::M202),
        ("events > -1", Code::M202),
        ("events > 2.5", Code::M209),
        ("watched", Code::M203),
        ("ece", Code::M203),
        ("10%", Code::M203),
        ("not ece", Code::M203),
        ("(ece > 1%) > 2", Code::M204),
        ("abs(watched) > 1", Code::M205),
        ("known(3)", Code::M205),
        ("watched exceeds noise", Code::M208),
        ("auroc > 1%", Code::M112),
        ("auroc[s] > 1%", Code::M109),
        ("ece[s] > 1%", Code::M112),
        ("any m in mode where auroc[m] > 1%", Code::M112),
        ("any s in subgroups where auroc[s] > 1%", Code::M103),
        ("any s in subgroup where any s in subgroup where auroc[s] > 1%", Code::M111),
        ("risk(stale) > 1", Code::M305),
        ("nothing", Code::M108),
        ("nothing > 1", Code::M103),
        ("recalibrate > 1", Code::M104),
        ("ece between 20% and 10%", Code::M306),
        ("ramp(ece, 10% -> 0.5) > 0.1", Code::M206),
    ] {
        check_condition(condition, &[code]);
    }
}

#[test]
fn literals_take_the_type_of_the_other_side() {
    let base = sound(&pack("verdict v \"V\" { when age > 2 months and ece < 0.25 and mode_of_use = gatekeeping }"));
    let body = &base.verdicts.named("v").unwrap().body;
    let Some(ConditionKind::And(parts)) = body.condition.as_ref().map(|condition| &condition.kind) else { panic!() };
    let right = |position: usize| -> &Expression {
        let ConditionKind::Compare { right, .. } = &parts[position].kind else { panic!() };
        right
    };
    assert!(matches!(&right(0).kind, ExpressionKind::Literal(Value::Number(days)) if (days - 60.875).abs() < 1e-12));
    assert_eq!(right(0).value_type, Type::Duration);
    assert_eq!(right(1).value_type, Type::Ratio);
    assert!(matches!(right(2).kind, ExpressionKind::Literal(Value::Option(1))));
}

const RULES: &str = r#"
rule a.low "A" { for each s in subgroup when auroc[s] < 70% then conclude low(s) because "." basis judgement }
rule b.many "B" { when count s in subgroup where low(s) >= 2 then conclude uneven because "." basis judgement }
rule c.fine "C" { when not uneven then exonerate miscalibration by 0.5 because "." basis judgement }
rule d.advice "D" { when risk(miscalibration) > 20 then recommend recalibrate because "." basis judgement }
rule e.late "E" { when uneven then flag advise "x" because "." basis judgement }
"#;

#[test]
fn rules_get_their_phase_and_stratum() {
    let base = sound(&pack(RULES));
    let of = |name: &str| base.rules.named(name).map(|rule| (rule.phase, rule.stratum)).unwrap();
    assert_eq!(of("a.low"), (Phase::Evidence, 0));
    assert_eq!(of("b.many"), (Phase::Evidence, 1));
    assert_eq!(of("c.fine"), (Phase::Evidence, 2));
    assert_eq!(of("d.advice"), (Phase::Advice, 0));
    assert_eq!(of("e.late"), (Phase::Advice, 0));
}

#[test]
fn a_finding_knows_its_sets_and_its_rules() {
    let base = sound(&pack(RULES));
    let low = base.findings.named("low").unwrap();
    assert_eq!(low.parameters.iter().map(|set| base.index_name(*set)).collect::<Vec<_>>(), ["subgroup"]);
    assert_eq!(low.concluded_by, [base.rules.find("a.low").unwrap()]);
}

#[test]
fn a_contraindication_without_reason_takes_the_rules() {
    let rule =
        "rule a \"A\" { then contraindicate recalibrate recommend recalibrate because \"Not here.\" basis judgement }";
    let base = sound(&pack(rule));
    let actions = &base.rules.named("a").unwrap().actions;
    assert!(matches!(&actions[0].kind, ActionKind::Contraindicate { because, .. } if because == "Not here."));
}

#[test]
fn every_edge_of_a_cycle_has_a_label() {
    let rules = r#"
rule a "A" { when not b1 then conclude a1 because "." basis judgement }
rule b "B" { when c1 then conclude b1 because "." basis judgement }
rule c "C" { when a1 then conclude c1 because "." basis judgement }
"#;
    let outcome = read_one(&pack(rules));
    assert_eq!(outcome.codes(), [Code::M210], "{}", outcome.shown());
    assert_eq!(outcome.diagnostics.iter().next().unwrap().labels.len(), 3);
    let causes = "factor f \"F\" { causes g strength 0.1 }\nfactor g \"G\" { causes h strength 0.1 }\nfactor h \"H\" { causes f strength 0.1 }";
    let outcome = read_one(&pack(causes));
    assert_eq!(outcome.codes(), [Code::M300], "{}", outcome.shown());
    assert_eq!(outcome.diagnostics.iter().next().unwrap().labels.len(), 3);
}

#[test]
fn what_cannot_be_read_causes_no_other_errors() {
    let broken = r#"
metric broken "B" : ratio = (
mode unsure "U" { severity high }
rule maker "M" { when ece >> 3 then conclude made }
rule user "U" { when made and broken > 3% then suspect unsure likelihood 0.5 because "." basis judgement }
test "t" { given broken = 3% expect rule maker fired expect finding made }
"#;
    let outcome = read_one(&pack(broken));
    assert_eq!(outcome.codes(), [Code::S007], "{}", outcome.shown());
    assert_eq!(outcome.diagnostics.len(), 3, "{}", outcome.shown());
    assert!(outcome.base.is_none());
}

#[test]
fn many_mistakes_are_reported_in_one_run() {
    let text = pack(
        r#"
rule one "1" { when ece > 85 and events > 10% then suspect miscalibratio likelihood 70 because "." basis judgment }
rule two "2" { when trust > 9 then recommend recalibrat because "." basis judgement }
"#,
    );
    let outcome = read_one(&text);
    assert_eq!(outcome.diagnostics.len(), 7, "{}", outcome.shown());
}

#[test]
fn tests_are_typed_too() {
    let case = |body: &str| pack(&format!("{RULES}\ntest \"t\" {{ {body} }}"));
    let good = r#"
given ece = 0.21 within 0.1..0.3 noise 4% given auroc["sex=F"] = 61% given watched = yes given mode_of_use = advisory
given sites = icu, emergency given released = 2024-01-01 given age = 3 months given slope = -0.5
expect rule a.low fired expect rule c.fine not fired expect rule b.many undecided expect likelihood of stale >= 0.7
expect risk of miscalibration < 20 expect finding low("sex=F") expect no finding uneven expect recommended recalibrate
expect not recommended recalibrate expect contraindicated recalibrate expect flagged "x""#;
    assert_eq!(sound(&case(good)).tests[0].expect.len(), 11);
    for (body, code) in [
        ("given ece = 21 expect no finding uneven", Code::M201),
        ("given ece = yes expect no finding uneven", Code::M200),
        ("given watched = maybe expect no finding uneven", Code::M106),
        ("given auroc = 3% expect no finding uneven", Code::M112),
        ("given trust = 9 expect no finding uneven", Code::M202),
        ("given events = 1.5 expect no finding uneven", Code::M209),
        ("given ece = 1%", Code::M114),
        ("given ece = 1% noise 4 expect no finding uneven", Code::M201),
        ("given trust = 3 noise 2 expect no finding uneven", Code::M208),
        ("expect finding evn", Code::M108),
        ("expect risk of stale > 3", Code::M305),
        ("expect likelihood of stale > 70", Code::M301),
        ("expect rule a.lo fired", Code::M103),
    ] {
        let outcome = read_one(&case(body));
        assert_eq!(outcome.codes(), [code], "{body}\n{}", outcome.shown());
    }
}

/// The declarations of the whole pack, one a line.
fn declarations() -> Vec<String> {
    pack(RULES).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_cannot_be_seen(shuffled in Just(declarations()).prop_shuffle(), cut in 0_usize..20) {
        let expected = placeless(&sound(&pack(RULES)));
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let (first, second) = (first.join("\n"), second.join("\n"));
        let outcome = read(&[("z.etio", &first), ("a.etio", &second)]);
        prop_assert!(outcome.base.is_some(), "{}", outcome.shown());
        prop_assert_eq!(placeless(&outcome.base.unwrap()), expected);
    }

    #[test]
    fn mutated_packs_never_panic(at in 0_usize..6000, length in 0_usize..40, insert in "[a-z(){}\\[\\]\" %.,=<>0-9-]{0,6}") {
        let text = pack(RULES);
        let start = at % text.len();
        let end = (start + length).min(text.len());
        if let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) {
            let _ = read_one(&format!("{before}{insert}{after}"));
        }
    }
}
