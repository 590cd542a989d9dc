#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "app/judging.h"
#include "app/labels.h"
#include "app/run_log.h"
#include "board/fit.h"
#include "board/memory_map.h"
#include "compile/passes.h"
#include "compile/plan_picture.h"
#include "model/model_text.h"
#include "tflite/tflite.h"

namespace dragonet {

struct CompileOptions {
  std::string model, board, labels, out, dump_after;
  Optimize optimize = Optimize::balanced;
  bool explain = false;
};

/// The model under a name that suits C++: the project's, where it is the project's own.
static Model read_named(const CompileOptions& options) {
  Model model = read_model(options.model);
  take_labels(model, options.labels);
  return model;
}

static std::string board_of(const CompileOptions& options) {
  return options.board.empty() ? find_project().board : options.board;
}

static fs::path folder_of(const CompileOptions& options, const Model& model, const Board& board) {
  if (!options.out.empty()) return options.out;
  if (options.model.empty()) return latest_run(find_project()).folder / board.id;
  return model.name + "-" + board.id;
}

static Json compile_json(const Model& model, const Board& board, const BoardBuild& build,
                         const std::vector<Problem>& problems) {
  std::int64_t macs = 0;
  for (const EmittedLayer& layer : build.emitted.layers) macs += layer.macs;
  Json json{{"model", model.source},    {"board", board.id}, {"optimize", name_of(build.emitted.optimize)},
            {"fits", problems.empty()}, {"macs", macs},      {"streamed", build.streamed},
            {"problems", Json::array()}};
  json.update(image_json(build.image));
  json["ram"]["activations_lower_bound"] = build.emitted.plan.peak.bytes;
  for (const Problem& problem : problems)
    json["problems"].push_back({{"where", problem.where}, {"what", problem.what}, {"next", problem.next}});
  return json;
}

static Outcome dump_after(const CompileOptions& options) {
  const std::string text = model_text(run_passes_until(read_named(options), options.dump_after));
  return {.text = text, .json = {{"pass", options.dump_after}, {"text", text}}};
}

static Outcome compile(const CompileOptions& options) {
  if (!options.dump_after.empty()) return dump_after(options);
  const Board& board = find_board(board_of(options));
  const Model model = read_named(options);
  const fs::path folder = folder_of(options, model, board);
  const BoardBuild build = build_for_board(model, board, folder, options.optimize);
  const std::vector<Problem> problems = fit_problems(build, board);
  if (options.model.empty()) record_board(latest_run(find_project()), build.image, board);
  Outcome outcome{.text = memory_map_text(build.image, board, wants_color()),
                  .json = compile_json(model, board, build, problems),
                  .status = !problems.empty()};
  outcome.text += "\n" + plan_text(build.emitted) + (options.explain ? "\n" + explanation(build.emitted) : "");
  for (const Problem& problem : problems) outcome.text += "\ndoes not fit: " + sentence(problem);
  outcome.text += fmt::format("\n{} {}: {}\n{}: C++, firmware.bin, memory.svg, plan.svg",
                              problems.empty() ? "fits" : "does not fit", board.id, use_text(build.image),
                              fs::relative(folder).string());
  outcome.json["folder"] = folder.string();
  return outcome;
}

void add_compile(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompileOptions>();
  CLI::App* command = app.add_subcommand("compile", "C++ and firmware for a board, a memory map, and whether it fits");
  command->add_option("model", options->model, "an int8 .tflite, or a C array of one; left out: the latest run's");
  command->add_option("--board", options->board, "left out: the project's");
  add_optimize(*command, options->optimize);
  std::vector<std::string> names;
  for (const Pass& pass : passes()) names.emplace_back(pass.name);
  command->add_option("--dump-after", options->dump_after,
                      fmt::format("prints the model after this pass, and stops: {}", fmt::join(names, ", ")));
  command->add_flag("--explain", options->explain, "band by band, why the plan is as it is");
  command->add_option("--labels", options->labels, "a file with one label a line, for a model that brings none");
  command->add_option("-o,--out", options->out, "folder for the C++ and the firmware");
  command->callback([=, &action] { action = [=] { return compile(*options); }; });
}

}  // namespace dragonet
