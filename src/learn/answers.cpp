#include "learn/answers.h"

#include <cstring>

#include "base/parallel.h"
#include "features/features.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"

namespace dragonet {

static Bytes input_of(const Model& model, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  Bytes bytes;
  if (model.tensors[model.inputs[0]].dtype == DType::float32) {
    const std::vector<float> reals = reals_of(features, settings);
    bytes.resize(reals.size() * sizeof(float));
    std::memcpy(bytes.data(), reals.data(), bytes.size());
  } else {
    bytes.assign(features.begin(), features.end());
  }
  return bytes;
}

/// The output tensor as reals: of scores 0..1.
static std::vector<float> scores_of(const Model& model, const Bytes& output) {
  const Tensor& tensor = model.tensors[model.outputs[0]];
  if (tensor.dtype != DType::float32)
    return dequantized({reinterpret_cast<const std::int8_t*>(output.data()), output.size()}, tensor.quantization);
  std::vector<float> scores(output.size() / sizeof(float));
  std::memcpy(scores.data(), output.data(), output.size());
  return scores;
}

static TaskAnswers task_answers(const Model& model, const Samples& samples, const Indices& indices,
                                const std::vector<Bytes>& outputs, const auto& task) {
  auto answers = no_answers(task, model);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::span<const std::int8_t> features = samples.features_of(indices[i]);
    add(answers, model, samples.dataset.samples[indices[i]], {features, outputs[i], scores_of(model, outputs[i])},
        reals_of(features, samples.settings));
  }
  return answers;
}

Answers answers_of(const Model& model, const Samples& samples, const Indices& indices, std::vector<Bytes> outputs) {
  TaskAnswers answers = std::visit(
      [&](const auto& task) { return task_answers(model, samples, indices, outputs, task); }, samples.dataset.task);
  return {.of_task = std::move(answers), .outputs = std::move(outputs)};
}

/// Of another task than `part`'s: it holds none yet.
template <typename TaskPart>
static void append_to(TaskAnswers& all, const TaskPart& part) {
  if (!std::holds_alternative<TaskPart>(all)) all = TaskPart();
  append(std::get<TaskPart>(all), part);
}

void append(Answers& all, const Answers& part) {
  std::visit([&](const auto& of_part) { append_to(all.of_task, of_part); }, part.of_task);
  all.outputs.insert(all.outputs.end(), part.outputs.begin(), part.outputs.end());
}

TaskScore score_of(const Answers& answers, const Dataset& dataset, int resamples) {
  return std::visit([&](const auto& of_task) -> TaskScore { return score_of(of_task, dataset, resamples); },
                    answers.of_task);
}

Answers answer(const Model& model, const Samples& samples, const Indices& indices) {
  std::vector<Bytes> outputs(indices.size());
  for_each_parallel(indices.size(), [&](std::size_t i) {
    outputs[i] = reference_output(model, input_of(model, samples.features_of(indices[i]), samples.settings));
  });
  return answers_of(model, samples, indices, std::move(outputs));
}

}  // namespace dragonet
