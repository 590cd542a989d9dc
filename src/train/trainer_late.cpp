// Training with LibTorch. Everything random comes from one generator, seeded once, so that a run repeats (with as many
// threads: sums of floats depend on their order).

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <thread>

#include "train/augment.h"
#include "train/checkpoint.h"
#include "train/export.h"
#include "train/torch_network.h"
#include "train/trainer.h"

namespace dragonet {

struct LabelledImages {
  at::Tensor images;  // [samples, channels, height, width], float32 0..1, channels last in memory
  at::Tensor labels;  // [samples], int64
};

static LabelledImages select(const LabelledImages& samples, const at::Tensor& indices) {
  return {samples.images.index_select(0, indices), samples.labels.index_select(0, indices)};
}

static at::Tensor indices_of(std::span<const int> values) {
  at::Tensor tensor = at::empty(static_cast<std::int64_t>(values.size()), at::kLong);
  std::ranges::copy(values, tensor.data_ptr<std::int64_t>());
  return tensor;
}

static LabelledImages samples_of(const Network& network, const TrainData& data) {
  at::Tensor features =
      at::empty({std::int64_t(data.labels.size()), network.height, network.width, network.channels}, at::kChar);
  std::ranges::copy(data.features, features.data_ptr<std::int8_t>());
  const at::Tensor reals = (features.to(at::kFloat) + 128) / 255;
  return {reals.permute({0, 3, 1, 2}), indices_of(data.labels)};
}

/// The reciprocal of each class's share, so that each weighs the same however many samples it has.
static at::Tensor class_weights(const at::Tensor& labels, int classes, bool weighted) {
  if (!weighted) return at::ones(classes);
  const at::Tensor counts = at::bincount(labels, {}, classes).to(at::kFloat);
  return labels.size(0) / (counts.clamp_min(1) * classes);
}

/// Sums over batches, and what an Epoch says of them.
class Tally {
 public:
  explicit Tally(const at::Tensor& class_weights)
      : weights_(class_weights), right_(at::zeros_like(weights_)), all_(at::zeros_like(weights_)) {}

  void add(const at::Tensor& loss, const at::Tensor& answers, const at::Tensor& labels) {
    const at::Tensor hits = labels.masked_select(answers.argmax(1) == labels);
    right_ += at::bincount(hits, {}, right_.size(0));
    all_ += at::bincount(labels, {}, all_.size(0));
    const double weight = weights_.index_select(0, labels).sum().item<double>();
    loss_ += loss.item<double>() * weight;
    weight_ += weight;
  }
  double loss() const { return loss_ / weight_; }
  double balanced_accuracy() const {  // the mean over those classes that occur
    const at::Tensor occur = all_ > 0;
    return (right_.masked_select(occur) / all_.masked_select(occur)).mean().item<double>();
  }

 private:
  at::Tensor weights_, right_, all_;  // [classes]
  double loss_ = 0, weight_ = 0;
};

/// Few samples are cut into smaller batches, so that an epoch has at least four steps of at least eight samples.
static std::int64_t count_batches(std::int64_t samples, int batch) {
  return std::max({samples / std::max(batch, 2), std::min<std::int64_t>(4, samples / 8), std::int64_t{1}});
}

/// A network being trained, and everything that changes with it.
class Trainer {
 public:
  Trainer(const Network& network, const TrainData& data, const TrainSettings& settings)
      : settings_(settings),
        network_(make_torch_network(network)),
        train_(select(samples_of(network, data), indices_of(data.train))),
        validation_(select(samples_of(network, data), indices_of(data.validation))),
        weights_(class_weights(train_.labels, data.classes, settings.class_weights)),
        optimizer_(make_optimizer()),
        batches_(count_batches(train_.labels.size(0), settings.batch)) {}

  Epoch train_epoch(int number) {
    Tally tally(weights_);
    int batch = 0;
    for (const at::Tensor& chosen : at::randperm(train_.labels.size(0), at::kLong).tensor_split(batches_)) {
      set_learning_rate(number - 1 + double(batch++) / batches_);
      train_batch(select(train_, chosen), tally);
    }
    const Tally validation = validate();
    return {.number = number,
            .train_loss = tally.loss(),
            .train_accuracy = tally.balanced_accuracy(),
            .validation_loss = validation.loss(),
            .validation_accuracy = validation.balanced_accuracy()};
  }

  const TorchNetwork& network() const { return network_; }

  void save(CheckpointWriter& writer) const {
    at::Generator random = at::detail::getDefaultCPUGenerator();
    writer.tensors("network", all_tensors(network_));
    writer.optimizer(optimizer_);
    writer.tensors("random", {random.get_state()});
  }

  void load(CheckpointReader& reader) {
    overwrite(all_tensors(network_), reader.tensors("network"));
    reader.optimizer(optimizer_);
    at::Generator random = at::detail::getDefaultCPUGenerator();
    random.set_state(reader.tensors("random").at(0));
  }

 private:
  torch::optim::AdamW make_optimizer() const {
    auto decayed = std::make_unique<torch::optim::AdamWOptions>(settings_.learning_rate);
    auto free = std::make_unique<torch::optim::AdamWOptions>(settings_.learning_rate);
    decayed->weight_decay(settings_.weight_decay);
    free->weight_decay(0);
    return torch::optim::AdamW(std::vector<torch::optim::OptimizerParamGroup>{
        {kernels(network_), std::move(decayed)}, {offsets_and_scales(network_), std::move(free)}});
  }

  /// A linear rise over the first epochs, while the normalizations find their statistics, then half a cosine down
  /// (Loshchilov and Hutter 2017, arXiv:1608.03983).
  void set_learning_rate(double epochs_done) {
    const double warm_up = std::min(3.0, settings_.epochs / 10.0), all = settings_.epochs;
    const double rise = epochs_done < warm_up ? (epochs_done + 0.1) / (warm_up + 0.1) : 1;
    const double fall = 0.5 + 0.5 * std::cos(std::numbers::pi * epochs_done / all);
    for (auto& group : optimizer_.param_groups())
      group.options().set_lr(settings_.learning_rate * rise * std::max(fall, 0.01));
  }

  at::Tensor loss_of(const at::Tensor& answers, const at::Tensor& labels, double label_smoothing) const {
    constexpr std::int64_t ignore_none = -100;  // torch's default: no label has this number
    return at::cross_entropy_loss(answers, labels, weights_, at::Reduction::Mean, ignore_none, label_smoothing);
  }

  void train_batch(const LabelledImages& batch, Tally& tally) {
    const at::Tensor answers = logits(network_, augment(batch.images, settings_.augmentation), true);
    const at::Tensor loss = loss_of(answers, batch.labels, settings_.label_smoothing);
    optimizer_.zero_grad();
    loss.backward();
    optimizer_.step();
    tally.add(loss, answers, batch.labels);
  }

  Tally validate() const {
    const at::NoGradGuard no_gradients;
    Tally tally(weights_);
    for (std::int64_t first = 0, all = validation_.labels.size(0); first < all; first += 256) {
      const at::Tensor images = validation_.images.slice(0, first, first + 256),
                       labels = validation_.labels.slice(0, first, first + 256);
      const at::Tensor answers = logits(network_, images, false);
      tally.add(loss_of(answers, labels, 0), answers, labels);
    }
    return tally;
  }

  TrainSettings settings_;
  TorchNetwork network_;
  LabelledImages train_, validation_;
  at::Tensor weights_;  // of the classes
  torch::optim::AdamW optimizer_;
  std::int64_t batches_;
};

static void set_up_torch(const TrainSettings& settings) {
  at::manual_seed(settings.seed);
  at::set_num_threads(settings.threads > 0 ? settings.threads : static_cast<int>(std::thread::hardware_concurrency()));
  at::globalContext().setFlushDenormal(true);  // tiny numbers late in training would cost a hundred cycles each
}

/// The weights with the lowest validation loss so far.
struct Best {
  std::vector<at::Tensor> weights;
  double loss = std::numeric_limits<double>::infinity();
  int number = 0;  // of the epoch

  bool offer(const Epoch& epoch, const TorchNetwork& network) {
    if (number > 0 && !(epoch.validation_loss < loss)) return false;
    *this = {copies(all_tensors(network)), epoch.validation_loss, epoch.number};
    return true;
  }
};

static void save_state(const Trainer& trainer, const Best& best, const std::vector<Epoch>& history,
                       const Checkpoints& checkpoints) {
  if (!checkpoints.save) return;
  CheckpointWriter writer;
  trainer.save(writer);
  writer.tensors("best", best.weights);
  writer.history(history);
  checkpoints.save(writer.bytes());
}

/// Best is found again in the history: its weights were those after that epoch.
static void load_state(Trainer& trainer, Best& best, std::vector<Epoch>& history, const Checkpoints& checkpoints) {
  if (checkpoints.resume.empty()) return;
  CheckpointReader reader(checkpoints.resume);
  trainer.load(reader);
  history = reader.history();
  best.weights = reader.tensors("best");
  for (const Epoch& epoch : history)
    if (epoch.best) best.loss = epoch.validation_loss, best.number = epoch.number;
}

static TrainResult train_with_torch(const Network& network, const TrainData& data, const TrainSettings& settings,
                                    const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints) {
  set_up_torch(settings);
  Trainer trainer(network, data, settings);
  Best best;
  TrainResult result;
  load_state(trainer, best, result.history, checkpoints);
  for (int number = static_cast<int>(result.history.size()) + 1;
       number <= settings.epochs && number - best.number <= settings.patience; ++number) {
    Epoch epoch = trainer.train_epoch(number);
    epoch.best = best.offer(epoch, trainer.network());
    result.history.push_back(epoch);
    save_state(trainer, best, result.history, checkpoints);
    if (!on_epoch(epoch)) break;
  }
  overwrite(all_tensors(trainer.network()), best.weights);
  result.model = export_model(network, trained_layers(trainer.network()));
  return result;
}

}  // namespace dragonet

void dragonet_train(const dragonet::Network& network, const dragonet::TrainData& data,
                    const dragonet::TrainSettings& settings,
                    const std::function<bool(const dragonet::Epoch&)>& on_epoch,
                    const dragonet::Checkpoints& checkpoints, dragonet::TrainResult& result) {
  result = dragonet::train_with_torch(network, data, settings, on_epoch, checkpoints);
}
