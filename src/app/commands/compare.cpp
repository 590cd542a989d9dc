#include "judge/compare.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "app/comparing.h"
#include "app/raw_inputs.h"
#include "app/runs.h"

namespace dragonet {

static Json problem_json(const Problem& problem) {
  return {{"layer", problem.where}, {"what", problem.what}, {"next", problem.next}};
}

template <typename T>
static Json json_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

static Json layer_json(const FullComparison& full, const ComparedLayer& layer) {
  Json json{{"name", layer.name},
            {"op", layer.op},
            {"shape", layer.shape},
            {"sqnr_db", json_or_null(layer.sqnr_db)},
            {"equal", layer.equal}};
  if (full.models) {
    json["alone_db"] = json_or_null(layer.alone_db);
    json["expected_db"] = json_or_null(layer.expected_db);
    json["saturated"] = layer.saturated;
    json["dead_channels"] = layer.dead_channels;
    json["worst_channels"] = Json::array();
    for (const auto& [channel, db] : layer.worst_channels)
      json["worst_channels"].push_back({{"channel", channel}, {"alone_db", db}});
  }
  for (std::size_t s = 0; s < full.code.size(); ++s) json["code"][full.code[s].name] = json_or_null(layer.code[s]);
  return json;
}

static Json comparison_json(const FullComparison& full) {
  Json json{{"equal", full.is_equal()}, {"a", full.a}, {"vectors", full.vectors}};
  if (!full.b.empty()) json["b"] = full.b;
  if (full.models) json["exact"] = full.models->is_exact;
  const std::vector<Problem> problems = verdict(full);
  if (!problems.empty()) json["first_difference"] = problem_json(problems[0]);
  json["differences"] = Json::array();
  for (const Problem& problem : problems) json["differences"].push_back(problem_json(problem));
  json["remarks"] = Json::array();
  for (const Problem& problem : remarks(full)) json["remarks"].push_back(problem_json(problem));
  json["notes"] = full.notes;
  json["layers"] = Json::array();
  for (const ComparedLayer& layer : layers_of(full)) json["layers"].push_back(layer_json(full, layer));
  return json;
}

static Outcome compare(const CompareOptions& options) {
  const FullComparison full = compare_files(options);
  return {.text = comparison_text(full), .json = comparison_json(full), .status = !full.is_equal()};
}

void add_compare(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand("compare", "layer by layer: float, int8, emitted code, virtual board");
  command->add_option("a", options->a,
                      "a .tflite, taken as right; left out: the latest run's float model and its int8");
  command->add_option("b", options->b, "the .tflite to judge; left out: a float model's own conversion to int8");
  CLI::Option* inputs =
      command->add_option("--inputs", options->inputs, "raw input tensors in A's type (or in B's), back to back");
  command->add_option("--inputs-b", options->inputs_b, "what B was given instead, in its own type, as many")
      ->needs(inputs);
  command->add_option("--samples", options->samples, "instead: a folder of <label>/<picture>; left out: the project's")
      ->excludes(inputs);
  command->add_option("--vectors", options->vectors, "of the inputs, at most so many")->check(CLI::PositiveNumber);
  CLI::Option* board =
      command->add_option("--board", options->board, "left out: the project's, or the one with most flash");
  add_optimize(*command, options->optimize);
  command->add_flag("--no-code", options->no_code, "the models only: nothing is compiled and run")->excludes(board);
  command->callback([=, &action] { action = [=] { return compare(*options); }; });
}

}  // namespace dragonet
