//! Packs on packs: what an import brings, what an override changes, and what is refused.

use crate::language::{Outcome, packs_in, placeless, read_packs};
use crate::program::{Folder, etio, run, run_with};
use etiology::diagnostic::Code;
use etiology::model::{ConditionKind, KnowledgeBase, NodeKind, PriorityLevel};
use proptest::prelude::*;
use serde_json::Value as Json;

const HOSPITAL: &str = "// hospital/pack.etio\npack hospital \"H\" { version 1.0.0 language 1 }\n";

const BASE: &str = r#"// base/pack.etio
pack base "B" { version 1.2.0 language 1 }
category technical "Technical"
mode wrong "Wrong" { category technical dimension model severity 6 detectability 7 base_rate 5% causes late strength 0.5 }
mode late "Late" { category technical dimension model severity 3 detectability 2 }
factor old "Old" { causes wrong strength 0.4 causes late strength 0.2 base_rate 10% }
mitigation renew "Renew" { addresses old effect 80% effort low needs "money" }
mitigation watch "Watch" { addresses wrong effect 10% effort high }
metric error "Error" : ratio, lower is better = ece(bins 15)
input size "Size" : count
question watched "Is it watched?" : yes_no { ask it phase before_go_live }
rule high "High" {
  when error > 10% // more than that nobody accepts
   and size >= 5
  then suspect wrong likelihood 0.7 conclude much because "It is." basis judgement }
rule poor "Poor" { when much and watched = no then raise severity of wrong by 1 because "It is." basis judgement }
rule idle "Idle" { when watched = no or size = 0 then flag info "Look." because "It is." basis judgement }
band small "Small" { from 0 }
band large "Large" { from 40 }
priority high "Now" { row severity 9..10 likelihood 10%..100% detectability 1..10 row severity 7..8 likelihood 50%..100% detectability 1..10 }
verdict stop "Stop" { precedence 2 when any m in mode where risk(m) >= 50 }
verdict go "Go" { precedence 1 }
"#;

/// Reads a hospital's pack that imports the base.
fn with_base(declarations: &str) -> Outcome {
    read(&format!("{HOSPITAL}import base ^1.0\n{declarations}{BASE}"))
}

fn read(text: &str) -> Outcome {
    read_packs(&packs_in(text))
}

/// Returns a text without its line breaks and the frames of diagnostics.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn sound(outcome: Outcome) -> KnowledgeBase {
    assert!(outcome.diagnostics.is_empty(), "{}", outcome.shown());
    outcome.base.unwrap()
}

#[test]
fn a_clause_replaces_its_kind_and_the_rest_stays() {
    let outcome = with_base(
        "override rule high because \"Eight.\" { when error > 8% }\n\
         override mode wrong because \"Worse here.\" { severity 8 causes late strength 0.9 }\n\
         override factor old because \"New.\" { causes wrong strength 0 }\n\
         override mitigation renew \"Replace\" because \"We do.\" { addresses wrong effect 20% }\n",
    );
    let base = sound(outcome);
    assert_eq!(base.pack.id, "hospital");
    let rule = base.rules.named("high").unwrap();
    assert!(
        matches!(rule.body.condition.as_ref().unwrap().kind, ConditionKind::Compare { .. }),
        "one comparison is left"
    );
    assert_eq!((rule.actions.len(), rule.about.because.as_ref().unwrap().value.as_str()), (2, "It is."));
    let wrong = base.nodes.named("wrong").unwrap();
    assert!(matches!(wrong.kind, NodeKind::Mode { severity: 8.0, detectability: 7.0, .. }));
    assert_eq!((wrong.base_rate, wrong.causes.len(), wrong.causes[0].strength), (0.05, 1, 0.9));
    let strengths: Vec<f64> = base.nodes.named("old").unwrap().causes.iter().map(|cause| cause.strength).collect();
    assert_eq!(strengths, [0.2, 0.0], "late stays, wrong is changed");
    let renew = base.mitigations.named("renew").unwrap();
    assert_eq!((renew.title.as_str(), renew.addresses.len(), renew.needs.as_deref()), ("Replace", 2, Some("money")));
    let listed: Vec<(&str, &str)> =
        base.overrides.iter().map(|changed| (changed.kind, changed.name.as_str())).collect();
    assert_eq!(listed, [("rule", "high"), ("mode", "wrong"), ("factor", "old"), ("mitigation", "renew")]);
    let change = &base.overrides[0].changes[0];
    assert_eq!(change.before.as_deref(), Some("when error > 10% and size >= 5"));
    assert_eq!((change.clause.as_str(), change.after.as_str()), ("when", "when error > 8%"));
}

#[test]
fn metrics_questions_bands_priorities_and_verdicts_are_overridden_too() {
    let base = sound(with_base(
        "override metric error, higher is better = ece(bins 20) because \"b\" { because \"Twenty.\" }\n\
         override question watched \"Who watches?\" because \"b\" { ask nurse }\n\
         override band large because \"b\" { from 30 }\n\
         override priority high because \"b\" { row severity 5..10 likelihood 0%..100% detectability 1..10 }\n\
         override verdict stop because \"b\" { precedence 9 }\n",
    ));
    let error = base.inputs.named("error").unwrap();
    assert!(format!("{:?}", error.kind).contains("20.0") && format!("{:?}", error.direction).contains("Higher"));
    assert_eq!(base.inputs.named("watched").unwrap().title, "Who watches?");
    assert_eq!(base.bands[1].from, 30.0);
    let rows: Vec<(PriorityLevel, f64)> = base.priorities.iter().map(|row| (row.level, row.severity.0)).collect();
    assert_eq!(rows, [(PriorityLevel::High, 5.0)], "both rows are replaced by the one");
    let stop = base.verdicts.named("stop").unwrap();
    assert_eq!((stop.precedence, stop.body.condition.is_some()), (9, true));
}

#[test]
fn what_is_disabled_is_gone() {
    let base = sound(with_base(
        "override rule idle because \"b\" { disabled }\n\
         override mitigation watch because \"b\" { disabled }\n\
         override band large because \"b\" { disabled }\n\
         override priority high because \"b\" { disabled }\n\
         override verdict go because \"b\" { disabled }\n",
    ));
    assert!(base.rules.find("idle").is_none() && base.mitigations.find("watch").is_none());
    assert!(base.bands.len() == 1 && base.priorities.is_empty() && base.verdicts.find("go").is_none());
    assert!(base.overrides.iter().all(|changed| changed.disabled && changed.changes.is_empty()));
}

#[test]
fn refusals() {
    for (declarations, code, said) in [
        ("override rule high { when error > 8% }", Code::M134, "says why"),
        ("override rule high because \" \" { when error > 8% }", Code::M134, "says why"),
        ("override rule hihg because \"b\" { when error > 8% }", Code::M135, "did you mean `high`?"),
        ("override mode high because \"b\" { severity 3 }", Code::M135, "`high` is a rule, not a mode"),
        ("override high because \"b\" { when error > 8% }", Code::M135, "write what it is before its name"),
        ("override category technical because \"b\" { disabled }", Code::M135, "nothing that can be overridden"),
        (
            "override rule own because \"b\" { disabled }\nrule own \"O\" { then flag info \"x\" because \"b\" basis judgement }",
            Code::M135,
            "this pack's own",
        ),
        ("override rule high because \"b\" { severity 3 }", Code::M113, "belongs in a mode"),
        ("override rule high because \"b\" { when error > 3 months }", Code::M200, "cannot be compared"),
        ("override rule high because \"b\" { when error > 1% when error > 2% }", Code::M115, "written twice"),
        ("override rule high because \"b\" { disabled when error > 1% }", Code::M137, "cannot be changed as well"),
        ("override rule high because \"b\"", Code::M137, "changes nothing"),
        ("override input size : ratio because \"b\" { }", Code::M137, "cannot change a type"),
        ("override metric error[site] because \"b\" { because \"b\" }", Code::M137, "leave the brackets out"),
        ("override metric error = auroc() because \"b\" { }", Code::M137, "the definition of a metric"),
        ("override mode wrong because \"b\" { disabled }", Code::M138, "used here"),
        ("override rule high because \"b\" { disabled }", Code::M138, "`much` comes from it and is read here"),
        ("override input size because \"b\" { disabled }", Code::M138, "used here"),
        ("rule idle \"I\" { then flag info \"x\" because \"b\" basis judgement }", Code::M102, "override rule idle"),
        ("import base ^1.1", Code::M102, "imported twice"),
        ("import bse ^1.1", Code::M131, "did you mean `base`?"),
        ("import elsewhere ^1.1", Code::M131, "looked for a folder of that name"),
        ("import hospital ^1.0", Code::M133, "`hospital` imports `hospital`"),
        (
            "rule out \"O\" { then flag info \"x\" because \"b\" basis judgement disabled }",
            Code::M113,
            "belongs in an override",
        ),
        ("import base latest", Code::S007, "a version requirement such as `^1.0`"),
        ("import ../base ^1.0", Code::S007, "expected a name"),
        ("import \"base\" ^1.0", Code::S007, "expected a name"),
    ] {
        let outcome = with_base(&format!("{declarations}\n"));
        assert!(outcome.base.is_none(), "{declarations}");
        assert_eq!(outcome.codes(), [code], "{declarations}\n{}", outcome.shown());
        assert!(in_one_line(&outcome.shown()).contains(said), "{declarations}\n{}", outcome.shown());
    }
}

/// A region between base and hospital, and a second one beside it.
fn region(name: &str, overrides: &str) -> String {
    format!("// {name}/pack.etio\npack {name} \"R\" {{ version 3.0.0 language 1 }}\nimport base >=1, <2\n{overrides}\n")
}

#[test]
fn the_pack_that_imports_the_other_has_the_last_word() {
    let lower = region("region", "override rule high because \"Region.\" { when error > 9% suspicious }")
        .replace(" suspicious", "");
    let text = format!(
        "{HOSPITAL}import base ^1.0\nimport region ^3\noverride rule high because \"Hospital.\" {{ when error > 7% }}\n{lower}{BASE}"
    );
    let base = sound(read(&text));
    assert_eq!(base.rules.len(), 3, "a diamond brings one copy");
    let told: Vec<(&str, Option<&str>, &str)> = base
        .overrides
        .iter()
        .map(|changed| (changed.by.as_str(), changed.changes[0].before.as_deref(), changed.changes[0].after.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("region", Some("when error > 10% and size >= 5"), "when error > 9%"),
            ("hospital", Some("when error > 9%"), "when error > 7%"),
        ]
    );
    let imports: Vec<(&str, &str, &str)> = base
        .imports
        .iter()
        .map(|import| (import.by.as_str(), import.id.as_str(), import.requirement.as_str()))
        .collect();
    assert_eq!(imports, [("hospital", "base", "^1.0"), ("hospital", "region", "^3"), ("region", "base", ">=1, <2")]);
}

#[test]
fn packs_of_one_rank_cannot_both_override() {
    let one = region("one", "override rule high because \"One.\" { when error > 9% }");
    let two = region("two", "override rule high because \"Two.\" { when error > 7% }");
    let outcome = read(&format!("{HOSPITAL}import one ^3\nimport two ^3\n{one}{two}{BASE}"));
    assert_eq!(outcome.codes(), [Code::M136], "{}", outcome.shown());
    assert!(outcome.shown().contains("neither pack imports the other"));
    let off = region("one", "override rule idle because \"One.\" { disabled }");
    let on = "override rule idle because \"Here it is needed.\" { because \"So.\" }\n";
    let outcome = read(&format!("{HOSPITAL}import one ^3\nimport base ^1\n{on}{off}{BASE}"));
    assert_eq!(outcome.codes(), [Code::M136], "{}", outcome.shown());
    // What is not imported, though it is there, cannot be overridden.
    let aside = region("one", "").replace("import base >=1, <2", "");
    let outcome = read(&format!(
        "{HOSPITAL}import one ^3\nimport two ^3\n{aside}override rule high because \"b\" {{ disabled }}\n{two}{BASE}"
    ));
    assert_eq!(outcome.codes(), [Code::M135], "{}", outcome.shown());
    assert!(outcome.shown().contains("write `import base …`"));
}

#[test]
fn versions_that_cannot_be_had_are_told_with_who_wants_what() {
    let outcome = read(&format!("{HOSPITAL}import base ^2\n{BASE}"));
    assert_eq!(outcome.codes(), [Code::M132]);
    assert!(outcome.shown().contains("`base` is at version 1.2.0, which `^2` does not allow"), "{}", outcome.shown());
    let outcome = read(&format!("{HOSPITAL}import base =2.0.0\nimport region ^3\n{}{BASE}", region("region", "")));
    assert_eq!(outcome.codes(), [Code::M132]);
    for said in ["`hospital` wants =2.0.0", "`region` wants >=1, <2", "version 1.2.0 was found here"] {
        assert!(outcome.shown().contains(said), "{}", outcome.shown());
    }
}

#[test]
fn a_circle_of_imports_has_a_label_at_each_edge() {
    let ring = |name: &str, next: &str| {
        format!("// {name}/pack.etio\npack {name} \"N\" {{ version 1.0.0 language 1 }}\nimport {next} ^1\n")
    };
    let outcome = read(&format!("{}{}{}", ring("a", "b"), ring("b", "c"), ring("c", "a")));
    assert_eq!(outcome.codes(), [Code::M133]);
    let circle = &outcome.diagnostics.iter().next().unwrap().labels;
    let told: Vec<&str> = circle.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(told, ["`a` imports `b`", "`b` imports `c`", "`c` imports `a`"]);
}

#[test]
fn a_broken_import_hides_nothing_but_what_depends_on_it() {
    let outcome = with_base("import base\nrule high2 \"H\" { when error > 8% then suspect nobody likelihood 0.1 }\n");
    assert_eq!(outcome.codes(), [Code::S007], "no name is called unknown: {}", outcome.shown());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_packs_and_declarations_cannot_be_seen(
        declarations in Just(vec![
            "import base ^1.0",
            "import one ^3",
            "import two ^3",
            "override rule high because \"b\" { when error > 7% }",
            "override mode late because \"b\" { severity 4 base_rate 2% }",
            "input extra \"E\" : yes_no",
            "rule extra \"E\" { when extra = yes then suspect late likelihood 0.3 because \"b\" basis judgement }",
        ]).prop_shuffle(),
        swapped in any::<bool>(),
    ) {
        let one = region("one", "override rule high because \"One.\" { when error > 9% }");
        let two = region("two", "override factor old because \"Two.\" { base_rate 3% }");
        let others = if swapped { format!("{one}{two}{BASE}") } else { format!("{BASE}{two}{one}") };
        let shuffled = sound(read(&format!("{HOSPITAL}{}\n{others}", declarations.join("\n"))));
        let mut sorted = declarations.clone();
        sorted.sort_unstable();
        let straight = sound(read(&format!("{HOSPITAL}{}\n{BASE}{one}{two}", sorted.join("\n"))));
        prop_assert_eq!(placeless(&shuffled), placeless(&straight));
    }
}

const OWN: &str = "pack own \"Own\" { version 1.0.0 language 1 }\nimport shared ^1.0\n";
const SHARED: &str = "pack shared \"Shared\" { version 1.4.0 language 1 }\ncategory some \"Some\"\n";

/// Folders: `near/own` beside `near/shared` or not, `far/shared`.
fn shelves(near: bool) -> Folder {
    let folder = Folder::with(&[("near/own/pack.etio", OWN.as_bytes()), ("far/shared/pack.etio", SHARED.as_bytes())]);
    if near {
        folder.write("near/shared/deep/pack.etio", SHARED.replace("1.4.0", "1.9.0").as_bytes());
    }
    folder
}

#[test]
fn imports_are_found_beside_the_pack_and_in_named_folders_and_nowhere_else() {
    let found = shelves(true).run(&["check", "near/own", "--packs", "far"]);
    assert!(found.stdout.contains("shared 1.9.0"), "beside comes first: {}{}", found.stdout, found.stderr);
    let found = shelves(false).run(&["check", "near/own", "--packs", "nowhere", "--packs", "far"]);
    assert!(found.stdout.contains("shared 1.4.0"), "{}{}", found.stdout, found.stderr);
    let found = shelves(false).run(&["check", "near/own"]);
    assert_eq!(found.status, 1);
    assert!(found.stderr.contains("M131") && found.stderr.contains("`near`"), "{}", found.stderr);
    // One file is a pack, too, and a folder of that name without a pack is passed over.
    let single = shelves(false);
    single.write("near/own.etio", OWN.as_bytes());
    single.write("near/shared/notes.txt", b"nothing");
    let found = single.run(&["check", "near/own.etio", "--packs", "far"]);
    assert!(found.stdout.contains("shared 1.4.0"), "{}{}", found.stdout, found.stderr);
    // The folder must hold the pack whose name it has.
    let other = shelves(false);
    other.write("near/shared/pack.etio", SHARED.replace("pack shared", "pack common").as_bytes());
    let found = other.run(&["check", "near/own"]);
    assert!(found.stderr.contains("M131") && found.stderr.contains("`common`"), "{}", found.stderr);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = shelves(false);
    std::os::unix::fs::symlink(folder.path().join("far/shared"), folder.path().join("near/shared")).unwrap();
    let found = folder.run(&["check", "near/own"]);
    assert!(found.stderr.contains("M131"), "{}{}", found.stdout, found.stderr);
    let linked = Folder::with(&[("near/own/pack.etio", OWN.as_bytes()), ("secret.etio", SHARED.as_bytes())]);
    linked.write("near/shared/note.etio", b"// nothing\n");
    std::os::unix::fs::symlink(linked.path().join("secret.etio"), linked.path().join("near/shared/pack.etio")).unwrap();
    let found = linked.run(&["check", "near/own"]);
    assert!(found.stderr.contains("M100"), "the linked file is no part of the pack: {}", found.stderr);
}

#[test]
fn the_digest_covers_imports_and_not_the_place() {
    let digest = |folder: &Folder, pack: &str| -> Json {
        folder.write("case/deployment.yaml", b"deployment: {id: here}\n");
        let found = folder.run(&["assess", "case", "--pack", pack, "--format", "json", "--packs", "far"]);
        serde_json::from_str::<Json>(&found.stdout).unwrap_or_else(|_| panic!("{}", found.stderr))["pack"].clone()
    };
    let folder = shelves(false);
    let first = digest(&folder, "near/own");
    folder.write("elsewhere/own/pack.etio", OWN.as_bytes());
    assert_eq!(first, digest(&folder, "elsewhere/own"));
    assert_eq!(first, digest(&folder, &folder.path().join("near/own").display().to_string()));
    assert_eq!(first["imports"][0]["requirement"], "^1.0");
    folder.write("far/shared/pack.etio", SHARED.replace("\"Some\"", "\"Any\"").as_bytes());
    let second = digest(&folder, "near/own");
    assert_ne!(first["digest"], second["digest"]);
    assert_ne!(first["imports"][0]["digest"], second["imports"][0]["digest"]);
}

#[test]
fn every_report_shows_overrides() {
    let pack = ["--pack", "examples/packs/st_anna", "examples/breast-cytology-drift"];
    let json = run(&[&["assess", "--format", "json"], &pack[..]].concat());
    let json: Json = serde_json::from_str(&json.stdout).unwrap();
    let overrides = json["overrides"].as_array().unwrap();
    assert_eq!(overrides.len(), 2);
    assert_eq!(overrides[0]["name"], "calibration.ece_high");
    let reason = overrides[0]["because"].as_str().unwrap();
    let text = in_one_line(&run(&[&["assess"], &pack[..]].concat()).stdout);
    assert!(text.contains(reason), "{text}");
    for question in
        [&["why-not", "calibration.ece_high"][..], &["why", "--all", "miscalibration"], &["chain", "miscalibration"]]
    {
        let told = run(&[question, &pack[..]].concat());
        let told = in_one_line(&told.stdout);
        let rests_on_it = question[0] != "chain" && told.contains("calibration.ece_high");
        assert_eq!(
            told.contains("override: changed by st_anna"),
            rests_on_it || question[0] == "why-not",
            "{question:?}: {told}"
        );
    }
}

#[test]
fn what_is_switched_off_is_told_as_such() {
    let folder = Folder::with(&[
        ("case/deployment.yaml", b"deployment: {id: here}\npack: ../own\n"),
        (
            "own/pack.etio",
            b"pack own \"Own\" { version 1.0.0 language 1 }\nimport healthcare ^1.0\n\
            override rule alerts.mostly_true because \"Here it is not enough.\" { disabled }\n",
        ),
    ]);
    let found = folder.run(&["why-not", "alerts.mostly_true", "case"]);
    let said = in_one_line(&found.stderr);
    assert!(
        said.contains("`alerts.mostly_true` of `healthcare` is switched off by `own`: Here it is not enough"),
        "{said}"
    );
    // At the prompt a rule joins the pack that was asked for; the others stay as they are.
    let script = "rule own.rule \"Own\" { when alerts.per_day > 3 alerts_per_day then flag info \"x\" because \"b\" basis judgement }\nwhy-not own.rule\n";
    let mut command = etio(&["repl", "case"]);
    command.current_dir(folder.path());
    let prompt = run_with(command, script.as_bytes());
    assert!(prompt.stderr.is_empty() && prompt.stdout.contains("own.rule"), "{}{}", prompt.stdout, prompt.stderr);
}

#[test]
fn tests_of_the_importing_pack_are_run_and_no_others() {
    let found = run(&["test", "examples/packs/st_anna"]);
    assert_eq!((found.stdout.as_str(), found.status), ("4 passed, 0 failed\n", 0));
}

/// Every block of the page is a whole program: a pack on the built-in one, or several packs.
#[test]
fn the_page_on_packs_shows_what_works() {
    let page = include_str!("../../docs/packs.md");
    let blocks: Vec<&str> = page.split("```etio\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    assert!(blocks.len() >= 4);
    for block in blocks {
        let folder = Folder::with(&[]);
        let packs = packs_in(block);
        let asked = packs.first().unwrap_or_else(|| panic!("no file is named: {block}")).0.clone();
        for (path, text) in packs {
            folder.write(&path, text.as_bytes());
        }
        let asked = asked.split('/').next().unwrap();
        let found = folder.run(&["check", asked]);
        assert!(
            in_one_line(&found.stdout).contains("0 errors, 0 warnings"),
            "{block}\n{}{}",
            found.stdout,
            found.stderr
        );
        assert_eq!(folder.run(&["test", asked]).status, 0, "{block}");
    }
}

/// The engine knows of risks and evidence, and of hospitals only what a pack tells it.
#[test]
fn a_pack_of_another_field_hears_nothing_of_healthcare() {
    let pack = "examples/packs/classroom";
    let checked = run(&["check", pack]);
    assert!(in_one_line(&checked.stdout).contains("0 errors, 0 warnings"), "{}", checked.stdout);
    let tested = run(&["test", pack]);
    assert!(tested.stdout.contains("26 passed, 0 failed"), "{}", tested.stdout);
    let school = "examples/classroom-dropout";
    let questions: [&[&str]; 8] = [
        &["assess", school],
        &["metrics", school],
        &["risks", school],
        &["recommend", school],
        &["facts", school],
        &["why", "self_fulfilling_label", school],
        &["why", "verdict", school],
        &["chain", "unequal_misses", school],
    ];
    for question in questions {
        let told = run(question);
        assert!(told.stdout.len() > 200, "{question:?}: {} {}", told.stdout, told.stderr);
        let words = told.stdout.to_lowercase();
        for foreign in ["patient", "clinic", "hospital", "nurse", "disease", "documented failures"] {
            assert!(!words.contains(foreign), "{question:?} speaks of {foreign}: {}", told.stdout);
        }
    }
    let refused = run(&["clusters", school]);
    assert!(refused.stderr.contains("cannot be compared with the cases"), "{}", refused.stderr);
}
