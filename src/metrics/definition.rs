//! A definition with its parameters settled, and what can be wrong with one.

use super::registry::{DefinitionSpec, Measure, MetricIndex, ParameterSpec, RowMeasure, definitions};
use super::{TableRole, companion};
use crate::diagnostic::{Code, Kind, Label, List, or_nearest};
use std::fmt;

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// A word, such as `equal_mass`.
    Word(String),
    /// A number.
    Number(f64),
}

impl fmt::Display for ParamValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParamValue::Word(word) => out.write_str(word),
            ParamValue::Number(number) => write!(out, "{number}"),
        }
    }
}

impl From<&str> for ParamValue {
    fn from(word: &str) -> Self {
        ParamValue::Word(word.to_owned())
    }
}

impl From<f64> for ParamValue {
    fn from(number: f64) -> Self {
        ParamValue::Number(number)
    }
}

/// A definition from the registry with a value for each of its parameters.
///
/// Its `Display` spells all of them out: `ece(table deployment, bins 15, binning equal_mass)`.
#[derive(Clone, Debug)]
pub struct Definition {
    spec: &'static DefinitionSpec,
    params: Vec<(&'static str, ParamValue)>,
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        self.spec.name == other.spec.name && self.params == other.params
    }
}

impl Definition {
    /// Returns the definition `name` over `index` with `params`; what is not given has its default.
    ///
    /// # Errors
    /// Says which name, index, parameter or value is wrong, and what would be right.
    pub fn new(name: &str, index: MetricIndex, params: &[(String, ParamValue)]) -> Result<Self, DefinitionError> {
        let spec = definitions()
            .iter()
            .find(|spec| spec.name == name)
            .ok_or_else(|| DefinitionError::UnknownDefinition { name: name.to_owned() })?;
        if !spec.indices.contains(&index) {
            return Err(DefinitionError::WrongIndex { definition: spec.name, index, offered: spec.indices });
        }
        let offered: Vec<&'static ParameterSpec> = spec.parameters_over(index).collect();
        for (position, (given, value)) in params.iter().enumerate() {
            let Some(parameter) = offered.iter().find(|parameter| parameter.name == given) else {
                return Err(DefinitionError::UnknownParameter {
                    definition: spec.name,
                    name: given.clone(),
                    offered: offered.iter().map(|parameter| parameter.name).collect(),
                });
            };
            if params.iter().take(position).any(|(earlier, _)| earlier == given) {
                return Err(DefinitionError::RepeatedParameter { definition: spec.name, name: parameter.name });
            }
            if !parameter.accepts(value) {
                return Err(DefinitionError::WrongValue { definition: spec.name, parameter, value: value.clone() });
            }
        }
        let params = offered
            .iter()
            .map(|parameter| {
                let given = params.iter().find(|(name, _)| name == parameter.name);
                (parameter.name, given.map_or_else(|| parameter.default_value(), |(_, value)| value.clone()))
            })
            .collect();
        Ok(Self { spec, params })
    }

    /// Returns the entry of the registry.
    pub fn spec(&self) -> &'static DefinitionSpec {
        self.spec
    }

    /// Returns the parameters and their values, in the registry's order.
    pub fn params(&self) -> &[(&'static str, ParamValue)] {
        &self.params
    }

    /// Returns the companion table that it is of; none for a metric of the pilot tables.
    pub fn companion(&self) -> Option<TableRole> {
        companion::table_of(self.measure())
    }

    /// Tells whether it counts every row of the pilot once, even where the manifest names a weight.
    pub fn ignores_weights(&self) -> bool {
        let of_rows = !matches!(self.measure(), Measure::OfRows(RowMeasure::LabelIssues));
        let weighted = matches!(self.measure(), Measure::OfRows(_) | Measure::Fairness(_) | Measure::SubgroupTest);
        self.companion().is_none() && !(weighted && of_rows)
    }

    pub(super) fn measure(&self) -> Measure {
        self.spec.measure
    }

    /// Returns the word given for `name`, or an empty one.
    pub(super) fn word(&self, name: &str) -> &str {
        match self.params.iter().find(|(given, _)| *given == name) {
            Some((_, ParamValue::Word(word))) => word,
            _ => "",
        }
    }

    /// Returns the number given for `name`, unless it is a word.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        match self.params.iter().find(|(given, _)| *given == name) {
            Some((_, ParamValue::Number(number))) => Some(*number),
            _ => None,
        }
    }

    /// Returns the text of the definition with `pilot` replaced by the pilot's threshold.
    pub(super) fn text(&self, threshold: Option<f64>) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|(name, value)| match (value, threshold) {
                (ParamValue::Word(word), Some(threshold)) if *name == "threshold" && word == "pilot" => {
                    format!("threshold {threshold}")
                }
                _ => format!("{name} {value}"),
            })
            .collect();
        if params.is_empty() { self.spec.name.to_owned() } else { format!("{}({})", self.spec.name, params.join(", ")) }
    }
}

impl fmt::Display for Definition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text(None))
    }
}

/// What can be wrong with a definition. The caller adds the place to the diagnostic.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DefinitionError {
    /// No definition has that name.
    #[error("there is no metric definition `{name}`")]
    UnknownDefinition {
        /// The name as written.
        name: String,
    },
    /// The definition has no value of that shape.
    #[error("`{definition}` has no value per {index}")]
    WrongIndex {
        /// The definition.
        definition: &'static str,
        /// The index asked for.
        index: MetricIndex,
        /// The indices offered.
        offered: &'static [MetricIndex],
    },
    /// The definition has no such parameter.
    #[error("`{definition}` has no parameter `{name}`")]
    UnknownParameter {
        /// The definition.
        definition: &'static str,
        /// The name as written.
        name: String,
        /// The parameters that it has over this index.
        offered: Vec<&'static str>,
    },
    /// A parameter was given twice.
    #[error("`{definition}` is given `{name}` twice")]
    RepeatedParameter {
        /// The definition.
        definition: &'static str,
        /// The parameter.
        name: &'static str,
    },
    /// A value is not allowed.
    #[error("`{value}` is not a value of `{}` in `{definition}`", parameter.name)]
    WrongValue {
        /// The definition.
        definition: &'static str,
        /// The parameter.
        parameter: &'static ParameterSpec,
        /// The value as written.
        value: ParamValue,
    },
}

impl Kind for DefinitionError {
    fn code(&self) -> Code {
        match self {
            DefinitionError::UnknownDefinition { .. } => Code::D201,
            DefinitionError::WrongIndex { .. } => Code::D202,
            DefinitionError::UnknownParameter { .. } | DefinitionError::RepeatedParameter { .. } => Code::D203,
            DefinitionError::WrongValue { .. } => Code::D204,
        }
    }

    fn labels(&self) -> Vec<Label> {
        Vec::new()
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            DefinitionError::UnknownDefinition { name } => {
                or_nearest(name, definitions().iter().map(|spec| spec.name), || {
                    "`etio doc metrics` lists every definition".to_owned()
                })
            }
            DefinitionError::WrongIndex { offered, .. } => {
                let offered: Vec<&str> = offered.iter().map(|index| index.as_str()).collect();
                format!("declare it per {}", List::or(offered))
            }
            DefinitionError::UnknownParameter { name, offered, .. } => {
                or_nearest(name, offered.iter().copied(), || match offered.as_slice() {
                    [] => "it has no parameters here".to_owned(),
                    _ => format!("it has {}", List::and(offered.iter().copied())),
                })
            }
            DefinitionError::RepeatedParameter { .. } => "keep one of them".to_owned(),
            DefinitionError::WrongValue { parameter, value, .. } => {
                let allowed = || format!("it takes {}", parameter.allowed());
                match value {
                    ParamValue::Word(word) => or_nearest(word, parameter.words.iter().copied(), allowed),
                    ParamValue::Number(_) => allowed(),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(list: &[(&str, ParamValue)]) -> Vec<(String, ParamValue)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn the_text_spells_every_parameter_out() {
        let ece = Definition::new("ece", MetricIndex::Scalar, &params(&[("bins", 15.0.into())])).unwrap();
        assert_eq!(ece.to_string(), "ece(table deployment, bins 15, binning equal_width)");
        let psi = Definition::new("psi", MetricIndex::Feature, &[]).unwrap();
        assert_eq!(psi.to_string(), "psi(smoothing half)");
        let psi = Definition::new("psi", MetricIndex::Scalar, &[]).unwrap();
        assert_eq!(psi.to_string(), "psi(smoothing half, of score)");
    }

    #[test]
    fn a_wrong_definition_names_the_right_one() {
        let help = |name: &str, index, list: &[(&str, ParamValue)]| {
            Definition::new(name, index, &params(list)).unwrap_err().help().unwrap()
        };
        assert_eq!(help("aurocc", MetricIndex::Scalar, &[]), "did you mean `auroc`?");
        assert_eq!(help("auroc", MetricIndex::Feature, &[]), "declare it per `scalar`, `subgroup` or `period`");
        assert_eq!(help("ece", MetricIndex::Scalar, &[("bin", 3.0.into())]), "did you mean `bins`?");
        assert_eq!(help("ece", MetricIndex::Scalar, &[("bins", 2.5.into())]), "it takes a whole number from 2 to 1000");
        assert_eq!(help("ece", MetricIndex::Scalar, &[("binning", "equal_mas".into())]), "did you mean `equal_mass`?");
    }
}
