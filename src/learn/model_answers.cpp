#include "learn/model_answers.h"

#include "base/parallel.h"
#include "model/codec.h"
#include "model/model_info.h"
#include "ops/run_reference.h"

namespace dragonet {

static TaskAnswers task_answers(const Model& model, const Samples& samples, const Indices& indices,
                                const std::vector<Bytes>& outputs, const auto& task) {
  auto answers = no_answers(task, model);
  const Quantization scale = quantization_of(samples.settings);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::span<const std::int8_t> features = samples.features_of(indices[i]);
    add(answers, model, samples.dataset.samples[indices[i]],
        {features, outputs[i], floats_of(model.tensors[model.outputs[0]], outputs[i])},
        reals_of_features(features, scale));
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

TaskScore score_of(const Answers& answers, const Dataset& dataset) {
  return std::visit([&](const auto& of_task) -> TaskScore { return score_of(of_task, dataset); }, answers.of_task);
}

Answers answer(const Model& model, const Samples& samples, const Indices& indices) {
  std::vector<Bytes> outputs(indices.size());
  const Quantization scale = quantization_of(samples.settings);
  for_each_parallel(indices.size(), [&](std::size_t i) {
    outputs[i] = reference_output(model, input_of_features(model, samples.features_of(indices[i]), scale));
  });
  return answers_of(model, samples, indices, std::move(outputs));
}

}  // namespace dragonet
