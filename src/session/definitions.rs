//! The pack's metric definitions, held against the registry of the metric evaluator.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::metrics::{self, Definition, MetricIndex, MetricRequest, ParamValue, ValueKind};
use crate::model::{DefinitionCall, Direction, Input, InputKind, KnowledgeBase, ParameterValue, Type};

/// Returns what the evaluator is to compute for a pack whose definitions were checked.
pub fn metric_requests(knowledge: &KnowledgeBase) -> Vec<MetricRequest> {
    knowledge
        .inputs
        .values()
        .filter_map(|input| {
            let call = definition_of(input)?;
            let index = metric_index(input, knowledge)?;
            let definition = resolve(call, index).ok()?;
            Some(MetricRequest { id: input.id.clone(), definition, index })
        })
        .collect()
}

/// Returns what is wrong with the definitions of a pack's metrics.
pub(super) fn check_definitions(knowledge: &KnowledgeBase) -> Diagnostics {
    let mut problems = Diagnostics::default();
    for input in knowledge.inputs.values() {
        let Some(call) = definition_of(input) else { continue };
        let Some(index) = metric_index(input, knowledge) else {
            problems.push(
                Diagnostic::new(Code::D202, format!("no definition has a value for each member of `{}`'s set", input.id))
                    .with_label(call.name.span, "this is computed from pilot tables")
                    .with_help("pilot tables have `attribute`, `subgroup` and `feature`; or leave the definition out and give figures"),
            );
            continue;
        };
        match resolve(call, index) {
            Ok(definition) => problems.append(check_type(input, call, &definition)),
            Err(error) => {
                let place = match &error {
                    metrics::DefinitionError::UnknownParameter { name, .. } => place_of(call, name),
                    metrics::DefinitionError::WrongValue { parameter, .. } => place_of(call, parameter.name),
                    metrics::DefinitionError::RepeatedParameter { name, .. } => place_of(call, name),
                    _ => call.name.span,
                };
                problems.push(Diagnostic::from(error).with_label(place, "written here"));
            }
        }
    }
    problems
}

fn definition_of(input: &Input) -> Option<&DefinitionCall> {
    match &input.kind {
        InputKind::Metric { definition } => definition.as_ref(),
        InputKind::Metadata | InputKind::Question { .. } => None,
    }
}

fn metric_index(input: &Input, knowledge: &KnowledgeBase) -> Option<MetricIndex> {
    match input.indexes.as_slice() {
        [] => Some(MetricIndex::Scalar),
        [index] => match knowledge.indexes[*index].id.as_str() {
            "attribute" => Some(MetricIndex::Attribute),
            "subgroup" => Some(MetricIndex::Subgroup),
            "feature" => Some(MetricIndex::Feature),
            "period" => Some(MetricIndex::Period),
            _ => None,
        },
        _ => None,
    }
}

fn resolve(call: &DefinitionCall, index: MetricIndex) -> Result<Definition, metrics::DefinitionError> {
    let parameters: Vec<(String, ParamValue)> = call
        .parameters
        .iter()
        .map(|(name, value)| {
            let value = match &value.value {
                ParameterValue::Number(number) => ParamValue::Number(*number),
                ParameterValue::Word(word) => ParamValue::Word(word.clone()),
            };
            (name.value.clone(), value)
        })
        .collect();
    Definition::new(&call.name.value, index, &parameters)
}

fn place_of(call: &DefinitionCall, parameter: &str) -> crate::source::Span {
    call.parameters.iter().rev().find(|(name, _)| name.value == parameter).map_or(call.name.span, |(name, _)| name.span)
}

/// Tells whether a type is the scale of a definition: a mean of ratings from 1 to 5 may be declared as such a rating.
fn is_rating(declared: &Type, spec: &metrics::DefinitionSpec) -> bool {
    match declared {
        Type::Score { low, high } => (spec.low, spec.high) == (Some(f64::from(*low)), Some(f64::from(*high))),
        _ => false,
    }
}

/// A metric must be declared as what its definition gives: an ECE is a ratio, lower is better.
fn check_type(input: &Input, call: &DefinitionCall, definition: &Definition) -> Diagnostics {
    let spec = definition.spec();
    let fits = match spec.kind {
        ValueKind::Ratio => matches!(input.value_type, Type::Ratio),
        ValueKind::Number => matches!(input.value_type, Type::Number { .. }) || is_rating(&input.value_type, spec),
        ValueKind::Count => matches!(input.value_type, Type::Count),
    };
    let expected = match spec.kind {
        ValueKind::Ratio => "ratio",
        ValueKind::Number => "number",
        ValueKind::Count => "count",
    };
    let mut problems = Diagnostics::default();
    if !fits {
        problems.push(
            Diagnostic::new(
                Code::D205,
                format!("`{}` is declared as {}, but `{}` gives a {expected}", input.id, input.value_type, spec.name),
            )
            .with_label(input.span, format!("declared as {}", input.value_type))
            .with_label(call.name.span, format!("gives a {expected}"))
            .with_help(format!("declare it as `: {expected}`")),
        );
    }
    let direction = match spec.direction {
        metrics::Direction::Lower => Some(Direction::LowerIsBetter),
        metrics::Direction::Higher => Some(Direction::HigherIsBetter),
        metrics::Direction::None => None,
    };
    if let (Some(declared), Some(defined)) = (input.direction, direction)
        && declared != defined
    {
        let words = |direction| match direction {
            Direction::LowerIsBetter => "lower is better",
            Direction::HigherIsBetter => "higher is better",
        };
        problems.push(
            Diagnostic::new(
                Code::D205,
                format!("`{}` says {}, but of `{}` {}", input.id, words(declared), spec.name, words(defined)),
            )
            .with_label(input.span, "declared here")
            .with_help(format!("write `{}`", words(defined))),
        );
    }
    problems
}
