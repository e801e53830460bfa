//! The readiness checklist: nothing that satisfies an item is lost, counts add up, and a deployment stands as it is said.

use std::collections::BTreeMap;

use crate::json_contract::Schema;
use crate::program::{Folder, Run, WIDTH, run, snapshot};
use proptest::prelude::*;
use serde_json::Value as Json;

const SCHEMA: &str = include_str!("../../docs/checklist.schema.json");

/// A pack with one item of every coverage, two ways to a mode, and a gate.
const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
source house "The checklist of the house" {
  item "1" "who answers alarms"
  item "2" "who is told"
  item "3" "wording" aside "says how the form is filled in"
  item "4" "the weather"
  item "5" "how alarms are kept few"
  item "6" "what nobody reads"
}
source closed "A standard that is not public" { unread "its items were not read" }
source paper "A paper" { year 2020 }
category clinical "Clinical"
mode fatigue "Alarms that are ignored" { category clinical dimension deployment severity 6 detectability 5 base_rate 5% causes harm strength 0.4 }
mode harm "Patients are harmed" { category clinical dimension deployment severity 9 detectability 5 }
factor volume "Too many alarms" { causes fatigue strength 0.5 }
factor unowned "Nobody answers" { causes volume strength 0.5 }
mitigation fewer "Fewer alarms" { addresses volume effect 50% addresses unowned effect 10% effort low satisfies house "5" }
question alarms.owner "Does each alarm have an owner?" : yes_no { ask clinician phase before_go_live satisfies house "1" }
question alarms.told "Is somebody told?" : yes_no { ask it phase after_go_live satisfies house "2", house "1" }
input alarms.per_day "Alarms a day" : count, lower is better
metric noise "Noise on the ward" : number { satisfies house "6" }
input patients "Patients" : count, higher is better { satisfies house "2" }
rule alarms.unowned "Alarms have no owner" {
  when alarms.owner = no and patients >= 10
  then suspect unowned likelihood 0.5
       conclude nobody_answers
  because "Nobody answers." basis judgement
}
rule alarms.silent "Nobody answers and nobody is told" {
  when nobody_answers and alarms.told = no
  then suspect harm likelihood 0.3
  because "It ends in silence." basis judgement
}
rule alarms.owned "Alarms have an owner" {
  when alarms.owner = yes
  then exonerate unowned by 0.5
  because "Somebody answers." basis judgement
}
rule alarms.few "Few patients" {
  when patients < 10
  then suspect harm likelihood 0.1
  because "Nothing can be told." basis judgement
}
rule alarms.gate "What must be known" {
  then require alarms.per_day
  because "Count them." basis judgement satisfies house "5"
}
stress_test count_alarms "Count the alarms of a week" { probes volume reads alarms.per_day, alarms.owner ask it satisfies house "5" because "Count them." basis judgement }
verdict missing "Insufficient" { precedence 1 when evidence_missing }
verdict ready "Ready" { precedence 0 }
"#;

fn folder(pack: &str, manifest: &str) -> Folder {
    let manifest = format!("deployment: {{id: here}}\npack: pack\n{manifest}");
    Folder::with(&[("pack/pack.etio", pack.as_bytes()), ("deployment.yaml", manifest.as_bytes())])
}

fn json(run: &Run) -> Json {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))
}

fn of_pack(pack: &str) -> Json {
    let run = folder(pack, "").run(&["checklist", "--pack", "pack", "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    json(&run)
}

fn named<'j>(list: &'j Json, key: &str, name: &str) -> &'j Json {
    let found = list.as_array().unwrap().iter().find(|entry| entry[key] == name);
    found.unwrap_or_else(|| panic!("no `{name}` in {list}"))
}

fn words(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

/// Says how a prerequisite of the small pack stands, given what the manifest says, and which rules are against it.
fn state(inputs: &str, input: &str) -> (String, Vec<String>) {
    let run = folder(PACK, &format!("inputs: {{{inputs}}}\n")).run(&["checklist", ".", "--format", "json"]);
    let found = json(&run);
    let prerequisite = named(&found["prerequisites"], "input", input).clone();
    let against = words(&prerequisite["against"]).into_iter().map(str::to_owned).collect();
    (prerequisite["state"].as_str().unwrap().to_owned(), against)
}

#[test]
fn an_item_leads_to_the_rules_that_read_its_questions_and_to_the_modes_they_speak_about() {
    let found = of_pack(PACK);
    assert_eq!(
        words(&Json::from_iter(found["standards"].as_array().unwrap().iter().map(|list| list["id"].clone()))),
        ["closed", "house"]
    );
    let house = named(&found["standards"], "id", "house");
    let coverage = |code: &str| named(&house["items"], "code", code)["coverage"].as_str().unwrap();
    let all: Vec<&str> = ["1", "2", "3", "4", "5", "6"].iter().map(|code| coverage(code)).collect();
    assert_eq!(all, ["asked", "asked", "aside", "uncovered", "otherwise", "uncovered"]);
    let owner = named(&found["places"], "id", "alarms.owner");
    assert_eq!(words(&owner["rules"]), ["alarms.owned", "alarms.unowned"]);
    assert_eq!(words(&owner["through"]), ["alarms.silent"]);
    // By way of factors to the first mode, and not on to what that mode brings; `harm` comes through the finding.
    assert_eq!(words(&owner["factors"]), ["unowned"]);
    assert_eq!(words(&owner["modes"]), ["fatigue", "harm"]);
    assert_eq!(words(&named(&found["places"], "id", "fewer")["modes"]), ["fatigue"]);
    let test = named(&found["places"], "id", "count_alarms");
    assert_eq!(
        (words(&test["rules"]), words(&test["modes"])),
        (vec!["alarms.owned", "alarms.unowned"], vec!["fatigue"])
    );
    assert_eq!(words(&named(&found["places"], "id", "alarms.told")["modes"]), ["harm"]);
    assert_eq!(words(&named(&found["places"], "id", "alarms.per_day")["gates"]), ["alarms.gate"]);
}

#[test]
fn everything_that_satisfies_an_item_stands_in_the_matrix_once() {
    let found = json(&run(&["checklist", "--format", "json"]));
    let mut written = BTreeMap::new();
    for folder in ["rules", "taxonomy"] {
        for file in files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            let text = std::fs::read_to_string(file).unwrap();
            for clause in text.split("\n  satisfies ").skip(1).map(|rest| rest.lines().next().unwrap()) {
                // Each item is a name and a text in quotes, so that the second of four pieces is the text.
                let pieces: Vec<&str> = clause.split('"').collect();
                for pair in pieces.chunks_exact(2) {
                    let source = pair[0].trim_matches([',', ' ']);
                    *written.entry((source.to_owned(), pair[1].to_owned())).or_insert(0) += 1;
                }
            }
        }
    }
    let mut shown = BTreeMap::new();
    for standard in found["standards"].as_array().unwrap() {
        for item in standard["items"].as_array().unwrap() {
            let places = item["places"].as_array().unwrap();
            let key = (standard["id"].as_str().unwrap().to_owned(), item["code"].as_str().unwrap().to_owned());
            if !places.is_empty() {
                shown.insert(key, places.len());
            }
            let mut once: Vec<String> = places.iter().map(Json::to_string).collect();
            once.dedup();
            assert_eq!(once.len(), places.len(), "{item}");
        }
    }
    assert!(written.len() > 200);
    assert_eq!(shown, written);
    // The other way round it is the same pairs.
    let pairs = found["places"].as_array().unwrap().iter().map(|place| place["items"].as_array().unwrap().len());
    assert_eq!(pairs.sum::<usize>(), written.values().sum::<usize>());
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_shipped_pack_asks_or_says_why_it_does_not() {
    let found = json(&run(&["checklist", "--format", "json"]));
    assert_eq!(Schema::parse(SCHEMA).faults_of(&found), Vec::<String>::new());
    for standard in found["standards"].as_array().unwrap() {
        let items = standard["items"].as_array().unwrap();
        let count = |wanted: &str| items.iter().filter(|item| item["coverage"] == wanted).count() as u64;
        let coverage = &standard["coverage"];
        for kind in ["asked", "otherwise", "aside", "uncovered"] {
            assert_eq!(coverage[kind].as_u64().unwrap(), count(kind), "{standard}");
        }
        assert_eq!(coverage["items"].as_u64().unwrap(), items.len() as u64);
        assert!(
            !items.is_empty() || standard["unread"].is_string(),
            "{} lists nothing, without a word",
            standard["id"]
        );
        for item in items {
            assert!(item["topic"].is_string(), "{}: {item}", standard["id"]);
            assert_eq!(item["coverage"] == "aside", item["aside"].is_string(), "what is set aside is asked: {item}");
        }
    }
    for place in found["places"].as_array().unwrap().iter().filter(|place| place["kind"] == "question") {
        assert!(!words(&place["rules"]).is_empty(), "nothing reads {place}");
        assert!(place["ask"].is_string() && place["phase"].is_string(), "{place}");
    }
}

#[test]
fn the_matrix_of_one_framework() {
    let shown = run(&["checklist", "--standard", "joint_commission_chai"]);
    assert_eq!(shown.status, 0);
    snapshot("checklist-matrix", &shown.stdout);
    for options in [&["--by", "item"][..], &["--by", "question"], &["--by", "mode"], &["--uncovered"], &[]] {
        let shown = run(&[&["checklist"], options].concat()).stdout;
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH), "{options:?}: {shown}");
    }
}

#[test]
fn what_is_uncovered_is_listed_by_item_question_and_mode() {
    let small = folder(PACK, "");
    let shown = |by: &str| small.run(&["checklist", "--pack", "pack", "--uncovered", "--by", by]).stdout;
    let items = shown("item");
    assert!(items.contains("house 4: the weather") && !items.contains("who is told"), "{items}");
    assert!(items.contains("closed: its items were not read"), "{items}");
    // The gate asks for alarms a day, and no item does.
    let questions = shown("question");
    assert!(questions.contains("alarms.per_day") && !questions.contains("alarms.owner"), "{questions}");
    let modes = shown("mode");
    assert!(modes.contains("None."), "{modes}");
    let found = json(&small.run(&["checklist", "--pack", "pack", "--uncovered", "--format", "json"]));
    let house = named(&found["standards"], "id", "house");
    assert_eq!((house["items"].as_array().unwrap().len(), &house["coverage"]["items"]), (2, &Json::from(6)));
    let table = small.run(&["checklist", "--pack", "pack", "--uncovered", "--format", "csv"]).stdout;
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert!(lines.len() == 3 && lines[0].starts_with("house,4,the weather,uncovered"), "{table}");
    let open =
        folder(PACK, "inputs: {alarms.owner: yes}\n").run(&["checklist", ".", "--uncovered", "--format", "json"]);
    let open = json(&open);
    let inputs: Vec<&str> =
        open["prerequisites"].as_array().unwrap().iter().map(|of| of["input"].as_str().unwrap()).collect();
    // The gate first, then the largest swing.
    assert_eq!(inputs, ["alarms.per_day", "patients", "alarms.told", "noise"]);
}

#[test]
fn a_wrong_name_is_answered_with_the_nearest() {
    let wrong = run(&["checklist", "--standard", "futur_ai"]);
    assert_eq!((wrong.status, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("did you mean `future_ai`?"), "{}", wrong.stderr);
    // Literature is no framework.
    assert_eq!(run(&["checklist", "--standard", "obermeyer_2019"]).status, 2);
}

#[test]
fn a_deployment_stands_as_its_answers_say() {
    assert_eq!(state("", "alarms.owner").0, "open");
    assert_eq!(state("alarms.owner: yes", "alarms.owner"), ("fine".to_owned(), vec![]));
    let rule = |name: &str| vec![name.to_owned()];
    let bad = "alarms.owner: no, patients: 40";
    assert_eq!(state(bad, "alarms.owner"), ("concern".to_owned(), rule("alarms.unowned")));
    // Forty patients are not what is wrong there; nine would be.
    assert_eq!(state(bad, "patients"), ("fine".to_owned(), vec![]));
    assert_eq!(state("patients: 9", "patients"), ("concern".to_owned(), rule("alarms.few")));
    // A rule that reads what the first one concluded counts as well.
    let worse = "alarms.owner: no, patients: 40, alarms.told: no";
    let both = vec!["alarms.silent".to_owned(), "alarms.unowned".to_owned()];
    assert_eq!(state(worse, "alarms.owner"), ("concern".to_owned(), both));
}

#[test]
fn a_required_answer_that_is_missing_ends_with_the_status_of_the_undecided() {
    let open = folder(PACK, "").run(&["checklist", "."]);
    assert_eq!(open.status, 3, "{}", open.stdout);
    assert!(open.stdout.contains("! Alarms a day  alarms.per_day"), "{}", open.stdout);
    let known = folder(PACK, "inputs: {alarms.per_day: 4}\n").run(&["checklist", "."]);
    assert_eq!(known.status, 0, "{}", known.stdout);
    assert!(known.stdout.contains("Required before a verdict: all known"), "{}", known.stdout);
}

#[test]
fn the_examples_fit_the_published_schema_and_agree_with_the_assessment() {
    let schema = Schema::parse(SCHEMA);
    for example in ["breast-cytology-drift", "triage-trial-made-up"] {
        let folder = format!("examples/{example}");
        let asked = run(&["checklist", &folder, "--format", "json"]);
        let found = json(&asked);
        assert_eq!(schema.faults_of(&found), Vec::<String>::new(), "{example}");
        let assessed = run(&["assess", &folder, "--format", "json"]);
        let assessment = json(&assessed);
        let missing = assessment["verdict"]["id"] == "insufficient_evidence";
        let open = found["prerequisites"].as_array().unwrap().iter();
        let open = open.filter(|of| of["state"] == "open" && !words(&of["required_by"]).is_empty());
        assert_eq!(open.count() > 0, asked.status == 3, "{example}");
        assert!(!missing || asked.status == 3, "{example}");
        for prerequisite in found["prerequisites"].as_array().unwrap().iter().filter(|of| of["swing"].is_number()) {
            let open = named(&assessment["open_inputs"], "input", prerequisite["input"].as_str().unwrap());
            assert_eq!(open["swing"], prerequisite["swing"]);
        }
        for options in [&["--by", "mode"][..], &["--standard", "future_ai"], &[]] {
            let shown = run(&[&["checklist", &folder], options].concat()).stdout;
            assert!(shown.lines().all(|line| line.chars().count() <= WIDTH), "{options:?}: {shown}");
        }
    }
}

#[test]
fn the_schema_notices_what_it_should() {
    let schema = Schema::parse(SCHEMA);
    let right = of_pack(PACK);
    assert_eq!(schema.faults_of(&right), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/standards/1/items/0/coverage", Json::from("perhaps")),
        ("/standards/1/coverage/asked", Json::from(-1)),
        ("/places/0/kind", Json::from("poem")),
        ("/deployment", Json::from("here")),
    ] {
        let mut changed = right.clone();
        *changed.pointer_mut(pointer).unwrap() = wrong;
        assert!(!schema.faults_of(&changed).is_empty(), "{pointer}");
    }
}

#[test]
fn the_table_has_a_line_for_each_item_and_place() {
    let table = folder(PACK, "inputs: {alarms.owner: no, patients: 40}\n").run(&["checklist", ".", "--format", "csv"]);
    let lines: Vec<csv::StringRecord> =
        csv::Reader::from_reader(table.stdout.as_bytes()).records().map(Result::unwrap).collect();
    let of = |item: &str| lines.iter().filter(|line| &line[1] == item).map(|line| &line[5]).collect::<Vec<_>>();
    assert_eq!(of("1"), ["alarms.owner", "alarms.told"]);
    assert_eq!(of("4"), [""]);
    let owner = lines.iter().find(|line| &line[5] == "alarms.owner").unwrap();
    assert_eq!((&owner[14], &owner[15]), ("concern", "no"));
    // What no item asks for has a line of its own.
    assert!(lines.iter().any(|line| line[0].is_empty() && &line[5] == "alarms.per_day"));
    let page = run(&["checklist", "--standard", "gmlp", "--format", "markdown"]).stdout;
    assert!(page.starts_with("# What published frameworks ask") && page.contains("| --- |"), "{page}");
    let row = "| 4 | **training and test data independent**  | `labels.split_by_patient` Were patients and sites kept on one side \
               of the split between training and test? | study.clean\\_split, study.leaky\\_split | optimistic\\_validation |";
    assert!(page.contains(row), "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever is set aside and whatever satisfies what, each pair is shown once and the counts add up.
    #[test]
    fn counts_add_up_for_any_pack(
        aside in proptest::collection::vec(any::<bool>(), 1..6),
        satisfied in proptest::collection::vec(proptest::collection::btree_set(0_usize..6, 0..4), 1..5),
    ) {
        let items = aside.iter().enumerate().map(|(place, aside)| {
            format!("  item \"{place}\" \"topic\"{}\n", if *aside { " aside \"no reason\"" } else { "" })
        });
        let mut pack = format!(
            "pack p \"P\" {{ version 1.0.0 language 1 }}\nsource s \"S\" {{\n{}}}\ncategory c \"C\"\nmode m \"M\" {{ \
             category c dimension data severity 5 detectability 5 base_rate 5% }}\n",
            items.collect::<String>()
        );
        let mut pairs = 0;
        for (place, of) in satisfied.iter().enumerate() {
            let of: Vec<String> =
                of.iter().filter(|item| **item < aside.len()).map(|item| format!("s \"{item}\"")).collect();
            pairs += of.len();
            let satisfies = if of.is_empty() { String::new() } else { format!("satisfies {}", of.join(", ")) };
            pack += &format!(
                "question q{place} \"Q\" : yes_no {{ {satisfies} }}\nrule r{place} \"R\" {{ when q{place} = no then \
                 suspect m likelihood 0.5 because \"b\" basis judgement }}\n"
            );
        }
        let found = of_pack(&pack);
        let standard = &found["standards"][0];
        let items = standard["items"].as_array().unwrap();
        prop_assert_eq!(items.len(), aside.len());
        let shown: usize = items.iter().map(|item| item["places"].as_array().unwrap().len()).sum();
        prop_assert_eq!(shown, pairs);
        let coverage = &standard["coverage"];
        let sum: u64 = ["asked", "otherwise", "aside", "uncovered"].iter().map(|kind| coverage[*kind].as_u64().unwrap()).sum();
        prop_assert_eq!(sum, aside.len() as u64);
        for (item, aside) in items.iter().zip(&aside) {
            let expected = match (item["places"].as_array().unwrap().is_empty(), aside) {
                (false, _) => "asked",
                (true, true) => "aside",
                (true, false) => "uncovered",
            };
            prop_assert_eq!(item["coverage"].as_str().unwrap(), expected);
        }
    }
}
