// Plans and comparisons of the studies that train, with planted figures: nothing is trained here.
#include <algorithm>
#include <cmath>

#include "analysis/advice.h"
#include "analysis/cells.h"
#include "analysis/context_edits.h"
#include "analysis/cures.h"
#include "analysis/estimates.h"
#include "analysis/model_comparison.h"
#include "analysis/training_study.h"
#include "core/error.h"
#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

ModelOptions translator() {
  ModelOptions options;
  options.source_vocabulary = options.target_vocabulary = 8000;
  return options;
}

TrainingStudyOptions few_resamples() {
  TrainingStudyOptions options;
  options.resamples = 200;
  options.budget = "3 minutes";
  return options;
}

/// 600 sentences of 1 to 30 words, translated as many words long, of which each is right with the probability that
/// `keep` gives its sentence's length; higher orders match where all their words do.
template <class Keep>
std::vector<BleuStatistics> translated(std::uint64_t seed, const Keep& keep) {
  Random random(seed);
  std::vector<BleuStatistics> sentences;
  for (int i = 0; i < 600; ++i) {
    const int words = 1 + i % 30;
    std::vector<bool> right;
    for (int w = 0; w < words; ++w) right.push_back(random.uniform() < keep(words));
    BleuStatistics bleu;
    bleu.hypothesis_length = bleu.reference_length = words;
    for (int n = 1; n <= 4; ++n) {
      for (int w = 0; w + n <= words; ++w) {
        const bool all = std::all_of(right.begin() + w, right.begin() + w + n, [](bool one) { return one; });
        bleu.matches[static_cast<std::size_t>(n - 1)] += all;
        bleu.totals[static_cast<std::size_t>(n - 1)] += 1;
      }
    }
    sentences.push_back(bleu);
  }
  return sentences;
}

std::vector<std::int64_t> lengths() {
  std::vector<std::int64_t> words;
  for (int i = 0; i < 600; ++i) words.push_back(1 + i % 30);
  return words;
}

double always(int) { return 0.7; }
double much(int) { return 0.85; }
/// Good up to ten words, bad beyond.
double forgets(int words) { return words <= 10 ? 0.8 : 0.4; }

/// The plan's models with these translations.
template <class Translate>
TrainedModels trained(const std::vector<PlannedModel>& plan, const Translate& translate) {
  TrainedModels models{.words = lengths()};
  for (const PlannedModel& one : plan) {
    TrainedModel model{.plan = one, .parameters = 1000, .updates = 500, .target_tokens_per_s = 1000.0};
    model.bleu = translate(one, models.models.size());
    models.models.push_back(std::move(model));
  }
  return models;
}

Estimate value_of(const StudyResult& result, const std::string& name) {
  for (const FindingRow& row : result.findings) {
    if (row.name == name) return {row.value.value_or(NAN), row.low.value_or(NAN), row.high.value_or(NAN)};
  }
  FAIL("no finding " << name);
  return {};
}

}  // namespace

TEST_CASE("Hidden sizes of equal parameters are within 1 % of the LSTM's, and the nearest there are") {
  for (const TiedEmbeddings tied : {TiedEmbeddings::kNone, TiedEmbeddings::kAll}) {
    for (const std::int64_t hidden : {128, 512}) {
      for (const bool both : {false, true}) {
        for (const CellType cell : {CellType::kGru, CellType::kTanh}) {
          ModelOptions like = translator();
          like.hidden = hidden;
          like.tied_embeddings = tied;
          like.bidirectional = both;
          const auto wanted = static_cast<double>(count_parameters(like));
          ModelOptions other = like;
          other.cell = cell;
          const auto off = [&](std::int64_t size) {
            other.hidden = size;
            return std::abs(static_cast<double>(count_parameters(other)) / wanted - 1);
          };
          const std::int64_t size = hidden_for_equal_parameters(like, cell);
          INFO(hidden << " " << both << " " << name_of(cell) << " " << size);
          CHECK(size > hidden);
          CHECK(off(size) < 0.01);
          const std::int64_t step = both ? 2 : 1;
          CHECK(off(size) <= off(size + step));
          CHECK(off(size) <= off(size - step));
          check(other);
        }
      }
    }
  }
  ModelOptions same = translator();
  CHECK(hidden_for_equal_parameters(same, CellType::kLstm) == same.hidden);
}

TEST_CASE("Plans: each model has a file of its own, and differs from the first in what the study is about") {
  const TrainingStudyOptions options = few_resamples();
  for (const TrainingStudy& study : training_studies()) {
    const std::vector<PlannedModel> plan = study.plan(translator(), options);
    std::vector<std::string> stems;
    for (const PlannedModel& one : plan) {
      check(one.model);
      stems.push_back(stem_of(one));
    }
    std::sort(stems.begin(), stems.end());
    INFO(study.name);
    CHECK(std::adjacent_find(stems.begin(), stems.end()) == stems.end());
    CHECK(find_training_study(study.name) == &study);
  }
  CHECK(find_training_study("length") == nullptr);
  const std::vector<PlannedModel> cures = plan_cures(translator(), options);
  REQUIRE(cures.size() == 7);
  CHECK(stem_of(cures[0]) == "lstm-512");
  CHECK(stem_of(cures[1]) == "lstm-512-reversed");
  CHECK(cures.back().other_seed);
  TrainingStudyOptions without = options;
  without.contrast.control = false;
  CHECK(plan_cells(translator(), without).size() == 5);

  without.capacity.sizes = "128,32";
  without.capacity.cells = "gru,lstm";
  const std::vector<PlannedModel> sweep = plan_capacity(translator(), without);
  REQUIRE(sweep.size() == 4);
  CHECK(sweep[0].name == "gru 32");
  CHECK(sweep[3].name == "lstm 128");
  CHECK(context_size(sweep[0].model) == 32);
  CHECK(context_size(sweep[3].model) == 256);
  for (const char* sizes : {"", "64,", "64,64", "064,64", "x", "0", "-3", "64 128"}) {
    INFO(sizes);
    without.capacity.sizes = sizes;
    CHECK_THROWS_AS(plan_capacity(translator(), without), UsageError);
  }
  without.capacity.sizes = "64";
  without.capacity.cells = "lstm,elman";
  CHECK_THROWS_WITH(plan_capacity(translator(), without), Catch::Contains("elman") && Catch::Contains("rnn, gru"));
}

TEST_CASE("Contrasts: a better model is told, the same quality is not, and only long sentences count as such") {
  const TrainingStudyOptions options = few_resamples();
  const std::vector<std::int64_t> words = lengths();
  const TrainedModel plain{.bleu = translated(1, always)}, same{.bleu = translated(2, always)},
      better{.bleu = translated(3, much)}, short_ones{.bleu = translated(4, forgets)};
  const BleuContrast none = contrast_bleu(plain, same, words, 0, options);
  CHECK(none.sentences == 600);
  CHECK(none.difference.low < 0);
  CHECK(none.difference.high > 0);
  CHECK_FALSE(is_told(none));
  const BleuContrast gain = contrast_bleu(plain, better, words, 20, options);
  CHECK(gain.sentences == 200);
  CHECK(gain.difference.low > 0);
  CHECK(gain.difference.value == Approx(gain.model.value - gain.baseline.value));
  CHECK(is_told(gain));
  CHECK(contrast_bleu(plain, short_ones, words, 10, options).difference.high < 0);
  CHECK(contrast_bleu(plain, plain, words, 0, options).p == 1);
  const BleuContrast nobody = contrast_bleu(plain, better, words, 30, options);
  CHECK(nobody.sentences == 0);
  CHECK(std::isnan(nobody.model.value));
  CHECK_FALSE(is_told(nobody));
}

TEST_CASE("The cells study names the cell that is better and by how much, and says so where it cannot tell") {
  const TrainingStudyOptions options = few_resamples();
  const std::vector<PlannedModel> plan = plan_cells(translator(), options);
  const auto run = [&](bool gru_is_better) {
    TrainedModels models = trained(plan, [&](const PlannedModel& one, std::size_t place) {
      const bool gru = one.model.cell == CellType::kGru;
      return translated(place + 10, gru && gru_is_better ? much : always);
    });
    for (TrainedModel& model : models.models) {
      if (model.plan.model.cell == CellType::kGru) model.target_tokens_per_s = 1300;
      model.findings["gradients"] = {{.name = "state_half_life", .value = 3.5, .low = 3, .high = 4},
                                     {.name = "untrained_state_half_life", .value = 1}};
    }
    return compare_cells(models, options);
  };
  const StudyResult better = run(true);
  CHECK(value_of(better, "bleu_difference_gru_size").low > 0);
  CHECK(value_of(better, "bleu_difference_rnn_size").low < 0);
  CHECK(value_of(better, "speed_ratio_gru_parameters").value == Approx(1.3));
  CHECK(std::abs(value_of(better, "bleu_difference_control").value) < value_of(better, "bleu_difference_gru_size").low);
  CHECK_THAT(better.verdict, Catch::Contains("within 3 minutes, for 500 updates") &&
                                 Catch::Contains("gru keeps half of it over 3.5 [3.0, 4.0] steps") &&
                                 Catch::Contains("1.30 times as many") && Catch::Contains("another seed"));
  CHECK_THAT(better.meaning, Catch::Contains("take gru"));
  REQUIRE(better.tables.size() == 2);
  const MeasurementRows& quality = better.tables[0];
  REQUIRE(quality.rows.size() == 7);  // the LSTM stands in both groups
  const auto column = [&](const char* name) {
    return static_cast<std::size_t>(std::find(quality.columns.begin(), quality.columns.end(), name) -
                                    quality.columns.begin());
  };
  CHECK(std::get<double>(quality.rows[0][column("half_life")]) == 3.5);
  CHECK(std::get<std::int64_t>(quality.rows[0][column("long_sentences")]) == 200);
  for (const MeasurementRows& table : better.tables) {
    for (const auto& row : table.rows) CHECK(row.size() == table.columns.size());
  }
  CHECK_THAT(run(false).meaning, Catch::Contains("no difference of gru and lstm"));
}

TEST_CASE("The capacity study tells a gain of size, and none where there is none") {
  TrainingStudyOptions options = few_resamples();
  options.capacity.sizes = "64,128";
  const std::vector<PlannedModel> plan = plan_capacity(translator(), options);
  const auto run = [&](bool gains, double slope = std::nan("")) {
    TrainedModels models = trained(plan, [&](const PlannedModel&, std::size_t place) {
      return translated(place + 20, gains && place == 1 ? much : always);
    });
    models.models[0].findings["length"] = {{.name = "bleu_slope", .value = -9, .low = -11, .high = -7},
                                           {.name = "half_length", .value = 16, .low = 11, .high = 21}};
    models.models[1].findings["length"] = {{.name = "bleu_slope", .value = slope, .low = slope - 1, .high = slope + 1}};
    models.models[0].lengths = {{.metric = "bleu", .from = 1, .to = 5, .sentences = 100, .quality = {50, 45, 55}}};
    return compare_capacity(models, options);
  };
  const StudyResult gains = run(true);
  CHECK(value_of(gains, "gain_lstm").low > 0);
  CHECK(value_of(gains, "half_length_lstm_64").value == 16);
  CHECK(value_of(gains, "slope_lstm_64").high == -7);
  CHECK(std::isnan(value_of(gains, "half_length_lstm_128").value));
  CHECK_THAT(gains.verdict, Catch::Contains("from 64 to 128 units"));
  CHECK_THAT(gains.meaning, Catch::Contains("A larger model translates better"));
  CHECK_THAT(run(true, -7).meaning, Catch::Contains("A larger model translates better"));  // -8 to -6: may be as steep
  CHECK_THAT(run(true, -3).meaning, Catch::Contains("A larger context carries more, of long sentences above all"));
  REQUIRE(gains.tables.size() == 2);
  CHECK(gains.tables[0].rows.size() == 2);
  CHECK(gains.tables[1].rows.size() == 1);
  for (const MeasurementRows& table : gains.tables) {
    for (const auto& row : table.rows) CHECK(row.size() == table.columns.size());
  }
  CHECK_THAT(run(false).meaning, Catch::Contains("No gain"));
}

TEST_CASE("The cures study names what helps long sentences, and nothing where nothing helps") {
  const TrainingStudyOptions options = few_resamples();
  const std::vector<PlannedModel> plan = plan_cures(translator(), options);
  const auto run = [&](bool attention_helps) {
    return compare_cures(trained(plan,
                                 [&](const PlannedModel& one, std::size_t place) {
                                   const bool attends = one.name == "luong attention";
                                   return translated(place + 40, attends && attention_helps ? always : forgets);
                                 }),
                         options);
  };
  const StudyResult helps = run(true);
  CHECK(value_of(helps, "long_gain_luong_attention").low > 0);
  CHECK(value_of(helps, "gain_control").low < 0);
  CHECK(value_of(helps, "gain_control").high > 0);
  CHECK_THAT(helps.meaning, Catch::Contains("luong attention helps most"));
  CHECK_THAT(helps.verdict, Catch::Contains("Gains on the long ones: luong attention +"));
  REQUIRE(helps.tables.size() == 1);
  CHECK(helps.tables[0].rows.size() == 7);
  for (const auto& row : helps.tables[0].rows) CHECK(row.size() == helps.tables[0].columns.size());
}

namespace {

std::vector<MeasuredSentence> measured_sentences(const std::vector<BleuStatistics>& bleu) {
  std::vector<MeasuredSentence> sentences;
  const std::vector<std::int64_t> words = lengths();
  for (std::size_t i = 0; i < bleu.size(); ++i) sentences.push_back({words[i], bleu[i]});
  return sentences;
}

}  // namespace

TEST_CASE("A cure that gains no more than another seed is none") {
  const TrainingStudyOptions options = few_resamples();
  const StudyResult result = compare_cures(trained(plan_cures(translator(), options),
                                                   [](const PlannedModel& one, std::size_t place) {
                                                     const bool lucky = one.name == "both directions" || one.other_seed;
                                                     return translated(lucky ? 60 : 61 + place, lucky ? much : always);
                                                   }),
                                           options);
  CHECK(value_of(result, "gain_both_directions").low > 0);
  CHECK_THAT(result.meaning, Catch::StartsWith("No cure can be told"));
}

TEST_CASE("The length where BLEU falls under a threshold is found, with an interval, and none where it does not fall") {
  const std::vector<MeasuredSentence> falls = measured_sentences(translated(5, forgets));
  const LengthLimit half = length_limit(falls, 0, {}, 200, 1);
  CHECK(half.length.value == 11);
  CHECK(half.length.low == 11);
  CHECK(half.length.high == 11);
  CHECK(half.threshold == Approx(half.best / 2));
  CHECK(half.longest == 30);
  const LengthLimit never = length_limit(measured_sentences(translated(6, always)), 5, {}, 200, 1);
  CHECK(std::isinf(never.length.value));
  CHECK(never.threshold == 5);
  // Asked for more than it ever has, it is under it from the first bin on.
  const LengthLimit too_much = length_limit(falls, 99, {}, 50, 1);
  CHECK(too_much.length.value == 1);
  CHECK_FALSE(too_much.reached());
  CHECK(half.reached());
  // Bins with few sentences are not believed.
  LengthOptions many;
  many.min_sentences = 1000;
  CHECK(std::isnan(length_limit(falls, 0, many, 50, 1).length.value));
}

TEST_CASE("Advice: a larger size and a cure where the ledger has measured them, else what would measure them") {
  Evidence evidence{.sweep = 7, .corpus = "test.en"};
  evidence.models = {{"lstm", 64, 3, measured_sentences(translated(7, forgets))},
                     {"lstm", 256, 4, measured_sentences(translated(8, always))}};
  AdviceOptions options{.size = 64, .resamples = 100};
  Advice advice = advise(evidence, options);
  REQUIRE(advice.models.size() == 1);
  CHECK_THAT(advice.models[0].text,
             Catch::Contains("lstm of 64 units: under BLEU") && Catch::Contains("from 11 words"));
  REQUIRE(advice.suggestions.size() == 4);
  CHECK(advice.suggestions[0].what == "larger size");
  CHECK_THAT(advice.suggestions[0].text, Catch::StartsWith("256 units reach farther") && !Catch::Contains("chance"));
  CHECK_THAT(advice.suggestions[0].rests_on, Catch::Contains("study 7") && Catch::Contains("decodes 3 and 4"));
  CHECK_THAT(advice.suggestions[1].text, Catch::Contains("isthmus analyze cures"));
  CHECK_THAT(advice.suggestions[2].text, Catch::Contains("isthmus analyze cells"));
  CHECK_THAT(advice.suggestions[3].text, Catch::Contains("parts of fewer than 11 words"));

  evidence.has_cures = evidence.has_cells = true;
  const auto remedy = [](const char* name, double gain, double p, double long_gain, double long_p) {
    return MeasuredRemedy{.name = name,
                          .gain = gain,
                          .gain_p = p,
                          .long_gain = long_gain,
                          .long_gain_p = long_p,
                          .chance = 0.7,
                          .long_chance = 0.9};
  };
  evidence.remedies = {remedy("reversed source", 1.0, 0.02, 0.5, 0.4), remedy("luong attention", 5, 0.001, 8, 0.001),
                       remedy("both directions", 0.1, 0.8, 0.2, 0.7), remedy("gru", -1.0, 0.01, -2.0, 0.01),
                       remedy("context at every step", 0.6, 0.001, 0.8, 0.001)};  // another seed does as much
  advice = advise(evidence, options);
  REQUIRE(advice.suggestions.size() == 4);
  CHECK(advice.suggestions[1].what == "luong attention");
  CHECK_THAT(advice.suggestions[1].text, Catch::Contains("gained 8.0 BLEU on sources of more than 20 words"));
  CHECK(advice.suggestions[2].what == "reversed source");
  CHECK_THAT(advice.suggestions[2].text, Catch::Contains("no gain can be told"));

  options.bleu = 99;
  advice = advise(evidence, options);
  CHECK_THAT(advice.models[0].text, Catch::Contains("never BLEU 99.0, at best"));
  CHECK_THAT(advice.suggestions.back().text, !Catch::Contains("parts of"));
  options.bleu = 0;

  options.size = 0;  // all sizes; the largest holds everything
  advice = advise(evidence, options);
  CHECK(advice.models.size() == 2);
  REQUIRE(advice.suggestions.size() == 1);
  CHECK(advice.suggestions[0].what == "no change");
  options.size = 100;
  CHECK_THROWS_WITH(advise(evidence, options), Catch::Contains("has 64, 256"));
}
