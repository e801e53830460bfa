//! The shipped pack on pilots of which it is known what changes between development and deployment.
//!
//! Expectations come from what is known of a pilot (docs/pilots.md), not from what the tool says. What it
//! gets wrong stands in the table as a known miss with its reason, and the test tells when one is mended.
#![allow(clippy::print_stdout, reason = "one line for each pilot is what this test is read for")]

use etiology::cli::load::Disk;
use etiology::model::{ActionKind, FiringState};
use etiology::risk::Quantity;
use etiology::session::Session;
use std::collections::BTreeMap;

/// The tables are large and not part of this repository.
const TABLES: &str = "../shared/data/pilots";

/// Something that is true or false of an assessment.
#[derive(Clone, Copy, Debug)]
enum Claim {
    /// The mode is among the five with the highest risk, with at least this likelihood.
    Likely(&'static str, f64),
    /// The likelihood of the mode is at most this.
    Unlikely(&'static str, f64),
    /// The rule fired.
    Fires(&'static str),
    /// The rule did not fire.
    Silent(&'static str),
    /// The verdict.
    Verdict(&'static str),
    /// No rule but these speaks for any failure.
    NothingSuspected(&'static [&'static str]),
}

struct Pilot {
    folder: &'static str,
    /// What must be true, and is.
    holds: &'static [Claim],
    /// What should be true and is not, with the reason.
    misses: &'static [(Claim, &'static str)],
}

use Claim::{Fires, Likely, NothingSuspected, Silent, Unlikely, Verdict};

const PILOTS: [Pilot; 11] = [
    // Node-positive trial patients instead of a hospital's: another case mix, ranked and calibrated as before.
    Pilot {
        folder: "breast_rotterdam_to_gbsg",
        holds: &[
            Likely("distribution_shift", 0.25),
            Fires("shift.many_inputs"),
            Fires("inputs.unseen_codes"), // grade 1, which no development row has
            Fires("discrimination.kept"),
            Silent("discrimination.lost"),
            Silent("calibration.too_extreme"),
            Silent("calibration.under_predicts"),
            Unlikely("miscalibration", 0.3),
        ],
        misses: &[],
    },
    // Half as many cancers in later years; the model ranks and calibrates better than before.
    Pilot {
        folder: "breast_wbc_1989_to_1991",
        holds: &[
            Likely("distribution_shift", 0.4),
            Fires("shift.rarer"),
            Fires("shift.many_inputs"),
            Fires("calibration.totals_right"),
            Silent("discrimination.lost"),
            Silent("calibration.ece_high"),
            Silent("calibration.too_flat"),
            Silent("drift.errors_rise"), // the change came before the three years, not during them
            Silent("drift.alarms_change"),
            Silent("drift.inputs_move"),
            Unlikely("miscalibration", 0.3),
        ],
        misses: &[],
    },
    // The same patients, split at random.
    Pilot {
        folder: "breast_wdbc_sham_site",
        holds: &[
            NothingSuspected(&["pilot.few_events_local_evidence"]),
            Unlikely("distribution_shift", 0.2),
            Unlikely("miscalibration", 0.2),
            Unlikely("demographic_disparity", 0.15),
            Unlikely("underspecification", 0.15),
            Verdict("insufficient_evidence"),
        ],
        misses: &[],
    },
    // Children under five are nearly never called positive, whether ill or not.
    Pilot {
        folder: "covid_testing_early_to_late",
        holds: &[
            Likely("demographic_disparity", 0.6),
            Likely("underspecification", 0.4),
            Likely("alert_fatigue", 0.4),
            Fires("fairness.missed_sick"),
            Fires("alerts.mostly_false"),
            Fires("ensemble.disagrees"),
            Fires("calibration.too_flat"),
            // Alarms go from 51 % in the first four days to 58 %, then back to 50 %; the sick stay at 5 to 7 %.
            Fires("drift.alarms_change"),
            Fires("drift.alarms_without_sick"),
            Fires("drift.errors_rise"),
            Fires("drift.inputs_move"), // mean age from 13 to 21 years
            Silent("drift.illness_changes"),
            Silent("drift.steady"),
            Silent("discrimination.lost"),
            Silent("shift.rarer"),
            Silent("shift.commoner"),
            Verdict("not_ready"),
        ],
        misses: &[],
    },
    // Ten years of coding practice; ranking and risks hold.
    Pilot {
        folder: "diabetes130_early_to_late",
        holds: &[
            Likely("distribution_shift", 0.25),
            Likely("alert_fatigue", 0.4),
            Fires("shift.many_inputs"),
            Fires("alerts.mostly_false"),
            Silent("discrimination.lost"),
            Silent("calibration.too_extreme"),
            Unlikely("miscalibration", 0.35),
            Silent("drift.errors_rise"), // four periods are too few for a chart
            Silent("drift.errors_rise_by_row"),
        ],
        misses: &[],
    },
    // Abnormal images instead of normal ones.
    Pilot {
        folder: "dr_debrecen_amfm_subgroup",
        holds: &[
            Likely("distribution_shift", 0.4),
            Likely("miscalibration", 0.5),
            Fires("calibration.ece_high"),
            Fires("shift.index_high"),
        ],
        misses: &[(
            Fires("calibration.too_extreme"),
            "4 of 387 scores are exactly 0 or 1, which leaves the slope (0.72 with them held off the ends) unknown",
        )],
    },
    // Three of thirteen inputs are hardly recorded at the second hospital.
    Pilot {
        folder: "heart_cleveland_to_hungarian",
        holds: &[
            Likely("input_data_quality", 0.5),
            Likely("miscalibration", 0.4),
            Likely("distribution_shift", 0.4),
            Fires("inputs.several_missing"),
            Fires("calibration.too_extreme"),
            Silent("discrimination.lost"),
        ],
        misses: &[],
    },
    // Later scans are ranked as well, with risks that are too extreme and too low.
    Pilot {
        folder: "lidc_initial_to_later_release",
        holds: &[
            Likely("miscalibration", 0.4),
            Likely("distribution_shift", 0.15),
            Fires("calibration.ece_high"),
            Fires("discrimination.kept"),
            Silent("discrimination.lost"),
        ],
        misses: &[
            (
                Fires("calibration.too_extreme"),
                "2 of 791 scores are exactly 0 or 1, which leaves the slope (0.73 with them held off the ends) unknown",
            ),
            (
                Fires("calibration.off_in_the_large"),
                "the same two scores leave calibration in the large (0.94) unknown",
            ),
        ],
    },
    // The same hospital in file order; six pipelines of one network; scores are no probabilities.
    Pilot {
        folder: "sepsis2019_esn_pipelines",
        holds: &[
            Likely("alert_fatigue", 0.4),
            Likely("underspecification", 0.2),
            Likely("limited_clinical_utility", 0.4),
            Fires("alerts.rare_condition"),
            Fires("ensemble.uneven"),
            Fires("discrimination.misses_most"),
            Silent("discrimination.lost"),
            Silent("calibration.ece_high"),
            Silent("shift.scores_moved"),
            Unlikely("distribution_shift", 0.25),
        ],
        misses: &[],
    },
    // From broad infection codes to patients with organ dysfunction: four times the deaths.
    Pilot {
        folder: "sepsis_norway_primary_to_study",
        holds: &[
            Likely("distribution_shift", 0.7),
            Likely("miscalibration", 0.7),
            Likely("limited_clinical_utility", 0.6),
            Likely("demographic_disparity", 0.5),
            Fires("discrimination.lost"),
            Fires("discrimination.near_chance"),
            Fires("shift.commoner"),
            Fires("calibration.under_predicts"),
            Fires("calibration.too_extreme"),
            Fires("fairness.missed_sick"),
            Verdict("not_ready"),
        ],
        misses: &[],
    },
    // People, not a model: the mean recall score of the readers of each case.
    Pilot {
        folder: "viper_readers_film_to_digital",
        holds: &[
            Likely("distribution_shift", 0.3),
            Fires("discrimination.lost"),
            Silent("shift.rarer"),
            Silent("shift.commoner"),
            Silent("calibration.ece_high"),
        ],
        misses: &[(
            Unlikely("demographic_disparity", 0.4),
            "the groups are sub-studies that were made of easier and harder cases, and look like groups of patients",
        )],
    },
];

fn holds(session: &Session, claim: Claim) -> bool {
    let knowledge = &session.knowledge;
    let assessment = &session.assessment;
    let likelihood = |mode: &str| {
        let node = knowledge.nodes.find(mode).unwrap();
        assessment.likelihood(node).unwrap().likelihood.estimate().get()
    };
    let state = |rule: &str| assessment.inference.state(knowledge.rules.find(rule).unwrap());
    match claim {
        Likely(mode, least) => {
            let node = knowledge.nodes.find(mode).unwrap();
            likelihood(mode) >= least && assessment.risks.iter().take(5).any(|risk| risk.mode == node)
        }
        Unlikely(mode, most) => likelihood(mode) <= most,
        Fires(rule) => state(rule) == FiringState::Fired,
        Silent(rule) => state(rule) != FiringState::Fired,
        Verdict(verdict) => assessment.verdict.given == knowledge.verdicts.find(verdict),
        NothingSuspected(but) => suspicions(session).iter().all(|rule| but.contains(&rule.as_str())),
    }
}

/// Returns the rules that fired and speak for a failure.
fn suspicions(session: &Session) -> Vec<String> {
    let fired = session.knowledge.rules.iter().filter(|(id, rule)| {
        let suspects = rule.actions.iter().any(|action| matches!(action.kind, ActionKind::Suspect { .. }));
        suspects && session.assessment.inference.state(*id) == FiringState::Fired
    });
    fired.map(|(_, rule)| rule.id.clone()).collect()
}

/// Returns the modes whose risk is in the second band or above, by name: what the tool says is wrong.
fn statements(session: &Session) -> Vec<String> {
    let said = session.assessment.risks.iter().filter(|risk| risk.band.estimate.is_some_and(|band| band > 0));
    let mut said: Vec<String> = said.map(|risk| session.knowledge.nodes[risk.mode].id.clone()).collect();
    said.sort();
    said
}

/// Returns the statements that docs/evaluation.md calls true, false or undecided, by pilot, and holds their numbers
/// against the sum that it gives.
fn judged_statements() -> BTreeMap<String, Vec<String>> {
    let page = std::fs::read_to_string("docs/evaluation.md").unwrap();
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        PILOTS.iter().any(|pilot| pilot.folder == cells[0]).then_some(cells)
    });
    let rows: Vec<Vec<&str>> = rows.collect();
    let modes = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let [right, wrong, open] = [1, 2, 3].map(|column| rows.iter().map(|row| modes(row[column]).len()).sum::<usize>());
    let sum =
        format!("{} statements: {right} are true, {wrong} are false, {open} cannot be told", right + wrong + open);
    assert!(page.contains(&sum), "{sum}");
    let of = |row: &Vec<&str>| {
        let mut all: Vec<String> = row[1..4].iter().flat_map(|cell| modes(cell)).collect();
        all.sort();
        (row[0].to_owned(), all)
    };
    rows.iter().map(of).collect()
}

fn summary(session: &Session) -> String {
    let verdict = session.assessment.verdict.given.map_or("none", |given| &session.knowledge.verdicts[given].id);
    let top = session.assessment.risks.iter().take(3).map(|risk| {
        let likelihood = risk.likelihood.estimate().get();
        format!("{} {:.1} ({likelihood:.2})", session.knowledge.nodes[risk.mode].id, risk.risk.estimate().get())
    });
    let top: Vec<String> = top.collect();
    format!("{verdict}: {}", top.join(", "))
}

#[test]
fn what_is_known_of_each_pilot_is_what_the_tool_says() {
    if !std::path::Path::new(TABLES).exists() {
        println!("skipped: the pilot tables are not here ({TABLES})");
        return;
    }
    let mut wrong = Vec::new();
    let judged = judged_statements();
    for pilot in &PILOTS {
        let folder = format!("tests/pilots/{}", pilot.folder);
        let session =
            Session::open(&folder, None, &Disk).unwrap_or_else(|problem| panic!("{folder}: {:#?}", problem.1));
        println!("{}: {}", pilot.folder, summary(&session));
        let (said, judged) = (statements(&session), judged.get(pilot.folder).cloned().unwrap_or_default());
        if said != judged {
            wrong.push(format!("{}: says {said:?}, and docs/evaluation.md judges {judged:?}", pilot.folder));
        }
        for &claim in pilot.holds {
            if !holds(&session, claim) {
                wrong.push(format!("{}: {claim:?} does not hold", pilot.folder));
            }
        }
        for (claim, reason) in pilot.misses {
            if holds(&session, *claim) {
                wrong.push(format!("{}: no longer a miss, move it: {claim:?} ({reason})", pilot.folder));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_gets_the_verdict_that_its_page_names() {
    let verdicts = [
        ("breast-cytology-control", "insufficient_evidence"),
        ("breast-cytology-drift", "insufficient_evidence"),
        ("covid-testing-later-weeks", "not_ready"),
        ("lung-nodules-second-release", "ready_with_conditions"),
    ];
    for (folder, verdict) in verdicts {
        let path = format!("examples/{folder}");
        let session = Session::open(&path, None, &Disk).unwrap_or_else(|problem| panic!("{path}: {:#?}", problem.1));
        assert!(holds(&session, Verdict(verdict)), "{folder}: {}", summary(&session));
        let page = std::fs::read_to_string(format!("{path}/README.md")).unwrap();
        let title = &session.knowledge.verdicts[session.assessment.verdict.given.unwrap()].title;
        assert!(page.contains(&title.to_uppercase()), "{folder}/README.md does not name {title}");
    }
}

#[test]
fn the_negative_control_raises_no_alarm_from_its_data() {
    let session = Session::open("examples/breast-cytology-control", None, &Disk).unwrap();
    let allowed = ["pilot.few_events_local_evidence", "site.few_training_sites", "study.hindsight_only"];
    let beyond: Vec<String> =
        suspicions(&session).into_iter().filter(|rule| !allowed.contains(&rule.as_str())).collect();
    assert!(beyond.is_empty(), "{beyond:?}");
}
