#include "train/train.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/late.h"
#include "train/trainer.h"

namespace dragonet {

static void check_samples(const TrainData& data, std::vector<Problem>& found) {
  std::vector<int> count(data.classes);
  for (int i : data.train) ++count[data.labels[i]];
  for (int label = 0; label < data.classes; ++label)
    if (count[label] == 0)
      found.push_back({.where = fmt::format("training, label {}", label),
                       .what = "no sample of this label is left to train with",
                       .next = "add samples, or groups of them: those of a group are never divided"});
  if (data.validation.empty())
    found.push_back({.where = "training",
                     .what = "no samples are left to validate with, and only they say when to stop",
                     .next = "add samples, or groups of them: those of a group are never divided"});
}

TrainResult train(const Network& network, const TrainData& data, const TrainSettings& settings,
                  const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints,
                  const std::vector<TrainedLayer>& start) {
  std::vector<Problem> found;
  if (const auto problem = answer_problem(network, data.classes)) found.push_back(*problem);
  check_samples(data, found);
  if (!found.empty()) throw Error(std::move(found));

  static const LateLibrary trainer{.file = "libdragonet_trainer.so", .purpose = "training"};
  TrainResult result;
  late_function<decltype(dragonet_train)>(trainer, "dragonet_train")(expanded(network), data, settings, on_epoch,
                                                                     checkpoints, start, result);
  return result;
}

}  // namespace dragonet
