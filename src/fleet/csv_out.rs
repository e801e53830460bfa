//! CSV: one deployment a row, ranked risks and recommendations side by side in numbered columns.

use super::line::{Figures, Line};

/// Between names in one cell.
const SEPARATOR: &str = "; ";

/// Which columns there are.
#[derive(Clone, Debug)]
pub(super) struct CsvColumns {
    /// How many risks.
    pub risks: usize,
    /// How many recommendations.
    pub recommendations: usize,
    /// The modes whose risks have columns of their own.
    pub wide: Vec<String>,
    /// Whether figures have a low and a high.
    pub bounds: bool,
}

impl CsvColumns {
    /// Returns the header's line.
    pub fn header(&self) -> Vec<u8> {
        let mut names = vec!["row".to_owned(), "id".to_owned(), "verdict".to_owned()];
        let ends = if self.bounds { &["", ".low", ".high"][..] } else { &[""] };
        let figure = |name: &str| ends.iter().map(|end| format!("{name}{end}")).collect::<Vec<_>>();
        if self.bounds {
            names.push("not_ruled_out".to_owned());
        }
        names.extend(figure("total_risk"));
        for rank in 1..=self.risks {
            names.push(format!("risk_{rank}.mode"));
            for name in ["risk", "likelihood", "severity", "detectability"] {
                names.extend(figure(&format!("risk_{rank}.{name}")));
            }
            names.extend([format!("risk_{rank}.band"), format!("risk_{rank}.priority")]);
        }
        for rank in 1..=self.recommendations {
            names.push(format!("recommendation_{rank}.mitigation"));
            names.extend(figure(&format!("recommendation_{rank}.risk_removed")));
        }
        names.extend(["contraindicated", "flags", "missing"].map(str::to_owned));
        names.extend(self.wide.iter().flat_map(|mode| figure(&format!("risk.{mode}"))));
        let mut line = names.join(",").into_bytes();
        line.push(b'\n');
        line
    }

    /// Appends the row of a deployment.
    pub fn write(&self, line: &Line<'_>, out: &mut Vec<u8>) {
        let mut row = Row { out, first: true, bounds: self.bounds };
        row.text(&line.row.to_string());
        row.text(line.id.unwrap_or_default());
        row.text(line.verdict.unwrap_or_default());
        if let Some(open) = &line.not_ruled_out {
            row.text(&open.join(SEPARATOR));
        }
        row.figures(Some(line.total_risk));
        for rank in 0..self.risks {
            let risk = line.risks.get(rank);
            row.text(risk.map_or("", |risk| risk.mode));
            row.figures(risk.map(|risk| risk.risk));
            row.figures(risk.map(|risk| risk.likelihood));
            row.figures(risk.map(|risk| risk.severity));
            row.figures(risk.map(|risk| risk.detectability));
            row.text(risk.and_then(|risk| risk.band).unwrap_or_default());
            row.text(risk.and_then(|risk| risk.priority).unwrap_or_default());
        }
        for rank in 0..self.recommendations {
            let recommendation = line.recommendations.get(rank);
            row.text(recommendation.map_or("", |recommendation| recommendation.mitigation));
            row.figures(recommendation.map(|recommendation| recommendation.risk_removed));
        }
        row.text(&line.contraindicated.join(SEPARATOR));
        row.text(&line.flags.iter().map(|flag| flag.rule).collect::<Vec<_>>().join(SEPARATOR));
        row.text(&line.missing.join(SEPARATOR));
        line.by_mode.iter().for_each(|&figures| row.figures(Some(figures)));
        out.push(b'\n');
    }
}

struct Row<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
    bounds: bool,
}

impl Row<'_> {
    /// Adds a field; one that could be mistaken stands in quotes.
    fn text(&mut self, text: &str) {
        self.separate();
        if text.contains([',', '"', '\n', '\r']) {
            self.out.push(b'"');
            self.out.extend(text.replace('"', "\"\"").bytes());
            self.out.push(b'"');
        } else {
            self.out.extend(text.bytes());
        }
    }

    /// Adds the fields of a figure; empty ones where there is none.
    fn figures(&mut self, figures: Option<Figures>) {
        self.number(figures.map(|figures| figures.estimate));
        if self.bounds {
            self.number(figures.and_then(|figures| figures.low));
            self.number(figures.and_then(|figures| figures.high));
        }
    }

    fn number(&mut self, number: Option<f64>) {
        self.separate();
        if let Some(number) = number {
            // The shortest text that reads back as the same number, as in JSON.
            serde_json::to_writer(&mut *self.out, &number).expect("invariant: memory can be written to");
        }
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }
}
