//! Metrics of ratings of one scale from 1 to 5.

use super::parameter::{ICC_FORM, LEVEL, WEIGHTS};
use super::{MINUS_ONE, Measure, ONE, RatingMeasure, SCALAR_ONLY, ZERO};

registry! {
    "interpretability_score" "mean rating of explanations" [] over SCALAR_ONLY, Number ONE, Some(5.0), Higher,
        "mean of all ratings, 1 to 5", "own definition", Measure::Ratings(RatingMeasure::Score)
        => "seeded bootstrap over items", "no item is rated", "";
    "krippendorff_alpha" "agreement of raters beyond chance" [LEVEL] over SCALAR_ONLY, Number None, ONE, Higher,
        "1 - observed / expected disagreement over pairs of ratings; missing ratings do no harm",
        "Hayes and Krippendorff 2007", Measure::Ratings(RatingMeasure::Alpha)
        => "seeded bootstrap over items", "no item has two ratings, or every rating is the same", "the Python package of that name raises where all ratings are equal";
    "cohen_kappa" "agreement of two raters beyond chance" [WEIGHTS] over SCALAR_ONLY, Number MINUS_ONE, ONE, Higher,
        "1 - sum(w o) / sum(w e), w the distance of two ratings", "Cohen 1968",
        Measure::Ratings(RatingMeasure::Cohen)
        => "seeded bootstrap over items", "there are not two raters, or both give one and the same rating", "scikit-learn takes unweighted if not told and needs the full list of labels for weights";
    "fleiss_kappa" "agreement of raters on the very rating, beyond chance" [] over SCALAR_ONLY, Number MINUS_ONE, ONE, Higher,
        "(P - Pe) / (1 - Pe); 4 against 5 is as bad as 1 against 5", "Fleiss 1971",
        Measure::Ratings(RatingMeasure::Fleiss)
        => "seeded bootstrap over items", "items differ in their number of ratings, or every rating is the same", "statsmodels prints nan; Randolph takes chance as equal over categories";
    "icc" "intraclass correlation of ratings" [ICC_FORM] over SCALAR_ONLY, Number None, ONE, Higher,
        "icc1, icc_a1, icc_c1: ICC(1,1), ICC(A,1), ICC(C,1) of one rater; icc1_k, icc_ak, icc_ck: ICC(1,k), ICC(A,k), ICC(C,k) of all raters' mean",
        "McGraw and Wong 1996; names as pingouin", Measure::Ratings(RatingMeasure::Intraclass)
        => "F, after McGraw and Wong", "fewer than two items are rated by all, or ratings vary no more between items than within", "pingouin prints all six forms";
    "percent_agreement" "share of pairs of ratings that are equal" [] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean over items of equal pairs / pairs; chance is not taken out", "own definition",
        Measure::Ratings(RatingMeasure::Agreement)
        => "Wilson for two raters, else seeded bootstrap over items", "no item has two ratings", "";
}
