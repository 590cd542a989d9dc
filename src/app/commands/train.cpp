#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/beginning.h"
#include "app/command.h"
#include "app/judging.h"
#include "app/run_log.h"
#include "app/sample_changes.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "judge/text.h"

namespace dragonet {

static bool is_unfinished(const Trained& trained, const TrainSettings& settings) {
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

struct TrainOptions {
  bool go_on = false;
  bool qat = false;
  std::string from;
};

struct TrainedRun {
  Trained trained;
  Judgement judgement;
  bool unfinished = false;  // Ctrl-C: --resume can go on
};

static TrainedRun train_run(const Run& run, const Project& project, const Samples& samples,
                            const Beginning& beginning) {
  const Split split = split_of(samples.dataset, group_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Interruptible interruptible;
  TrainedRun done{.trained = train_and_quantize(project, samples, split, "training", beginning,
                                                [&] { return interruptible.was_asked_to_stop(); })};
  save_run(run, project, samples, done.trained);
  done.unfinished = is_unfinished(done.trained, project.train);
  if (!done.unfinished) fs::remove(run.checkpoint());  // last: until here --resume could go on
  done.judgement = judge(done.trained.real, done.trained.int8, samples, split.test, nullptr, run.folder);
  return done;
}

static Outcome train_project(const TrainOptions& options) {
  Project project = find_project();
  if (options.qat) project.train.qat = Qat::always;
  const Samples samples =
      load_samples(project.samples_folder(), project.labels, project.features, project.cache_folder());
  tell_of(samples);
  const Run run = options.go_on ? newest_run(project) : next_run(project);
  const Beginning beginning =
      options.go_on ? resume(run, project, samples) : begin(run, project, samples, options.from);
  TrainedRun done;
  record_run(run, project, samples, [&](RunSummary& summary) {
    done = train_run(run, project, samples, beginning);
    take_training(summary, done.trained, done.judgement);
    if (done.unfinished) summary.state = "stopped";
  });
  require_unchanged(samples, "while training",
                    fmt::format("{} is whole, and of the samples as they were read; `dragonet train` anew takes them "
                                "as they are",
                                fs::relative(run.folder).string()));
  const double waiting = waiting_of(done.trained.history);
  say(fmt::format("training waited for samples {:.1f} % of the time", 100 * waiting));
  const TaskScore& score = done.judgement.int8_score;
  return {.text = fmt::format("{}: {} {} epochs; int8 {}; next: dragonet {}", fs::relative(run.model()).string(),
                              done.unfinished ? "stopped, best of the first" : "best of", done.trained.history.size(),
                              score_sentence(score), done.unfinished ? "train --resume, or test" : "test"),
          .json = {{"run", run.number},
                   {"model", run.model().string()},
                   {"epochs", done.trained.history.size()},
                   {"finished", !done.unfinished},
                   {"waiting", waiting},
                   {"qat_epochs", done.trained.qat_history.size()},
                   {"skipped", samples.skipped.size()},
                   {"samples", samples.dataset.samples.size()},
                   {"float", score_json(done.judgement.real_score)},
                   {"int8", score_json(score)}}};
}

void add_train(CLI::App& app, Action& action) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "features, training, int8; writes runs/<n>/ with model.tflite");
  CLI::Option* go_on = command->add_flag(
      "--resume", options->go_on, "go on with the newest run, which was broken off; it ends where it would have");
  command
      ->add_option("--from", options->from,
                   "begin with the weights of a float .tflite of the same layers, or of a run: runs/1")
      ->excludes(go_on);
  command->add_flag(
      "--qat", options->qat,
      "quantization-aware training afterwards, even where int8 loses nothing: train.qat of dragonet.toml");
  command->callback([=, &action] { action = [=] { return train_project(*options); }; });
}

}  // namespace dragonet
