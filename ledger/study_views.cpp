// The views of the studies' measurements, study by study.
#include "ledger/schema.h"

namespace isthmus::internal {

std::string_view study_views() {
  return R"sql(
-- Study rare-words.
-- The rare-words study: BLEU and chrF by how rare the words of the source are; beside it others of the same lengths.
CREATE VIEW quality_by_rare_words AS
SELECT
  rare_word_quality.analysis, studies.run, studies.model_run, studies.model, studies.corpus, measure, from_value,
  to_value, sentences, mean_value, mean_length, bleu, bleu_low, bleu_high, chrf, chrf_low, chrf_high, compared,
  matched_value, matched_bleu, matched_bleu_low, matched_bleu_high, matched_chrf, matched_chrf_low, matched_chrf_high,
  bleu_difference, bleu_difference_low, bleu_difference_high, chrf_difference, chrf_difference_low,
  chrf_difference_high, thin
FROM rare_word_quality JOIN studies ON studies.analysis = rare_word_quality.analysis
ORDER BY rare_word_quality.id;


-- Study information.
CREATE VIEW information_by_length AS
SELECT information_length.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  information_length.neutral, information_length.from_length, information_length.to_length,
  information_length.sentences, information_length.mean_length, information_length.nats, information_length.low,
  information_length.high, information_length.bits, information_length.gain, information_length.gain_low,
  information_length.gain_high, information_length.thin
FROM information_length JOIN studies ON studies.analysis = information_length.analysis;
CREATE VIEW information_by_position AS
SELECT information_position.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  information_position.neutral, information_position.position, information_position.sentences,
  information_position.nats, information_position.low, information_position.high
FROM information_position JOIN studies ON studies.analysis = information_position.analysis;


-- Study reliance.
CREATE VIEW reliance_by_position AS
SELECT reliance_position.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  reliance_position.context, reliance_position.position, reliance_position.sentences, reliance_position.loss,
  reliance_position.change, reliance_position.low, reliance_position.high
FROM reliance_position JOIN studies ON studies.analysis = reliance_position.analysis;


-- Study rank.
CREATE VIEW context_rank AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, figures.part, figures.subject,
  figures.sentences, figures.dimensions, figures.effective_rank, figures.effective_rank_low,
  figures.effective_rank_high, figures.participation_ratio, figures.participation_ratio_low,
  figures.participation_ratio_high, figures.axes_90, figures.axes_95, figures.axes_99, figures.mean_cosine,
  figures.mean_cosine_low, figures.mean_cosine_high, figures.centred_cosine, figures.centred_cosine_low,
  figures.centred_cosine_high
FROM rank_figures AS figures JOIN studies ON studies.analysis = figures.analysis;
CREATE VIEW context_scree AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, axes.part, axes.axis,
  axes.share, axes.cumulative, axes.shuffled_share, axes.shuffled_cumulative, axes.untrained_share,
  axes.untrained_cumulative
FROM rank_axes AS axes JOIN studies ON studies.analysis = axes.analysis;

-- Study saturation.
CREATE VIEW gate_saturation AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, figures.side, figures.layer,
  figures.direction, figures.gate, figures.activation, figures.units, figures.steps, figures.mean, figures.left_share,
  figures.right_share, figures.saturated, figures.saturated_low, figures.saturated_high, figures.stuck_units,
  figures.untrained_mean, figures.untrained_left_share, figures.untrained_right_share, figures.untrained_saturated,
  figures.untrained_stuck_units
FROM gate_figures AS figures JOIN studies ON studies.analysis = figures.analysis;
CREATE VIEW gate_histogram AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, bins.side, bins.layer,
  bins.direction, bins.gate, bins.activation, bins.from_value, bins.to_value, bins.share, bins.untrained_share
FROM gate_bins AS bins JOIN studies ON studies.analysis = bins.analysis;

-- Study map.
CREATE VIEW context_map AS
SELECT point.id, studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, point.line,
  sentence.words, sentence.source, point.x, point.y, point.untrained_x, point.untrained_y
FROM map_points AS point
JOIN studies ON studies.analysis = point.analysis
JOIN analysis ON analysis.id = point.analysis
JOIN sentence ON sentence.corpus = analysis.corpus AND sentence.line = point.line;
CREATE VIEW context_neighbours AS
SELECT near.id, studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, near.line,
  sentence.source, near.rank, near.neighbour, other.source AS neighbour_source, near.cosine, near.edits, near.distance,
  near.untrained_neighbour, near.untrained_cosine, near.untrained_distance
FROM map_neighbours AS near
JOIN studies ON studies.analysis = near.analysis
JOIN analysis ON analysis.id = near.analysis
JOIN sentence ON sentence.corpus = analysis.corpus AND sentence.line = near.line
JOIN sentence AS other ON other.corpus = analysis.corpus AND other.line = near.neighbour;
CREATE VIEW similarity_by_distance AS
SELECT studies.analysis, studies.run, studies.model_run, studies.model, studies.corpus, similarity.from_distance,
  similarity.to_distance, similarity.pairs, similarity.cosine, similarity.untrained_cosine, similarity.shuffled_pairs,
  similarity.shuffled_cosine
FROM map_similarity AS similarity JOIN studies ON studies.analysis = similarity.analysis;

-- Study word-order.
-- The word-order study: what a change of the source's order does to the context and to the loss of the reference.
CREATE VIEW loss_by_word_order AS
SELECT
  word_order_change.analysis, studies.run, studies.model_run, studies.model, studies.corpus, change, from_distance,
  to_distance, sentences, moved, cosine, cosine_low, cosine_high, centred_cosine, centred_cosine_low,
  centred_cosine_high, loss_rise, loss_rise_low, loss_rise_high, share, share_low, share_high
FROM word_order_change JOIN studies ON studies.analysis = word_order_change.analysis
ORDER BY word_order_change.id;


-- Study memory.
-- The memory study: what a piece of the source weighs, by its distance from either end.
CREATE VIEW memory_by_distance AS
SELECT
  memory_distance.analysis, studies.run, studies.model_run, studies.model, studies.corpus, counted_from, change,
  distance, sentences, context_change, context_change_low, context_change_high, loss_rise, loss_rise_low, loss_rise_high,
  untrained_context_change, untrained_context_change_low, untrained_context_change_high, self_context_change,
  self_loss_rise, thin
FROM memory_distance JOIN studies ON studies.analysis = memory_distance.analysis
ORDER BY memory_distance.id;

-- Half-lives that the memory study found.
CREATE VIEW memory_half_life AS
SELECT analysis, run, model_run, model, corpus, name, value, low, high, unit FROM findings
WHERE kind = 'memory' AND name LIKE '%half_life%';


-- Study gradients.
CREATE VIEW gradients_by_distance AS
SELECT
  gradient_norm.analysis, studies.run, studies.model_run, studies.model, studies.corpus, gradient_norm.quantity,
  gradient_norm.weights, gradient_norm.direction, gradient_norm.distance, gradient_norm.sentences,
  gradient_norm.mean, gradient_norm.low, gradient_norm.high, gradient_norm.geometric_mean,
  gradient_norm.geometric_low, gradient_norm.geometric_high, gradient_norm.fitted, gradient_norm.bound
FROM gradient_norm JOIN studies ON studies.analysis = gradient_norm.analysis;


-- Study erasure.
CREATE VIEW erasure_by_unit AS
SELECT erasure_unit.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  erasure_unit.arm, erasure_unit.rank, erasure_unit.unit, erasure_unit.kind, erasure_unit.layer,
  erasure_unit.importance, erasure_unit.low, erasure_unit.high
FROM erasure_unit JOIN studies ON studies.analysis = erasure_unit.analysis;


-- Study probes.
CREATE VIEW probes AS
SELECT
  probe.analysis, studies.run, studies.model_run, studies.model, studies.corpus, probe.task, probe.position,
  probe.features, probe.labels, probe.seed, probe.l2, probe.train_accuracy, probe.dev_accuracy, probe.test_accuracy,
  probe.n
FROM probe JOIN studies ON studies.analysis = probe.analysis;
-- A task's accuracy beside its controls; position NULL: the whole task.
CREATE VIEW probe_vs_control AS
SELECT
  probe_comparison.analysis, studies.run, studies.model_run, studies.model, studies.corpus, probe_comparison.task,
  probe_comparison.position, probe_comparison.n,
  probe_comparison.context, probe_comparison.context_low, probe_comparison.context_high,
  probe_comparison.untrained, probe_comparison.untrained_low, probe_comparison.untrained_high,
  probe_comparison.embeddings, probe_comparison.embeddings_low, probe_comparison.embeddings_high,
  probe_comparison.majority, probe_comparison.majority_low, probe_comparison.majority_high,
  probe_comparison.random_labels, probe_comparison.random_labels_low, probe_comparison.random_labels_high,
  probe_comparison.over_untrained, probe_comparison.over_untrained_low, probe_comparison.over_untrained_high,
  probe_comparison.over_embeddings, probe_comparison.over_embeddings_low, probe_comparison.over_embeddings_high,
  probe_comparison.over_majority, probe_comparison.over_majority_low, probe_comparison.over_majority_high,
  probe_comparison.selectivity, probe_comparison.selectivity_low, probe_comparison.selectivity_high
FROM probe_comparison JOIN studies ON studies.analysis = probe_comparison.analysis;


-- Study reconstruction.
CREATE VIEW reconstruction AS
SELECT
  reconstruction_accuracy.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  reconstruction_accuracy.scope, reconstruction_accuracy.contexts, reconstruction_accuracy.from_number,
  reconstruction_accuracy.to_number, reconstruction_accuracy.sentences, reconstruction_accuracy.pieces,
  reconstruction_accuracy.accuracy, reconstruction_accuracy.low, reconstruction_accuracy.high
FROM reconstruction_accuracy JOIN studies ON studies.analysis = reconstruction_accuracy.analysis;


-- Study length-units.
CREATE VIEW length_units AS
SELECT
  length_unit.analysis, studies.run, studies.model_run, studies.model, studies.corpus, length_unit.side,
  length_unit.variant, length_unit.units, length_unit.layer, length_unit.kind, length_unit.direction,
  length_unit.unit, length_unit.r2_selected, length_unit.r2, length_unit.low, length_unit.high
FROM length_unit JOIN studies ON studies.analysis = length_unit.analysis;
CREATE VIEW length_unit_values AS
SELECT
  length_unit_value.analysis, studies.run, studies.model_run, studies.model, studies.corpus, length_unit_value.side,
  length_unit_value.line, length_unit_value.step, length_unit_value.number, length_unit_value.value,
  length_unit_value.of_one, length_unit_value.of_two
FROM length_unit_value JOIN studies ON studies.analysis = length_unit_value.analysis;


-- Study noise.
CREATE VIEW quality_by_noise AS
SELECT noise_effect.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  noise_effect.arm, noise_effect.level, noise_effect.sentences, noise_effect.bleu, noise_effect.bleu_low,
  noise_effect.bleu_high, noise_effect.bleu_change, noise_effect.bleu_change_low, noise_effect.bleu_change_high,
  noise_effect.loss_change, noise_effect.loss_change_low, noise_effect.loss_change_high
FROM noise_effect JOIN studies ON studies.analysis = noise_effect.analysis;


-- Study quantise.
CREATE VIEW quality_by_bits AS
SELECT quantise_effect.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  quantise_effect.arm, quantise_effect.bits, quantise_effect.error, quantise_effect.sentences, quantise_effect.bleu,
  quantise_effect.bleu_low, quantise_effect.bleu_high, quantise_effect.bleu_change, quantise_effect.bleu_change_low,
  quantise_effect.bleu_change_high, quantise_effect.loss_change, quantise_effect.loss_change_low,
  quantise_effect.loss_change_high
FROM quantise_effect JOIN studies ON studies.analysis = quantise_effect.analysis;


-- Study project.
CREATE VIEW quality_by_axes AS
SELECT project_effect.analysis, studies.run, studies.model_run, studies.model, studies.corpus,
  project_effect.arm, project_effect.axes, project_effect.variance, project_effect.sentences, project_effect.bleu,
  project_effect.bleu_low, project_effect.bleu_high, project_effect.bleu_change, project_effect.bleu_change_low,
  project_effect.bleu_change_high, project_effect.loss_change, project_effect.loss_change_low,
  project_effect.loss_change_high
FROM project_effect JOIN studies ON studies.analysis = project_effect.analysis;


-- Study cost.
-- The cost study: the time of sentences by their length.
CREATE VIEW time_by_length AS
SELECT
  time_cost.analysis, studies.run, studies.model_run, studies.model, studies.corpus, operation, batch, threads,
  length, repetitions, time_cost.seconds, seconds_low, seconds_high, sentence_ms, sentence_ms_low, sentence_ms_high
FROM time_cost JOIN studies ON studies.analysis = time_cost.analysis
ORDER BY time_cost.id;


-- Study attention.
CREATE VIEW attention_weights AS
SELECT
  attention_weight.analysis, studies.run, studies.model_run, studies.model, studies.corpus, attention_weight.line,
  attention_weight.t, attention_weight.s, attention_weight.target_piece, attention_weight.source_piece,
  attention_weight.weight
FROM attention_weight JOIN studies ON studies.analysis = attention_weight.analysis;

CREATE VIEW attention_measures AS
SELECT
  attention_measure.analysis, studies.run, studies.model_run, studies.model, studies.corpus, attention_measure.measure,
  attention_measure.unit, attention_measure.value, attention_measure.low, attention_measure.high,
  attention_measure.uniform
FROM attention_measure JOIN studies ON studies.analysis = attention_measure.analysis;


-- Study cells.
-- Cells at equal size and at equal parameters.
CREATE VIEW cells_compared AS
SELECT
  cell_quality.analysis, studies.run, studies.corpus,
  cell_quality.matched, cell_quality.cell, cell_quality.hidden, cell_quality.parameters,
  cell_quality.updates, cell_quality.minutes, cell_quality.target_tokens_per_s, cell_quality.peak_memory_mb,
  cell_quality.bleu, cell_quality.low, cell_quality.high, cell_quality.long_sentences,
  cell_quality.long_bleu, cell_quality.long_low, cell_quality.long_high, cell_quality.half_life,
  cell_quality.half_life_low, cell_quality.half_life_high, cell_quality.train_run, cell_quality.decode
FROM cell_quality JOIN studies ON studies.analysis = cell_quality.analysis;
-- LSTM against GRU, and against RNN.
CREATE VIEW cell_differences AS
SELECT
  cell_difference.analysis, studies.run, studies.corpus,
  cell_difference.matched, cell_difference.cell, cell_difference.baseline, cell_difference.quantity,
  cell_difference.value, cell_difference.baseline_value, cell_difference.difference, cell_difference.low,
  cell_difference.high, cell_difference.p
FROM cell_difference JOIN studies ON studies.analysis = cell_difference.analysis;

-- Study capacity.
-- The models of a sweep over sizes.
CREATE VIEW capacities AS
SELECT
  capacity_model.analysis, studies.run, studies.corpus,
  capacity_model.cell, capacity_model.hidden, capacity_model.context_size, capacity_model.parameters,
  capacity_model.updates, capacity_model.target_tokens_per_s, capacity_model.bleu, capacity_model.low,
  capacity_model.high, capacity_model.slope, capacity_model.slope_low, capacity_model.slope_high,
  capacity_model.half_length, capacity_model.half_length_low, capacity_model.half_length_high,
  capacity_model.gain, capacity_model.gain_low, capacity_model.gain_high, capacity_model.gain_p,
  capacity_model.train_run, capacity_model.decode
FROM capacity_model JOIN studies ON studies.analysis = capacity_model.analysis;
-- BLEU by length of the models of a sweep over sizes.
CREATE VIEW bleu_by_capacity AS
SELECT
  capacity_bin.analysis, studies.run, studies.corpus,
  capacity_bin.model, capacity_bin.cell, capacity_bin.hidden, capacity_bin.from_length,
  capacity_bin.to_length, capacity_bin.sentences, capacity_bin.mean_length, capacity_bin.bleu,
  capacity_bin.low, capacity_bin.high, capacity_bin.thin
FROM capacity_bin JOIN studies ON studies.analysis = capacity_bin.analysis;

-- Study cures.
-- What helps against the bottleneck.
CREATE VIEW cures_compared AS
SELECT
  cure_quality.analysis, studies.run, studies.corpus,
  cure_quality.cure, cure_quality.role, cure_quality.parameters, cure_quality.updates,
  cure_quality.target_tokens_per_s, cure_quality.bleu, cure_quality.low, cure_quality.high,
  cure_quality.gain, cure_quality.gain_low, cure_quality.gain_high, cure_quality.gain_p,
  cure_quality.long_sentences, cure_quality.long_bleu, cure_quality.long_low, cure_quality.long_high,
  cure_quality.long_gain, cure_quality.long_gain_low, cure_quality.long_gain_high, cure_quality.long_gain_p,
  cure_quality.slope, cure_quality.slope_low, cure_quality.slope_high, cure_quality.train_run,
  cure_quality.decode
FROM cure_quality JOIN studies ON studies.analysis = cure_quality.analysis;

)sql";
}

}  // namespace isthmus::internal
