#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "compile/passes.h"
#include "learn/compilation.h"
#include "model/model_text.h"
#include "project/label_file.h"
#include "project/run_log.h"

namespace dragonet {

struct CompileOptions {
  std::string model, board, labels, out, dump_after;
  Optimize optimize = Optimize::balanced;
  bool explain = false;
};

static Model read_labelled(const Context& context, const CompileOptions& options) {
  Model model = read_model(context, options.model);
  take_labels(model, options.labels);
  return model;
}

static fs::path folder_of(const Context& context, const CompileOptions& options, const Model& model,
                          const Board& board) {
  if (!options.out.empty()) return options.out;
  if (options.model.empty()) return latest_run(context.project()).folder / board.id;
  return model.name + "-" + board.id;
}

static Outcome dump_after(const Context& context, const CompileOptions& options) {
  const std::string text = model_text(run_passes_until(read_labelled(context, options), options.dump_after));
  return {.text = text, .json = {{"pass", options.dump_after}, {"text", text}}};
}

static Outcome compile(const Context& context, const CompileOptions& options) {
  if (!options.dump_after.empty()) return dump_after(context, options);
  const Board& board = read_board(context, options.board);
  const Model model = read_labelled(context, options);
  const Compilation compiled = compile_for(model, board, folder_of(context, options, model, board), options.optimize);
  if (options.model.empty()) record_board(latest_run(context.project()), compiled.build.image, board, context.observer);
  return outcome_of(compiled, {.color = context.color, .explain = options.explain});
}

void add_compile(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompileOptions>();
  CLI::App* command =
      app.add_subcommand("compile", "makes C++ and firmware for a board, and says whether it fits, with a memory map");
  command->add_option("model", options->model, "an int8 .tflite, or a C array of one; left out: the latest run's");
  command->add_option("--board", options->board, "left out: the project's");
  add_optimize(*command, options->optimize);
  std::vector<std::string> names;
  for (const Pass& pass : passes()) names.emplace_back(pass.name);
  command->add_option("--dump-after", options->dump_after,
                      fmt::format("prints the model after this pass, and stops: {}", fmt::join(names, ", ")));
  command->add_flag(
      "--explain", options->explain,
      "says why each band of layers is planned so, what is not computed, and which layers have kernels of the core");
  command->add_option("--labels", options->labels, "a file with one label per line, for a model that has none");
  command->add_option("-o,--out", options->out, "folder for the C++ and the firmware");
  tell_json(*command,
            "{model, board, optimize, fits, macs, live_macs, dropped, streamed, problems, ram: {activations, "
            "activations_lower_bound, "
            "features, input, static, stack, total, limit}, flash: {constants, model_code, firmware_code, total, "
            "limit}, folder}; with --dump-after {pass, text}",
            "1: it does not fit");
  command->callback([=, &action] { action = [=](const Context& context) { return compile(context, *options); }; });
}

}  // namespace dragonet
