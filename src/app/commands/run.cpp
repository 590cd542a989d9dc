#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "learn/model_run.h"
#include "project/label_file.h"

namespace dragonet {

struct RunCommand {
  std::string model, image, board, labels;
  RunOptions run;
  bool host = false;
};

static Outcome run(const Context& context, const RunCommand& command) {
  if (!command.image.empty()) return run_image(command.image, read_board(context, command.board));
  Model model = read_model(context, command.model);
  take_labels(model, command.labels);
  if (command.host) return run_on_host(model, command.run);
  return run_on_board(model, read_board(context, command.board), command.run, context.observer);
}

void add_run(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunCommand>();
  CLI::App* command = app.add_subcommand("run", "runs a model on the virtual board, or its C++ on this machine");
  CLI::Option* model = command->add_option("model", options->model, "a .tflite; left out: the latest run's");
  CLI::Option* board = command->add_option("--board", options->board, "left out: the project's");
  CLI::Option* host =
      command->add_flag("--host", options->host, "runs the emitted C++ on this machine")->excludes(board);
  CLI::Option* image = command
                           ->add_option("--image", options->image,
                                        "runs any ELF program that prints and ends by semihosting, instead of a model")
                           ->excludes(model)
                           ->excludes(host);
  command->add_option("--labels", options->labels, "a file with one label per line, for a model that has none");
  add_optimize(*command, options->run.optimize);
  command->add_flag("--layers", options->run.layers, "prints what each layer costs, too")->excludes(host);
  CLI::Option* inputs =
      command
          ->add_option("--inputs", options->run.inputs,
                       "raw input tensors in the model's own type, back to back; what a model keeps, as an LSTM does, "
                       "goes on from one to the next, as in TensorFlow Lite")
          ->excludes(image);
  command->add_flag("--reset", options->run.resets, "each of them begins anew")->needs(inputs);
  command
      ->add_option("--samples", options->run.samples,
                   "a file or folder of pictures, sounds or movements, which go through the features on the chip")
      ->excludes(inputs)
      ->excludes(image);
  command->add_option("--outputs", options->run.outputs, "where to write the raw outputs")->excludes(image);
  command->add_option("--expect", options->run.expect, "raw outputs that are expected; exit status 1 if they differ")
      ->excludes(image);
  tell_json(
      *command,
      "{model, board, vectors, optimize, instructions, cycles, cycles_max, wait_cycles, ms, feature_instructions, "
      "stack_used, ram, flash, layers: [{name, op, kernel, macs, live_macs, instructions, cycles, wait_cycles}], "
      "equal?, first_difference?}; with --samples also {answers: [{file, row?, label, score and scores | numbers | "
      "score and anomaly}]} or {heard: [{file, seconds, features_load, model_load, keeps_up, changes, label, score and "
      "scores | answers}]}; with --image {image, board, printed, exit_status, instructions, cycles, wait_cycles, ms, "
      "stack_used}",
      "1: an output is not as expected, or the model does not fit");
  command->callback([=, &action] { action = [=](const Context& context) { return run(context, *options); }; });
}

}  // namespace dragonet
