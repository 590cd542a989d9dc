#pragma once

#include <functional>

#include "app/samples.h"
#include "app/scores.h"

namespace dragonet {

/// The model whose weights a training began with.
struct Origin {
  std::string model, hash;  // the file, and SHA-256 of its weights; empty: random ones
};

/// How a training begins and is kept; left out: with random weights, and nothing is kept.
struct Beginning {
  std::vector<TrainedLayer> layers;  // as import_layers gives them
  Origin origin;
  Checkpoints checkpoints;
};

/// A model in both arithmetics, with how it came to be.
struct Trained {
  Model real, int8;
  std::vector<Epoch> history;
  std::vector<Epoch> qat_history;  // of quantization-aware training, if it followed
  bool was_stopped = false;        // in the midst of that
  Split split;
  Origin origin;
};

/// Network, training, folding, int8 with ranges measured on training samples, labels and features in the metadata.
/// Quantization-aware training follows as project.train.qat says; where that is automatic, if int8 loses more than half
/// a point of balanced accuracy on the validation samples, and what comes of it is taken if it is better there. `what`
/// heads the progress line. `was_asked_to_stop` is called after every epoch; the best so far is kept.
Trained train_and_quantize(const Project& project, const Samples& samples, const Split& split, const std::string& what,
                           const Beginning& beginning = {}, const std::function<bool()>& was_asked_to_stop = {});

/// A float model of these features as int8; ranges are measured on some of the samples in `train`.
Model quantize_for_features(const Model& real, const Samples& samples, const Indices& train, const std::string& what);

/// SHA-256 over all constants.
std::string weights_hash(const Model& model);

/// A model's answers to some of the samples. `real` models get reals, int8 models the features as they are.
struct Answers {
  std::vector<Answer> answers;       // one per index; none of another task
  std::vector<double> confidences;   // of the answer given, 0..1
  std::vector<Estimate> estimates;   // of a regression
  std::vector<ScoredSample> scored;  // of anomalies
  double threshold = 0;              // of those, the model's own
  std::vector<Bytes> outputs;        // the output tensor's bytes
};
Answers answer(const Model& model, const Samples& samples, const Indices& indices);

/// How good they are, as the samples' task measures it.
TaskScore score_of(const Answers& answers, const Dataset& dataset, int resamples = 2000);

/// The answers that some other runner of the same model (host program, board) gave.
Answers answers_of(const Model& model, const Samples& samples, const Indices& indices, std::vector<Bytes> outputs);

}  // namespace dragonet
