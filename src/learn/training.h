#pragma once

#include "base/observer.h"
#include "project/runs.h"

namespace dragonet {

/// How a training starts and is kept; left out: with random weights, and nothing is kept.
struct TrainingStart {
  std::vector<TrainedLayer> layers = {};  // as import_layers gives them
  InitialWeights initial_weights = {};
  Checkpoints checkpoints = {};
  std::string what = "training";  // heads the progress
};

TrainingStart random_start(const std::string& what);  // with random weights; nothing is kept

/// A model in both arithmetics, with how it came to be.
struct Trained {
  Model real, int8;
  std::vector<Epoch> history;
  std::vector<Epoch> qat_history;  // of quantization-aware training, if it followed
  bool was_stopped = false;        // in the midst of that
  Split split;
  int held_out_parts = 0;  // of a network that is fitted: by so many models its threshold's scores were made
  InitialWeights initial_weights;
};

/// In one go, without gradients: then its model has centres (is_fitted of its network), and what is not tested has
/// trained it: the split has no validation.
bool is_fitted(const Trained& trained);

/// Those that the model had not learnt when its task's threshold was found with them.
const Indices& samples_of_threshold(const Trained& trained);

/// Network, training, folding, int8 with ranges measured on training samples, labels and features in the metadata.
/// A network that is fitted learns of all samples that are not tested (learn/fitting.h). Of others,
/// quantization-aware training follows as project.train.qat says; where that is automatic, if int8 loses more than half
/// a point of balanced accuracy on the validation samples, and what comes of it is taken if it is better there.
/// `observer` is told of every epoch, with its losses and accuracies as figures; where it wants to stop, the best so
/// far is kept.
Trained train_and_quantize(const Project& project, const Samples& samples, const Split& split,
                           const TrainingStart& start, const Observer& observer = {});

/// A float model of these features as int8; ranges are measured on some of the samples in `train`.
Model quantize_for_features(const Model& real, const Samples& samples, const Indices& train, const std::string& what,
                            const Observer& observer = {});

/// Inputs of the network that ranges are measured on: some of the samples in `train`, spread evenly over them, since
/// they are sorted by path and so by label.
std::vector<std::vector<float>> calibration_set(const Samples& samples, const Indices& train);
inline constexpr std::size_t calibration_samples = 200;  // at most

/// What observers are told of an epoch.
std::vector<std::pair<std::string, double>> figures_of(const Epoch& epoch);

/// SHA-256 over all constants.
std::string weights_hash(const Model& model);

/// What a run keeps of it.
RunRecord record_of(const Trained& trained, const Project& project, const Samples& samples);

}  // namespace dragonet
