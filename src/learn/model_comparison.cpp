#include "learn/model_comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "compile/edges.h"
#include "compile/passes.h"
#include "judge/input_vectors.h"
#include "learn/conversion.h"
#include "learn/raw_inputs.h"
#include "model/codec.h"
#include "model/model_info.h"
#include "model/model_text.h"
#include "ops/check.h"
#include "project/runs.h"
#include "project/samples.h"
#include "quantize/quantize.h"
#include "tflite/tflite.h"

namespace dragonet {
namespace {

/// What a comparison is made of, and for whom.
struct Setting {
  const CompareOptions& options;
  const std::optional<Project>& project;
  const Observer& observer;
};

const Project& project_of(const Setting& setting) {
  if (setting.project) return *setting.project;
  throw Error(
      {"compare", "no model is named, and this is no project", "name a .tflite, or go into a project's folder"});
}

/// The models and what goes into them, before anything runs.
struct Compared {
  Model a;
  std::optional<Model> b;
  std::vector<Bytes> inputs, inputs_b;  // of A's types; of B's, where they were given
};

Model read_checked(const fs::path& file, const Observer& observer) {
  Model model = read_tflite(file);
  tell_remarks(model, observer);
  check_supported(model);
  check_features(model);
  return model;
}

Compared read_models(const Setting& setting) {
  const CompareOptions& options = setting.options;
  if (!options.a.empty())
    return {read_checked(options.a, setting.observer),
            options.b.empty() ? std::nullopt : std::optional(read_checked(options.b, setting.observer))};
  const Project& project = project_of(setting);
  const Run run = latest_run(project);
  if (!fs::exists(run.real_model())) return {read_int8_model(run, project), std::nullopt};
  return {read_real_model(run, project), read_int8_model(run, project)};
}

// --- What goes in

std::vector<Bytes> read_inputs(const CompareOptions& options, const Compared& compared) {
  const Bytes all = read_bytes(options.inputs);
  if (compared.b && are_of_other(compared.a, *compared.b, all))
    return inputs_as(*compared.b, compared.a, read_raw_inputs(options.inputs, *compared.b));
  return read_raw_inputs(options.inputs, compared.a);
}

/// The folder of pictures to take, if there is one and the models take pictures.
std::optional<fs::path> pictures_folder(const Setting& setting, const Compared& compared) {
  if (!setting.options.samples.empty()) return setting.options.samples;
  if (!has_kind(info_of(compared.a).features) || !setting.project) return std::nullopt;
  return setting.project->samples_folder();
}

std::vector<Bytes> picture_inputs(const fs::path& folder, const Model& model, const Setting& setting) {
  const Samples samples = load_samples(folder, {}, features_of(model), {}, setting.observer);
  const Quantization scale = quantization_of(samples.settings);
  std::vector<Bytes> inputs;
  for (const std::size_t i : spread(samples.dataset.samples.size(), setting.options.vectors))
    inputs.push_back(input_of_features(model, samples.features_of(static_cast<int>(i)), scale));
  return inputs;
}

void read_recordings(const Setting& setting, Compared& compared, FullComparison& full) {
  const CompareOptions& options = setting.options;
  const auto folder = pictures_folder(setting, compared);
  if (!options.inputs.empty()) {
    compared.inputs = read_inputs(options, compared);
  } else if (folder) {
    compared.inputs = picture_inputs(*folder, compared.a, setting);
  } else {
    const Model& ranged = compared.b ? *compared.b : compared.a;
    compared.inputs = inputs_as(ranged, compared.a, random_inputs(ranged, options.vectors));
    full.notes.emplace_back("random values went in; with --inputs FILE it is what the model will see");
  }
  if (!options.inputs_b.empty()) {
    if (!compared.b)
      throw Error({"--inputs-b", "there is only one model", "name the second one, whose inputs these are"});
    compared.inputs_b = read_raw_inputs(options.inputs_b, *compared.b);
    if (compared.inputs_b.size() != compared.inputs.size())
      throw Error(
          {options.inputs_b,
           fmt::format("holds {} vectors, and {} {}", compared.inputs_b.size(), options.inputs, compared.inputs.size()),
           "give both the same recordings"});
  }
  for (std::vector<Bytes>* inputs : {&compared.inputs, &compared.inputs_b})
    if (inputs->size() > options.vectors) inputs->resize(options.vectors);
}

// --- The models

bool is_float(const Model& model) {
  return run_passes(model).tensors[run_passes(model).inputs[0]].dtype == DType::float32;
}

Model converted(const Model& real, const std::vector<Bytes>& inputs, const Observer& observer) {
  Progress progress(observer, "to int8", inputs.size());
  return quantize(
      real, reals_of_inputs(inputs), {}, [&](std::size_t done) { progress.update(done); }, true);
}

void compare_both(Compared& compared, FullComparison& full, const Observer& observer) {
  if (!compared.b && is_float(compared.a)) {
    compared.b = converted(compared.a, compared.inputs, observer);
    full.notes.emplace_back("A was converted to int8 with ranges measured on these very inputs");
    full.b = "its conversion to int8";
  }
  if (!compared.b) return;
  if (full.b.empty()) full.b = compared.b->source;
  Progress progress(observer, "comparing models", compared.inputs.size());
  full.models = compare_models(compared.a, *compared.b, compared.inputs, compared.inputs_b,
                               [&](std::size_t done) { progress.update(done); });
}

// --- The code

const Board& board_of(const Setting& setting) {
  const CompareOptions& options = setting.options;
  if (!options.board.empty()) return find_board(options.board);
  if (options.a.empty()) return find_board(project_of(setting).board);
  return *std::ranges::max_element(boards(), {}, [](const Board& board) { return board.flash.bytes; });
}

void compare_on_board(const Setting& setting, const Model& model, const std::vector<Bytes>& inputs,
                      FullComparison& full) {
  const CompareOptions& options = setting.options;
  const Board& board = board_of(setting);
  const TemporaryFolder folder;
  const BoardBuild build = build_for_board(model, board, folder.path(), options.optimize);
  if (std::vector<Problem> problems = fit_problems(build, board); !problems.empty()) {
    if (!options.board.empty()) throw Refusal(std::move(problems));
    full.notes.push_back(fmt::format("not compared on {}: {}", board.id, sentence(problems[0])));
    return;
  }
  Progress progress(setting.observer, "on the virtual " + board.id, inputs.size());
  std::vector<Bytes> outputs;
  const Captured captured =
      capture_on_board(build, board, full.compiled, inputs, outputs, [&](std::size_t done) { progress.update(done); });
  full.code.push_back(compare_code(board.id, full.compiled, inputs, captured));
  compare_answers(full.code.back(), run_passes_before(model, "drop_channels"), inputs, outputs);
}

void compare_all_code(const Setting& setting, const Model& model, const std::vector<Bytes>& given,
                      FullComparison& full) {
  full.compiled = run_passes(model);
  if (const DroppedOfLayer sum = sum_of(dropped_of_layers(model)); sum.live_weights < sum.weights)
    full.notes.push_back(
        fmt::format("{} of {} MACs change no output and are not in the code (`dragonet show` lists "
                    "the channels); the code's layers are compared without them",
                    sum.macs - sum.live_macs, sum.macs));
  std::vector<Bytes> inputs;
  for (const Bytes& input : given) inputs.push_back(inner_input(model, input));
  const TemporaryFolder folder;
  full.code.push_back(compare_code(
      "this machine", full.compiled, inputs,
      capture_on_host(compile_model(model, {setting.options.optimize}), full.compiled, inputs, folder.path())));
  compare_on_board(setting, model, inputs, full);
}

/// What cannot be compiled can still be compared as a model.
void add_code(const Setting& setting, const Compared& compared, FullComparison& full) try {
  const Model& model = compared.b ? *compared.b : compared.a;
  compare_all_code(setting, model, full.models ? full.models->both.inputs_b : compared.inputs, full);
} catch (const Refusal&) {
  throw;
} catch (const Error& error) {
  if (!full.models) throw;
  full.code.clear();
  full.notes.push_back(std::string("its code was not compared: ") + error.what());
}

}  // namespace

FullComparison compare_files(const CompareOptions& options, const std::optional<Project>& project,
                             const Observer& observer) {
  const Setting setting{options, project, observer};
  Compared compared = read_models(setting);
  FullComparison full{.a = compared.a.source};
  read_recordings(setting, compared, full);
  full.vectors = compared.inputs.size();
  compare_both(compared, full, observer);
  if (!options.no_code) add_code(setting, compared, full);
  if (!full.models && full.code.empty())
    throw Error({compared.a.source, "is one int8 model, and its code is not to be compared",
                 "name a second model, or leave out --no-code"});
  return full;
}

}  // namespace dragonet
