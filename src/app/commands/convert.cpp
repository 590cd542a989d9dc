#include "app/convert.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "app/runs.h"

namespace dragonet {

struct ConvertOptions {
  std::string model, samples, inputs, out;
};

static Converted convert_model(const ConvertOptions& options, const fs::path& model) {
  if (!options.inputs.empty()) return convert_with_inputs(model, options.inputs, options.out);
  const fs::path samples = options.samples.empty() ? find_project().samples_folder() : fs::path(options.samples);
  return convert_with_pictures(model, samples, options.out);
}

static Outcome convert(const ConvertOptions& options) {
  const fs::path model = options.model.empty() ? latest_run(find_project()).real_model() : fs::path(options.model);
  const Converted converted = convert_model(options, model);
  return {.text = fmt::format("{}: {} bytes, int8, ranges measured on {} samples", options.out, converted.bytes,
                              converted.samples),
          .json = {{"model", options.out}, {"bytes", converted.bytes}, {"samples", converted.samples}}};
}

void add_convert(CLI::App& app, Action& action) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = app.add_subcommand("convert", "a float32 .tflite to int8, with samples to measure ranges");
  command->add_option("model", options->model, "a float32 .tflite; left out: the latest run's");
  CLI::Option* samples =
      command->add_option("--samples", options->samples, "a folder of <label>/<picture>; left out: the project's");
  command->add_option("--inputs", options->inputs, "instead: raw float32 input tensors, back to back")
      ->excludes(samples);
  command->add_option("-o,--out", options->out, "the int8 .tflite to write")->required();
  command->callback([=, &action] { action = [=] { return convert(*options); }; });
}

}  // namespace dragonet
