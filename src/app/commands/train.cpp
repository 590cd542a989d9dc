#include <fmt/format.h>

#include "app/command.h"
#include "app/judging.h"
#include "base/error.h"
#include "judge/text.h"

namespace dragonet {

static void tell_skipped(const Samples& samples) {
  for (const Problem& problem : samples.skipped) say("skipped: " + sentence(problem));
  if (!samples.skipped.empty()) say(fmt::format("{} file(s) skipped", samples.skipped.size()));
}

static Outcome train_project() {
  const Project project = find_project();
  const Samples samples = load_samples(project.samples_folder(), project.labels, project.image);
  tell_skipped(samples);
  const Split split = split_of(group_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Trained trained = train_and_quantize(project, samples, split, "training");
  const Run run = next_run(project);
  save_run(run, project, samples, trained);
  const Judgement judgement = judge(trained.real, trained.int8, samples, split.test, nullptr, run.folder);
  const Score& score = judgement.int8_score;
  return {
      .text = fmt::format("{}: best of {} epochs; int8 knows {} of {} test samples, balanced {}; next: dragonet test",
                          fs::relative(run.model()).string(), trained.history.size(), percent(score.accuracy.value),
                          split.test.size(), percent(score.balanced_accuracy)),
      .json = {{"run", run.number},
               {"model", run.model().string()},
               {"epochs", trained.history.size()},
               {"skipped", samples.skipped.size()},
               {"samples", samples.dataset.samples.size()},
               {"float", score_json(judgement.real_score)},
               {"int8", score_json(score)}}};
}

void add_train(CLI::App& app, Action& action) {
  app.add_subcommand("train", "features, training, int8; writes runs/<n>/ with model.tflite")->callback([&] {
    action = train_project;
  });
}

}  // namespace dragonet
