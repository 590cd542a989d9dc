#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "model/model.h"
#include "model/network.h"
#include "train/export.h"

namespace dragonet {

struct Augmentation {       // of images; each drawn anew for every sample in every epoch
  double shift = 0.08;      // at most this fraction of the width and height, either way
  bool flip = true;         // left to right
  double brightness = 0.1;  // added to all pixels, at most, either way; reals 0..1
  double contrast = 0.1;
  double noise = 0.02;  // standard deviation of Gaussian noise
};

struct TrainSettings {
  int epochs = 60;    // at most
  int patience = 30;  // stop after so many epochs without a better validation loss
  int batch = 64;     // or fewer, so that an epoch has some steps
  double learning_rate = 0.004;
  double weight_decay = 1e-4;
  double label_smoothing = 0.05;  // spread over all classes of each target (Szegedy et al. 2016, arXiv:1512.00567)
  bool class_weights = true;      // each class weighs the same, however many samples it has
  std::uint64_t seed = 1;         // makes a run repeat
  int threads = 1;                // networks this small gain nothing from more, and sums of floats depend on it; 0: all
  Augmentation augmentation{};
};

/// Features as the chip computes them, int8. They may be a mapped file larger than memory: only the rows of a batch are
/// read at a time.
struct TrainData {
  std::span<const std::int8_t> features;   // [samples, height, width, channels]
  std::span<const int> labels;             // [samples]
  std::span<const int> train, validation;  // indices of samples
  int classes = 0;
  Quantization input{{1.0f / 255}, {-128}, 0};  // of the features; left out: pictures'
};

struct Epoch {
  int number = 0;                                                                           // from 1
  double train_loss = 0, train_accuracy = 0, validation_loss = 0, validation_accuracy = 0;  // balanced accuracies
  bool best = false;
  double waiting = 0;     // share of the epoch's time in which training waited for its batches, augmented ones
  double augmenting = 0;  // the part of it that augmentation took
};

struct TrainResult {
  Model model;  // float32, NHWC, batch normalization folded, weights of the best epoch
  std::vector<Epoch> history;
};

/// So that a training that was broken off goes on as if it had not been.
struct Checkpoints {
  Bytes resume;  // what `save` was last given, of the same network, data and settings; or empty
  std::function<void(const Bytes&)> save;  // called after every epoch with all that epochs change; may be empty
};

/// Trains with LibTorch, which is loaded at the first call (dlopen takes 0.3 to 0.8 s): other commands never see it.
/// `on_epoch` may return false to stop early; the best epoch so far is then the result.
///   start  as import_layers makes it of a model: the network begins as that model's function, and does not end with a
///          higher validation loss than that. Empty: with random weights.
/// Throws Error if the library is missing, or the network does not fit its input.
TrainResult train(const Network& network, const TrainData& data, const TrainSettings& settings,
                  const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints = {},
                  const std::vector<TrainedLayer>& start = {});

}  // namespace dragonet
