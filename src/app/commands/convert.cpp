#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "learn/conversion.h"
#include "project/runs.h"

namespace dragonet {

struct ConvertOptions {
  std::string model, samples, inputs, out;
};

static Converted convert_model(const Context& context, const ConvertOptions& options, const fs::path& model) {
  if (!options.inputs.empty()) return convert_with_inputs(model, options.inputs, options.out);
  const fs::path samples = options.samples.empty() ? context.project().samples_folder() : fs::path(options.samples);
  return convert_with_pictures(model, samples, options.out, context.observer);
}

static Outcome convert(const Context& context, const ConvertOptions& options) {
  const fs::path model = options.model.empty() ? latest_run(context.project()).real_model() : fs::path(options.model);
  const Converted converted = convert_model(context, options, model);
  return {.text = fmt::format("{}: {} bytes, int8, ranges measured on {} samples", options.out, converted.bytes,
                              converted.samples),
          .json = {{"model", options.out}, {"bytes", converted.bytes}, {"samples", converted.samples}}};
}

void add_convert(CLI::App& app, Action& action) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* command =
      app.add_subcommand("convert", "converts a float32 .tflite to int8, with ranges measured on samples");
  command->add_option("model", options->model, "a float32 .tflite; left out: the latest run's");
  CLI::Option* samples =
      command->add_option("--samples", options->samples, "a folder of <label>/<picture>; left out: the project's");
  command->add_option("--inputs", options->inputs, "raw float32 input tensors, back to back, instead of samples")
      ->excludes(samples);
  command->add_option("-o,--out", options->out, "the int8 .tflite to write")->required();
  tell_json(*command, "{model, bytes, samples}");
  command->callback([=, &action] { action = [=](const Context& context) { return convert(context, *options); }; });
}

}  // namespace dragonet
