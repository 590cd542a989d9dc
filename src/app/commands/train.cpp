#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "base/interrupt.h"
#include "learn/train_run.h"

namespace dragonet {

static Outcome train(const Context& context, const TrainRunOptions& options) {
  const Interruptible interruptible;  // Ctrl-C ends the training, and keeps the best so far
  Observer observer = context.observer;
  observer.wants_stop = [&] { return interruptible.was_asked_to_stop(); };
  return outcome_of(train_project(context.project(), options, observer));
}

void add_train(CLI::App& app, Action& action) {
  auto options = std::make_shared<TrainRunOptions>();
  CLI::App* command =
      app.add_subcommand("train", "computes features, trains, converts to int8; writes runs/<n>/ with model.tflite");
  CLI::Option* resume =
      command->add_flag("--resume", options->resume,
                        "goes on with the newest run, if it was broken off; it ends as an unbroken run does");
  command
      ->add_option(
          "--from", options->from,
          "initial weights: a float .tflite of the same layers, or a run, such as runs/1; where it knows another "
          "number of labels, the last layer begins anew")
      ->excludes(resume);
  command->add_flag(
      "--qat", options->qat,
      "quantization-aware training afterwards, even where int8 loses nothing (train.qat of dragonet.toml)");
  tell_json(
      *command,
      "{run, model, epochs, qat_epochs, finished, waiting, samples, skipped, float: SCORE, int8: SCORE, "
      "int8_loss, simpler, advice, threshold_advice, synthesized}; finished: false, it was stopped and --resume goes "
      "on; int8_loss: "
      "where int8 is more than two points below float, a sentence, otherwise null; simpler: the same of an anomaly's "
      "own network that is no better than the default one; advice: how to know better how good it is, or null; "
      "threshold_advice: that an anomaly's threshold comes of too few scores to show the rate of false alarms that "
      "anomaly.quantile asks for, or null; synthesized: that most samples in the test were made by `dragonet data "
      "say`, or null");
  command->callback([=, &action] { action = [=](const Context& context) { return train(context, *options); }; });
}

}  // namespace dragonet
