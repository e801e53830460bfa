//! Parquet: one deployment a row, ranked risks and recommendations as lists of structs.

use std::io::Write;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use arrow_array::RecordBatch;
use arrow_array::builder::{ArrayBuilder, Float64Builder, ListBuilder, StringBuilder, StructBuilder, UInt64Builder};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};

use super::line::{Figures, Line};

/// Rows of a row group: what the writer keeps in memory.
const ROW_GROUP: usize = 1 << 16;

/// The columns of the file.
#[derive(Clone, Debug)]
pub(super) struct ParquetColumns {
    /// Whether figures have a low and a high.
    bounds: bool,
    schema: Arc<Schema>,
}

fn text(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Utf8, nullable)
}

fn list(name: &str, item: DataType) -> Field {
    Field::new(name, DataType::List(Arc::new(Field::new("item", item, true))), true)
}

impl ParquetColumns {
    /// Returns the columns; those modes have their risks in columns of their own.
    pub fn new(wide: &[String], bounds: bool) -> Self {
        let ends = if bounds { &["estimate", "low", "high"][..] } else { &["estimate"] };
        let ends: Fields = ends.iter().map(|end| Field::new(*end, DataType::Float64, true)).collect();
        let figures = |name: &str| Field::new(name, DataType::Struct(ends.clone()), true);
        let structs = |fields: Vec<Field>| DataType::Struct(fields.into());
        let mut risk = vec![text("mode", true)];
        risk.extend(["risk", "likelihood", "severity", "detectability"].map(figures));
        risk.extend([text("band", true), text("priority", true)]);
        let mut fields = vec![Field::new("row", DataType::UInt64, false), text("id", true), text("verdict", true)];
        if bounds {
            fields.push(list("not_ruled_out", DataType::Utf8));
        }
        fields.extend([
            figures("total_risk"),
            list("risks", structs(risk)),
            list("recommendations", structs(vec![text("mitigation", true), figures("risk_removed")])),
            list("contraindicated", DataType::Utf8),
            list("flags", structs(vec![text("level", true), text("rule", true), text("text", true)])),
            list("missing", DataType::Utf8),
        ]);
        fields.extend(wide.iter().map(|mode| figures(&format!("risk.{mode}"))));
        Self { bounds, schema: Arc::new(Schema::new(fields)) }
    }

    /// Returns a writer of such a file.
    pub fn writer<W: Write + Send>(&self, out: W) -> Result<ArrowWriter<W>, ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        ArrowWriter::try_new(out, Arc::clone(&self.schema), Some(properties))
    }

    /// Returns a builder of some rows.
    pub fn rows(&self, capacity: usize) -> Rows {
        let fields = self.schema.fields();
        let builder = StructBuilder::from_fields(fields.clone(), capacity);
        Rows { builder, bounds: self.bounds, schema: Arc::clone(&self.schema) }
    }
}

/// Rows that are being put together.
pub(super) struct Rows {
    builder: StructBuilder,
    bounds: bool,
    schema: Arc<Schema>,
}

type Structs = ListBuilder<Box<dyn ArrayBuilder>>;

impl Rows {
    /// Appends a deployment.
    pub fn push(&mut self, line: &Line<'_>) {
        let bounds = self.bounds;
        let mut fields = Appender { builder: &mut self.builder, next: 0 };
        fields.with(|row: &mut UInt64Builder| row.append_value(line.row));
        fields.text(line.id);
        fields.text(line.verdict);
        if let Some(open) = &line.not_ruled_out {
            fields.texts(open);
        }
        fields.figures(Some(line.total_risk), bounds);
        fields.structs(&line.risks, |fields, risk| {
            fields.text(Some(risk.mode));
            for figures in [risk.risk, risk.likelihood, risk.severity, risk.detectability] {
                fields.figures(Some(figures), bounds);
            }
            fields.text(risk.band);
            fields.text(risk.priority);
        });
        fields.structs(&line.recommendations, |fields, recommendation| {
            fields.text(Some(recommendation.mitigation));
            fields.figures(Some(recommendation.risk_removed), bounds);
        });
        fields.texts(&line.contraindicated);
        fields.structs(&line.flags, |fields, flag| {
            fields.text(Some(flag.level));
            fields.text(Some(flag.rule));
            fields.text(Some(flag.text));
        });
        fields.texts(&line.missing);
        line.by_mode.iter().for_each(|&figures| fields.figures(Some(figures), bounds));
        self.builder.append(true);
    }

    /// Returns the rows.
    pub fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let (_, arrays, _) = self.builder.finish().into_parts();
        RecordBatch::try_new(self.schema, arrays)
    }
}

/// Appends to the fields of a struct, one after the other.
struct Appender<'a> {
    builder: &'a mut StructBuilder,
    next: usize,
}

impl Appender<'_> {
    fn with<B: ArrayBuilder>(&mut self, append: impl FnOnce(&mut B)) {
        let builder = self.builder.field_builder::<B>(self.next);
        self.next += 1;
        append(builder.expect("invariant: the fields are appended in the order of the schema"));
    }

    fn text(&mut self, text: Option<&str>) {
        self.with(|builder: &mut StringBuilder| builder.append_option(text));
    }

    fn texts(&mut self, texts: &[&str]) {
        self.with(|list: &mut Structs| {
            for text in texts {
                let values = list.values().as_any_mut().downcast_mut::<StringBuilder>();
                values.expect("invariant: the list is one of texts").append_value(text);
            }
            list.append(true);
        });
    }

    fn figures(&mut self, figures: Option<Figures>, bounds: bool) {
        self.with(|builder: &mut StructBuilder| {
            let mut fields = Appender { builder: &mut *builder, next: 0 };
            let mut number = |number| fields.with(|builder: &mut Float64Builder| builder.append_option(number));
            number(figures.map(|figures| figures.estimate));
            if bounds {
                number(figures.and_then(|figures| figures.low));
                number(figures.and_then(|figures| figures.high));
            }
            builder.append(figures.is_some());
        });
    }

    fn structs<T>(&mut self, things: &[T], mut append: impl FnMut(&mut Appender<'_>, &T)) {
        self.with(|list: &mut Structs| {
            for thing in things {
                let values = list.values().as_any_mut().downcast_mut::<StructBuilder>();
                let builder = values.expect("invariant: the list is one of structs");
                append(&mut Appender { builder: &mut *builder, next: 0 }, thing);
                builder.append(true);
            }
            list.append(true);
        });
    }
}
