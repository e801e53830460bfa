//! What each rule of the grammar is called in messages.
//!
//! The match is exhaustive: a new rule does not compile until someone has named it. Rules that
//! share a name are one alternative in "expected …".

use super::grammar::Rule;

/// The words that open a clause, for "did you mean".
pub(super) const CLAUSES: &[&str] = &[
    "addresses",
    "arxiv",
    "ask",
    "authors",
    "base_rate",
    "basis",
    "because",
    "category",
    "causes",
    "cite",
    "deprecated",
    "detectability",
    "dimension",
    "disabled",
    "doi",
    "effort",
    "evidence",
    "expect",
    "for each",
    "from",
    "given",
    "item",
    "language",
    "license",
    "needs",
    "phase",
    "pmid",
    "precedence",
    "probes",
    "reads",
    "row",
    "satisfies",
    "severity",
    "since",
    "then",
    "unread",
    "url",
    "venue",
    "version",
    "when",
    "year",
];

/// The words that open an action, for "did you mean".
pub(super) const ACTIONS: &[&str] =
    &["conclude", "suspect", "exonerate", "raise", "lower", "set", "recommend", "contraindicate", "require", "flag"];

/// Returns the name in the language's words; none for what nobody should be told to write.
pub(super) fn name_in_messages(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => "the end of the declaration",
        Rule::word | Rule::name | Rule::subject => "a name",
        Rule::overridden => "what is overridden, such as `rule`",
        Rule::requirement => "a version requirement such as `^1.0`",
        Rule::text => "a text in quotes",
        Rule::number | Rule::signed => "a number",
        Rule::quantity => "a number",
        Rule::range => "a range such as `1..10`",
        Rule::date => "a date",
        Rule::version => "a version such as `1.0.0`",
        Rule::declaration | Rule::importation | Rule::amendment => "a declaration",
        Rule::index_list => "`[`",
        Rule::role_list => "`(`",
        Rule::role => "a parameter and its set, such as `from: system`",
        Rule::title => "a title in quotes",
        Rule::value_type => "a type after `:`",
        Rule::one_of | Rule::many_of | Rule::score | Rule::measured | Rule::type_word => "a type",
        Rule::option | Rule::option_word => "an option",
        Rule::direction => "`lower is better` or `higher is better`",
        Rule::definition => "a definition after `=`",
        Rule::parameter => "a parameter with its value",
        Rule::enclosing => "`within`",
        Rule::body | Rule::opening => "`{`",
        Rule::closing => "`}`",
        Rule::reason | Rule::citation | Rule::basis | Rule::since | Rule::deprecation | Rule::satisfaction => "a clause",
        Rule::edition | Rule::language | Rule::license | Rule::bibliography | Rule::field | Rule::year => "a clause",
        Rule::item | Rule::unread => "a clause",
        Rule::aside => "`aside` and a reason in quotes",
        Rule::category | Rule::dimension | Rule::severity | Rule::detectability | Rule::base_rate => "a clause",
        Rule::causation | Rule::address | Rule::effort | Rule::needs | Rule::start | Rule::row => "a clause",
        Rule::precedence | Rule::ask | Rule::phase | Rule::probes | Rule::reads | Rule::each | Rule::condition | Rule::evidence => "a clause",
        Rule::consequence | Rule::given | Rule::expectation | Rule::disabled => "a clause",
        Rule::no_clause => "a clause",
        Rule::no_operator => "an operator",
        Rule::satisfied => "a source and an item in quotes",
        Rule::arrow => "`->`",
        Rule::ground => "a reason in braces",
        Rule::counting | Rule::counted_word => "`counted`",
        Rule::share => "a count such as `12 of 34`",
        Rule::against_word => "`against`",
        Rule::interval_word => "`interval`",
        Rule::judged_word => "`judged`",
        Rule::binding => "a variable and its set, such as `s in subgroup`",
        Rule::conclude
        | Rule::suspect
        | Rule::exonerate
        | Rule::adjustment
        | Rule::change
        | Rule::recommend
        | Rule::contraindicate
        | Rule::demand
        | Rule::flag => "an action",
        Rule::rating => "`severity` or `detectability`",
        Rule::step => "`by` or `to`",
        Rule::formula | Rule::simple => "a condition or a value",
        Rule::no_value | Rule::sum | Rule::group | Rule::aggregate | Rule::aggregate_word | Rule::atom | Rule::minus => "a value",
        Rule::negation | Rule::quantifier | Rule::quantifier_word => "a condition",
        Rule::tally | Rule::count_word => "a value",
        Rule::in_word => "`in`",
        Rule::where_word => "`where`",
        Rule::of_word => "`of`",
        Rule::group_end => "`)`",
        Rule::likelihood_word => "`likelihood`",
        Rule::by_word => "`by`",
        Rule::strength_word => "`strength`",
        Rule::effect_word => "`effect`",
        Rule::conjunction | Rule::disjunction => "`and` or `or`",
        Rule::comparison => "a comparison",
        Rule::arithmetic => "an operator",
        Rule::between | Rule::between_word | Rule::membership | Rule::inclusion | Rule::includes_word => "a comparison",
        Rule::noise | Rule::exceeds_word => "a comparison",
        Rule::unit => "a unit",
        Rule::arguments => "`(`",
        Rule::members => "`[`",
        Rule::argument => "an argument",
        Rule::fact | Rule::related => "an input or a relation",
        Rule::none | Rule::no_word => "`no`",
        Rule::unsure => "`unsure`",
        Rule::given_value => "a value",
        Rule::floor | Rule::noise_word => "`noise`",
        Rule::expected
        | Rule::expected_rule
        | Rule::expected_measure
        | Rule::measure
        | Rule::expected_absence
        | Rule::expected_finding
        | Rule::expected_advice
        | Rule::unexpected_advice
        | Rule::expected_strike
        | Rule::expected_verdict
        | Rule::expected_flag => {
            "`rule`, `likelihood`, `risk`, `severity`, `detectability`, `finding`, `no finding`, `recommended`, \
             `not recommended`, `contraindicated`, `verdict` or `flagged`"
        }
        Rule::state => "`fired`, `not fired` or `undecided`",
        // Slips, and what only looks ahead.
        Rule::title_slip
        | Rule::stop_slip
        | Rule::text_slip
        | Rule::arrow_slip
        | Rule::if_slip
        | Rule::joint_slip
        | Rule::else_slip
        | Rule::action_slip
        | Rule::negation_slip
        | Rule::logic_slip
        | Rule::membership_slip
        | Rule::reserved
        | Rule::follower
        | Rule::unknown_clause
        | Rule::clause_word
        | Rule::known_clause
        // Blanks are never what is missing.
        | Rule::WHITESPACE
        | Rule::gap
        | Rule::margin
        | Rule::letter
        | Rule::first
        | Rule::header
        | Rule::clause
        | Rule::action
        | Rule::operand
        | Rule::prefix
        | Rule::infix
        | Rule::tight
        | Rule::postfix
        | Rule::primary => return None,
    })
}
