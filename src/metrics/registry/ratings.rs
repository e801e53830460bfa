//! Metrics of ratings of one scale from 1 to 5.

use super::parameter::{ICC_FORM, LEVEL, WEIGHTS};
use super::{MINUS_ONE, Measure, ONE, RatingMeasure, SCALAR_ONLY, ZERO};

registry! {
    "interpretability_score" "mean rating of explanations" [] over SCALAR_ONLY, Number ONE, Some(5.0), Higher,
        "mean of all ratings, 1 to 5", "interval bootstrap over items", Measure::Ratings(RatingMeasure::Score);
    "krippendorff_alpha" "agreement of raters beyond chance" [LEVEL] over SCALAR_ONLY, Number None, ONE, Higher,
        "1 - observed / expected disagreement over pairs of ratings; missing ratings do no harm",
        "Hayes and Krippendorff 2007; interval bootstrap over items", Measure::Ratings(RatingMeasure::Alpha);
    "cohen_kappa" "agreement of two raters beyond chance" [WEIGHTS] over SCALAR_ONLY, Number MINUS_ONE, ONE, Higher,
        "1 - sum(w o) / sum(w e), w the distance of two ratings", "Cohen 1968; interval bootstrap over items",
        Measure::Ratings(RatingMeasure::Cohen);
    "fleiss_kappa" "agreement of raters on the very rating, beyond chance" [] over SCALAR_ONLY, Number MINUS_ONE, ONE, Higher,
        "(P - Pe) / (1 - Pe); 4 against 5 is as bad as 1 against 5", "Fleiss 1971; interval bootstrap over items",
        Measure::Ratings(RatingMeasure::Fleiss);
    "icc" "intraclass correlation of ratings" [ICC_FORM] over SCALAR_ONLY, Number None, ONE, Higher,
        "icc1, icc_a1, icc_c1: ICC(1,1), ICC(A,1), ICC(C,1) of one rater; icc1_k, icc_ak, icc_ck: ICC(1,k), ICC(A,k), ICC(C,k) of all raters' mean",
        "McGraw and Wong 1996; names as pingouin; interval F", Measure::Ratings(RatingMeasure::Intraclass);
    "percent_agreement" "share of pairs of ratings that are equal" [] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean over items of equal pairs / pairs; chance is not taken out", "interval Wilson 1927 for two raters, else bootstrap",
        Measure::Ratings(RatingMeasure::Agreement);
}
