#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "model/model.h"
#include "model/network.h"
#include "ops/ranges.h"
#include "train/augmentation.h"
#include "train/export.h"

namespace dragonet {

enum class LearningSchedule { cosine, constant };

/// When quantization-aware training follows: automatically where int8 loses accuracy.
enum class Qat { automatic, always, never };

struct TrainSettings {
  int epochs = 60;    // at most
  int patience = 30;  // stop after so many epochs without a better validation loss
  int batch = 64;     // or fewer, so that an epoch has some steps
  double learning_rate = 0.004;
  LearningSchedule schedule = LearningSchedule::cosine;  // how it goes on after the rise at the beginning
  double warm_up = 3;                                    // epochs of that rise; at most a tenth of all
  double weight_decay = 1e-4;
  double label_smoothing = 0.05;  // spread over all classes of each target (Szegedy et al. 2016, arXiv:1512.00567)
  double mixup = 0;  // samples are blended by shares of Beta(mixup, mixup): Zhang et al. 2018, arXiv:1710.09412; 0: not
  double ema = 0;    // decay, per step, of a moving average of the weights, which is validated and kept; 0: none
  bool class_weights = true;  // each class weighs the same, however many samples it has
  std::uint64_t seed = 1;     // makes a run repeat
  int threads = 1;            // networks this small gain nothing from more, and sums of floats depend on it; 0: all
  Augmentation augmentation{};
  Qat qat = Qat::automatic;
  int qat_epochs = 10;  // of train_rounded
};

/// Features as the chip computes them, int8. They may be a mapped file larger than memory: only the rows of a batch are
/// read at a time.
struct TrainData {
  std::span<const std::int8_t> features;   // [samples, height, width, channels]
  std::span<const int> labels;             // [samples]
  std::span<const int> train, validation;  // indices of samples
  int classes = 0;
  Quantization input{{1.0f / 255}, {-128}, 0};  // of the features; left out: pictures'
  std::span<const int> background = {};         // samples that are noise, for SoundAugmentation; none: it makes some
  std::span<const float> targets = {};          // [samples, outputs], of a regression; then no labels and no classes
};

struct Epoch {
  int number = 0;                                                                           // from 1
  double train_loss = 0, train_accuracy = 0, validation_loss = 0, validation_accuracy = 0;  // balanced accuracies
  bool best = false;
  double waiting = 0;  // share of the epoch's time in which training waited for its batches, augmented ones
  double train_error = 0, validation_error = 0;  // where there are no labels: mean absolute ones, in the targets' units
};

struct TrainResult {
  Model model;  // float32, NHWC, batch normalization folded, weights of the best epoch
  std::vector<Epoch> history;
};

/// How a training that was broken off can go on as if it had not been.
struct Checkpoints {
  Bytes resume;  // what `save` was last given, of the same network, data and settings; or empty
  std::function<void(const Bytes&)> save;  // called after every epoch with all that epochs change; may be empty
};

/// Trains what the network's task asks (labels, numbers, or its own input), or fits it to the samples (is_fitted),
/// which has one epoch, needs no validation, and keeps the centres of what is normal in the model's metadata. With
/// LibTorch, which is loaded at the first call (dlopen takes 0.3 to 0.8 s): other commands never see it. `on_epoch` may
/// return false to stop early; the best epoch so far is then the result.
///   start  as import_layers makes it of a model: the network begins as that model's function, and does not end with a
///          higher validation loss than that. Empty: with random weights.
/// Throws Error if the library is missing, or the network does not fit its input.
TrainResult train(const Network& network, const TrainData& data, const TrainSettings& settings,
                  const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints = {},
                  const std::vector<TrainedLayer>& start = {});

/// A float model that was trained on with every weight and activation rounded as int8 rounds it.
struct RoundedResult {
  Model model;                 // float32; of the same tensors
  Ranges ranges;               // of each of them, for `quantize`
  double loss_before = 0;      // on the validation samples, with ranges measured as conversion measures them
  std::vector<Epoch> history;  // numbered from 1; losses and accuracies are those of the rounded network
};

/// Quantization-aware training (Jacob et al. 2018, arXiv:1712.05877), to TensorFlow Lite's specification:
/// `qat_epochs` at a twentieth of the learning rate, from what `train` gave. Ends with no higher validation loss
/// than it began with. Begins with the settings' seed, so it repeats; there are no checkpoints of it.
///   model  of `train` or one of the same operators; Throws Error if it has others
RoundedResult train_rounded(const Model& model, const Network& network, const TrainData& data,
                            const TrainSettings& settings, const std::function<bool(const Epoch&)>& on_epoch);

}  // namespace dragonet
