#include "learn/train_run.h"

#include <fmt/format.h>

#include "base/leftovers.h"
#include "judge/metrics.h"
#include "learn/advice.h"
#include "learn/simple_score.h"
#include "learn/training_start.h"
#include "project/run_log.h"
#include "project/sample_changes.h"

namespace dragonet {

static bool is_unfinished(const Trained& trained, const TrainSettings& settings) {
  if (is_fitted(trained)) return false;
  const Epoch& last = trained.history.back();
  int best = 0;
  for (const Epoch& epoch : trained.history)
    if (epoch.best) best = epoch.number;
  if (trained.was_stopped) return true;
  return last.number < settings.epochs && last.number - best < settings.patience;
}

/// Of an epoch's time, on average.
static double waiting_of(const std::vector<Epoch>& history) {
  std::vector<double> shares;
  for (const Epoch& epoch : history) shares.push_back(epoch.waiting);
  return mean(shares);
}

Split first_split(const Project& project, const Samples& samples) {
  return split_of(samples.dataset, group_folds(samples.dataset, project.folds, project.train.seed), 0);
}

static void train_into(TrainedRun& done, const Project& project, const Samples& samples, const TrainingStart& start,
                       const Observer& observer) {
  const Split split = first_split(project, samples);
  done.trained = train_and_quantize(project, samples, split, start, observer);
  save_run(done.run, project, record_of(done.trained, project, samples), done.trained.real, done.trained.int8);
  done.unfinished = is_unfinished(done.trained, project.train);
  if (!done.unfinished) fs::remove(done.run.checkpoint());  // last: until here --resume could go on
  done.judgement = judge(done.trained.real, done.trained.int8, samples, split.test);
  done.simpler = simple_score_text(project, samples, split, done.judgement.int8_score, observer);
  done.advice = folds_advice(done.judgement.int8_score, samples.dataset);
  done.threshold = threshold_advice(project.task(), samples_of_threshold(done.trained).size());
  done.said = said_test_advice(samples.dataset, split.test);
}

static void require_same_samples(const Samples& samples, const Run& run) {
  require_unchanged(samples, "while training",
                    fmt::format("{} is whole, and of the samples as they were read; `dragonet train` anew takes them "
                                "as they are",
                                fs::relative(run.folder).string()));
}

TrainedRun train_project(Project project, const TrainRunOptions& options, const Observer& observer) {
  if (options.qat) project.train.qat = Qat::always;
  sweep_all(project.samples_folder());  // of `data say` and `data record` that were killed
  const Samples samples =
      load_samples(project.samples_folder(), project.labels, project.features, project.cache_folder(), observer);
  tell_of(samples, observer);
  TrainedRun done{.run = options.resume ? newest_run(project) : next_run(project),
                  .samples = samples.dataset.samples.size(),
                  .skipped = samples.skipped.size()};
  const TrainingStart start = options.resume ? resume_training(done.run, project, samples)
                                             : start_training(done.run, project, samples, options.from, observer);
  const auto train = [&](RunSummary& summary) {
    train_into(done, project, samples, start, observer);
    take_training(summary, done.trained, done.judgement);
    if (done.unfinished) summary.state = "stopped";
  };
  record_run(done.run, project, samples, train, observer);
  require_same_samples(samples, done.run);
  done.waiting = waiting_of(done.trained.history);
  observer.say(fmt::format("training waited for samples {:.1f} % of the time", 100 * done.waiting));
  return done;
}

static std::string line_of(const std::string& sentence) { return sentence.empty() ? "" : "\n" + sentence; }

static std::string training_text(const TrainedRun& done) {
  if (is_fitted(done.trained)) return fmt::format("fitted to {} samples", done.trained.split.train.size());
  return fmt::format("{} {} epochs", done.unfinished ? "stopped, best of the first" : "best of",
                     done.trained.history.size());
}

Outcome outcome_of(const TrainedRun& done) {
  const TaskScore& score = done.judgement.int8_score;
  const std::string loss = int8_loss_text(done.judgement.real_score, score);
  return {.text = fmt::format("{}: {}; int8 {}; next: dragonet {}", fs::relative(done.run.model()).string(),
                              training_text(done), score_sentence(score),
                              done.unfinished ? "train --resume, or test" : "test") +
                  line_of(loss) + line_of(done.simpler) + line_of(done.advice) + line_of(done.threshold) +
                  line_of(done.said),
          .json = {{"run", done.run.number},
                   {"model", done.run.model().string()},
                   {"epochs", done.trained.history.size()},
                   {"finished", !done.unfinished},
                   {"waiting", done.waiting},
                   {"qat_epochs", done.trained.qat_history.size()},
                   {"skipped", done.skipped},
                   {"samples", done.samples},
                   {"float", score_json(done.judgement.real_score)},
                   {"int8", score_json(score)},
                   {"int8_loss", text_or_null(loss)},
                   {"simpler", text_or_null(done.simpler)},
                   {"advice", text_or_null(done.advice)},
                   {"threshold_advice", text_or_null(done.threshold)},
                   {"synthesized", text_or_null(done.said)}}};
}

}  // namespace dragonet
