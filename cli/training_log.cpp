#include "cli/training_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/log.h"

namespace isthmus::cli {
namespace {

std::string rank_text(const ValidationReport& report) {
  if (report.best) return "best so far";
  if (report.stalled == 0) return fmt::format("update {} stays the best", report.best_update);
  return fmt::format("{} since the best", report.stalled);
}

std::string perplexity_text(double loss) {
  const double perplexity = std::exp(loss);
  return perplexity < 1e6 ? fmt::format("{:.2f}", perplexity) : fmt::format("{:.1e}", perplexity);
}

}  // namespace

void TrainingLog::on_update(const UpdateReport& report) {
  if (first_update_ < 0) {
    first_update_ = report.update - 1;
    first_seconds_ = report.seconds - report.update_seconds;
    first_epoch_ = report.epoch;
  }
  const auto tokens = static_cast<double>(report.target_tokens);
  loss_ += report.loss * tokens;
  tokens_ += tokens;
  seconds_ += report.update_seconds;
  norm_ += report.gradient_norm;
  sequence_.add(report.sequence);
  ++updates_;
  ranks_ = report.ranks;
  sent_bytes_ += report.sent_bytes;
  last_update_ = report.update;
  if (report.update % options_.log_every == 0) {
    log_info("epoch {:6.2f}  update {:7}  loss {:7.4f}  gradient {:6.2f}  rate {:.2e}  {:>6.0f} tokens/s  {}",
             report.epoch, report.update, loss_ / tokens_, norm_ / static_cast<double>(updates_), report.learning_rate,
             tokens_ / seconds_, clock_text(report.seconds));
    if (!sequence_.empty()) {
      log_info(
          "    {} {:.4f}  reward {:.4f}  entropy {:.2f}  top 1 {:.2f}  unique {:.2f}  effective {:.1f}  {:.0f} "
          "candidates/s",
          report.sequence->objective, sequence_.value(), sequence_.reward(), sequence_.entropy(), sequence_.top1(),
          sequence_.unique_share(), sequence_.effective_size(), sequence_.candidates_per_second());
    }
    loss_ = tokens_ = seconds_ = norm_ = 0.0;
    updates_ = 0;
    sequence_ = {};
  }
  if (talks_to_terminal() && report.seconds - drawn_ > 0.1) draw_bar(report);
}

void TrainingLog::draw_bar(const UpdateReport& report) {
  drawn_ = report.seconds;
  const StopOptions& stop = options_.stop;
  double share = 0.0;
  double left = 1e18;
  const double elapsed = report.seconds - first_seconds_;
  const auto consider = [&](double done, double total, double rate) {
    if (total <= 0) return;
    share = std::max(share, done / total);
    if (rate > 0) left = std::min(left, (total - done) / rate);
  };
  const auto updates = static_cast<double>(report.update);
  consider(updates, static_cast<double>(stop.max_updates), (updates - static_cast<double>(first_update_)) / elapsed);
  consider(report.epoch, static_cast<double>(stop.max_epochs), (report.epoch - first_epoch_) / elapsed);
  consider(report.seconds, 60.0 * stop.max_minutes, 1.0);
  const std::string tokens_per_second =
      seconds_ > 0 ? fmt::format(" · {:.0f} tokens/s", tokens_ / seconds_) : std::string();
  const std::string loss = tokens_ > 0 ? fmt::format(" · loss {:.3f}", loss_ / tokens_) : std::string();
  if (share > 0) {
    set_status_line(fmt::format("training {:3.0f}% ▕{}▏ {} left · epoch {:.2f}{}{}", 100 * share, bar_text(share, 8),
                                clock_text(left), report.epoch, loss, tokens_per_second));
  } else {
    set_status_line(fmt::format("training, epoch {:.2f}{}{} · {}", report.epoch, loss, tokens_per_second,
                                clock_text(report.seconds)));
  }
}

void TrainingLog::on_validation(const ValidationReport& report) {
  std::string scores;
  for (const ScoreReport& score : report.scores) {
    if (score.metric == "loss") {
      scores += fmt::format("  loss {:.4f} (perplexity {})", score.value, perplexity_text(score.value));
    } else {
      scores += fmt::format("  {} {:.2f}",
                            score.metric == "bleu"   ? "BLEU"
                            : score.metric == "chrf" ? "chrF"
                                                     : score.metric,
                            score.value);
    }
  }
  log_info("epoch {:6.2f}  update {:7}  validation:{}  length ratio {:.2f}  in {:.1f} s  {}", report.epoch,
           report.update, scores, report.length_ratio, report.seconds, rank_text(report));
  if (report.sample.size() == 3) {
    log_info("    source       {}\n    reference    {}\n    translation  {}", report.sample[0], report.sample[1],
             report.sample[2]);
  }
}

void TrainingLog::on_checkpoint(const CheckpointReport& report) {
  log_info("    saved {}{}", report.path, report.best ? "" : " (one of the last)");
}

void TrainingLog::tell_traffic() const {
  if (ranks_ == 1) return;
  const std::int64_t least = 2 * (ranks_ - 1) * parameters_ * static_cast<std::int64_t>(sizeof(float)) / ranks_;
  log_info("each update sent {} bytes; 2 (n − 1) / n of {} parameters are {}",
           with_commas(sent_bytes_ / (last_update_ - first_update_)), with_commas(parameters_), with_commas(least));
}

void TrainingLog::on_stop(const StopReport& report) {
  set_status_line("");
  tell_traffic();
  std::string best;
  if (report.best_update >= 0 && !report.best_metric.empty()) {
    best = fmt::format("; best {} {:.{}f} at update {}", report.best_metric, report.best_score,
                       report.best_metric == "loss" ? 4 : 2, report.best_update);
  }
  log_line(report.failed ? LogLevel::kError : LogLevel::kInfo,
           fmt::format("stopped: {}; {}, {:.2f} epochs, {} target tokens in {}{}", report.reason,
                       counted(report.updates, "update"), report.epoch, with_commas(report.total_tokens),
                       clock_text(report.seconds), best));
}

}  // namespace isthmus::cli
