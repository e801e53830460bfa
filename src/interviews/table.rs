//! Interviews and surveys for programs: JSON with everything, CSV with a line for each figure.

use super::answers::{Answers, QuestionStats, SurveyStats};
use super::saturation::{BASE, RUN, THRESHOLD, saturation};
use super::themes::{Share, themes, together};
use super::{Material, survey_stats};
use crate::corpus::{csv_line, figure_json};
use crate::metrics::Interval;
use crate::model::KnowledgeBase;
use serde_json::{Map, Value, json};

/// Returns what interviews and surveys show, with everything.
pub fn stats_json(material: &Material, knowledge: &KnowledgeBase) -> Value {
    let themes = themes(material, knowledge);
    let saturation = saturation(material);
    let counts = |counts: &[(&'static str, usize)]| -> Map<String, Value> {
        counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect()
    };
    json!({
        "schema": "etiology.interviews/1",
        "interviews": material.interviews.len(),
        "segments": themes.segments,
        "segments_without_code": themes.uncoded,
        "interviews_by_role": counts(&themes.roles),
        "segments_by_phase": counts(&themes.phases),
        "codes": themes.codes.iter().map(|code| json!({
            "code": code.code,
            "kind": code.kind,
            "title": code.title,
            "segments": code.segments,
            "interviews": share(&code.interviews),
            "by_role": code.by_role.iter().map(|(role, of)| ((*role).to_owned(), share(of))).collect::<Map<_, _>>(),
            "segments_by_phase": counts(&code.by_phase),
        })).collect::<Vec<_>>(),
        "together": together(material).iter().map(|pair| json!({
            "codes": [pair.codes.0, pair.codes.1],
            "segments_with_both": pair.both,
            "segments_with_either": pair.either,
            "jaccard": pair.jaccard(),
        })).collect::<Vec<_>>(),
        "saturation": {
            "rule": {"base": BASE, "run": RUN, "threshold": THRESHOLD, "source": "doi:10.1371/journal.pone.0232076"},
            "steps": saturation.steps.iter().map(|step| json!({
                "interview": step.interview, "date": step.date, "new": step.new, "codes_so_far": step.total,
            })).collect::<Vec<_>>(),
            "runs": saturation.runs.iter().map(|(last, share)| json!({"until": last, "new_share": share})).collect::<Vec<_>>(),
            "reached_with": saturation.reached.as_ref().ok().copied().flatten(),
            "undecided": saturation.reached.as_ref().err().map(|undefined| undefined.reason.as_str()),
        },
        "surveys": material.surveys.iter().map(|survey| survey_json(&survey_stats(survey))).collect::<Vec<_>>(),
    })
}

fn share(share: &Share) -> Value {
    let (low, high) = ends(share.interval.as_ref());
    json!({"n": share.hits, "of": share.of, "low": low, "high": high, "method": "Wilson"})
}

fn ends(interval: Option<&Interval>) -> (Option<f64>, Option<f64>) {
    interval.map(|interval| (interval.low, interval.high)).unzip()
}

fn survey_json(stats: &SurveyStats) -> Value {
    let [before, after] = &stats.consistency;
    json!({
        "survey": stats.name,
        "scale": {
            "from": stats.scale.from.0, "from_means": stats.scale.from.1,
            "to": stats.scale.to.0, "to_means": stats.scale.to.1,
        },
        "respondents": stats.respondents,
        "asked": {"pre": stats.asked[0], "post": stats.asked[1]},
        "questions": stats.questions.iter().map(question).collect::<Vec<_>>(),
        "mean_of_all": question(&stats.whole),
        "cronbachs_alpha": {"pre": before.as_ref().map(figure_json), "post": after.as_ref().map(figure_json)},
    })
}

fn question(question: &QuestionStats) -> Value {
    let answers = |answers: &Answers| json!({"n": answers.n, "missing": answers.missing, "median": answers.median, "counts": answers.counts});
    json!({
        "question": question.id,
        "text": question.text,
        "reversed": question.reversed,
        "pre": question.pre.as_ref().map(answers),
        "post": question.post.as_ref().map(answers),
        "change": question.change.as_ref().map(|change| json!({
            "up": change.up_same_down[0],
            "same": change.up_same_down[1],
            "down": change.up_same_down[2],
            "mean": figure_json(&change.mean),
            "p": change.p,
            "p_holm": change.p_adjusted,
            "test": "Wilcoxon signed rank, normal with correction for ties",
        })),
    })
}

/// Returns a table with a line for each figure.
pub fn stats_csv(material: &Material, knowledge: &KnowledgeBase) -> String {
    let mut table = csv_line(&["what", "name", "of", "when", "n", "all", "value", "low", "high"]);
    let mut line = |names: [&str; 4], n: usize, all: usize, value: Option<f64>, ends: (Option<f64>, Option<f64>)| {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let [what, name, of, when] = names;
        let (n, all) = (n.to_string(), all.to_string());
        table += &csv_line(&[what, name, of, when, &n, &all, &number(value), &number(ends.0), &number(ends.1)]);
    };
    for code in themes(material, knowledge).codes {
        for (role, share) in [("", &code.interviews)].into_iter().chain(code.by_role.iter().map(|(r, s)| (*r, s))) {
            let value = Some(share.hits as f64 / share.of as f64);
            line(["code", &code.code, role, ""], share.hits, share.of, value, ends(share.interval.as_ref()));
        }
    }
    for pair in together(material) {
        line(
            ["together", &pair.codes.0, &pair.codes.1, ""],
            pair.both,
            pair.either,
            Some(pair.jaccard()),
            (None, None),
        );
    }
    for step in saturation(material).steps {
        line(["saturation", &step.interview, "", &step.date], step.new.len(), step.total, None, (None, None));
    }
    for stats in material.surveys.iter().map(survey_stats) {
        for question in stats.questions.iter().chain([&stats.whole]) {
            for (when, answers) in [("pre", &question.pre), ("post", &question.post)] {
                let Some(answers) = answers else { continue };
                let asked = answers.n + answers.missing;
                line(["median", &question.id, &stats.name, when], answers.n, asked, answers.median, (None, None));
                for (answer, count) in (stats.scale.from.0..).zip(&answers.counts) {
                    let value = Some(f64::from(answer));
                    line(["answer", &question.id, &stats.name, when], *count, answers.n, value, (None, None));
                }
            }
            let Some(change) = &question.change else { continue };
            let both = change.up_same_down.iter().sum();
            if let Ok(mean) = &change.mean {
                let ends = ends(mean.interval.as_ref());
                line(["mean_change", &question.id, &stats.name, ""], both, stats.respondents, Some(mean.value), ends);
            }
            line(["change_p", &question.id, &stats.name, ""], both, stats.respondents, change.p, (None, None));
        }
        for (when, alpha) in ["pre", "post"].iter().zip(&stats.consistency) {
            let Some(Ok(alpha)) = alpha else { continue };
            let ends = ends(alpha.interval.as_ref());
            line(
                ["cronbachs_alpha", "", &stats.name, when],
                alpha.n as usize,
                stats.respondents,
                Some(alpha.value),
                ends,
            );
        }
    }
    table
}
