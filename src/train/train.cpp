#include "train/train.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/late.h"
#include "train/trainer.h"

namespace dragonet {

static void check_labels(const TrainData& data, std::vector<Problem>& found) {
  std::vector<int> count(data.classes);
  for (int i : data.train) ++count[data.labels[i]];
  for (int label = 0; label < data.classes; ++label)
    if (count[label] == 0)
      found.push_back({.where = fmt::format("training, label {}", label),
                       .what = "no sample of this label is left to train with",
                       .next = "add samples, or groups of them: those of a group are never divided"});
}

static void check_samples(const Network& network, const TrainData& data, std::vector<Problem>& found) {
  if (data.train.empty())
    found.push_back({.where = "training", .what = "there are no samples to train with", .next = "add samples"});
  if (data.validation.empty() && !is_fitted(network))
    found.push_back({.where = "training",
                     .what = "no samples are left to validate with, and only they say when to stop",
                     .next = "add samples, or groups of them: those of a group are never divided"});
}

/// How many numbers the network is asked for.
static int outputs_asked(const Network& network, const TrainData& data) {
  if (!has_numbers(network.task)) return data.classes;
  const std::int64_t each = std::int64_t{network.height} * network.width * network.channels;
  const std::int64_t samples = std::ssize(data.features) / each;
  return samples > 0 ? static_cast<int>(std::ssize(data.targets) / samples) : 0;
}

/// Its weights take the targets' scale, and its bias their mean.
static void check_last_layer(const Network& network, std::vector<Problem>& found) {
  const Layer last = expanded(network).layers.back();
  if (has_numbers(network.task) && last.type != "Dense")
    found.push_back({.where = "the network, its last layer",
                     .what = fmt::format("it is a {}, and numbers come of a Dense", last.type),
                     .next = "end with a Dense without activation and without a BatchNormalization behind it"});
}

static void check(const Network& network, const TrainData& data) {
  std::vector<Problem> found;
  if (const auto problem = answer_problem(network, outputs_asked(network, data))) found.push_back(*problem);
  check_last_layer(network, found);
  if (has_labels(network.task)) check_labels(data, found);
  check_samples(network, data, found);
  if (!found.empty()) throw Error(std::move(found));
}

static const LateLibrary& trainer() {
  static const LateLibrary trainer{.file = "libdragonet_trainer.so", .purpose = "training"};
  return trainer;
}

TrainResult train(const Network& network, const TrainData& data, const TrainSettings& settings,
                  const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints,
                  const std::vector<TrainedLayer>& start) {
  check(network, data);
  if (is_fitted(network) && !start.empty())
    throw Error({"the network, its Whitening", "it is fitted to the samples, and begins with no other model's weights",
                 "leave --from out"});
  TrainResult result;
  late_function<decltype(dragonet_train)>(trainer(), "dragonet_train")(expanded(network), data, settings, on_epoch,
                                                                       checkpoints, start, result);
  return result;
}

RoundedResult train_rounded(const Model& model, const Network& network, const TrainData& data,
                            const TrainSettings& settings, const std::function<bool(const Epoch&)>& on_epoch) {
  check(network, data);
  RoundedResult result;
  late_function<decltype(dragonet_train_rounded)>(trainer(), "dragonet_train_rounded")(model, expanded(network), data,
                                                                                       settings, on_epoch, result);
  return result;
}

}  // namespace dragonet
