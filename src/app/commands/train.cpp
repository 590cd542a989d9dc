#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/judging.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "judge/text.h"

namespace dragonet {

static void tell_skipped(const Samples& samples) {
  for (const Problem& problem : samples.skipped) say("skipped: " + sentence(problem));
  if (!samples.skipped.empty()) say(fmt::format("{} file(s) skipped", samples.skipped.size()));
}

static bool is_unfinished(const Trained& trained, const TrainSettings& settings) {
  const Epoch& last = trained.history.back();
  int best = 0;
  for (const Epoch& epoch : trained.history)
    if (epoch.best) best = epoch.number;
  return last.number < settings.epochs && last.number - best < settings.patience;
}

static Outcome train_project(bool go_on) {
  const Project project = find_project();
  const Samples samples = load_samples(project.samples_folder(), project.labels, project.image);
  tell_skipped(samples);
  const Run run = go_on ? newest_run(project) : next_run(project);
  const Checkpoints checkpoints = go_on ? resume(run, project, samples) : checkpoints_in(run, project, samples);
  const Split split = split_of(group_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Interruptible interruptible;
  const Trained trained = train_and_quantize(project, samples, split, "training", checkpoints,
                                             [&] { return interruptible.was_asked_to_stop(); });
  save_run(run, project, samples, trained);
  const bool unfinished = is_unfinished(trained, project.train);
  if (!unfinished) fs::remove(run.checkpoint());  // last: until here --resume could go on
  const Judgement judgement = judge(trained.real, trained.int8, samples, split.test, nullptr, run.folder);
  const Score& score = judgement.int8_score;
  return {.text = fmt::format("{}: {} {} epochs; int8 knows {} of {} test samples, balanced {}; next: dragonet {}",
                              fs::relative(run.model()).string(), unfinished ? "stopped, best of the first" : "best of",
                              trained.history.size(), percent(score.accuracy.value), split.test.size(),
                              percent(score.balanced_accuracy), unfinished ? "train --resume, or test" : "test"),
          .json = {{"run", run.number},
                   {"model", run.model().string()},
                   {"epochs", trained.history.size()},
                   {"finished", !unfinished},
                   {"skipped", samples.skipped.size()},
                   {"samples", samples.dataset.samples.size()},
                   {"float", score_json(judgement.real_score)},
                   {"int8", score_json(score)}}};
}

void add_train(CLI::App& app, Action& action) {
  auto go_on = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("train", "features, training, int8; writes runs/<n>/ with model.tflite");
  command->add_flag("--resume", *go_on, "go on with the newest run, which was broken off; it ends where it would have");
  command->callback([=, &action] { action = [=] { return train_project(*go_on); }; });
}

}  // namespace dragonet
