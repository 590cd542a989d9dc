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

#include "base/error.h"
#include "train/augment.h"
#include "train/batches.h"
#include "train/checkpoint.h"
#include "train/export.h"
#include "train/torch_network.h"
#include "train/trainer.h"

namespace dragonet {

struct LabelledImages {
  at::Tensor images;  // [samples, channels, height, width], float32
  at::Tensor labels;  // [samples], int64
};

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
        rows_(network, data),
        train_(indices_of(data.train)),
        validation_(indices_of(data.validation)),
        weights_(class_weights(rows_.labels(train_), data.classes, settings.class_weights)),
        optimizer_(make_optimizer()),
        batches_(count_batches(train_.size(0), settings.batch)) {}

  void begin_with(const std::vector<TrainedLayer>& layers) {
    constexpr std::int64_t enough = 256;  // for a normalization's statistics
    dragonet::begin_with(network_, layers, rows_.reals(some_of(train_, enough)));
  }

  double validation_loss() const { return validate().loss(); }

  Epoch train_epoch(int number) {
    Tally tally(weights_);
    Stopwatch whole, gathering, augmenting;
    int batch = 0;
    for (const at::Tensor& chosen : at::randperm(train_.size(0), at::kLong).tensor_split(batches_)) {
      set_learning_rate(number - 1 + double(batch++) / batches_);
      whole.time([&] {
        LabelledImages images = gathering.time([&] { return gather(train_.index_select(0, chosen)); });
        images.images = augmenting.time([&] { return augment(images.images, settings_.augmentation); });
        train_batch(images, tally);
        return 0;
      });
    }
    const Tally validation = whole.time([&] { return validate(); });
    return {.number = number,
            .train_loss = tally.loss(),
            .train_accuracy = tally.balanced_accuracy(),
            .validation_loss = validation.loss(),
            .validation_accuracy = validation.balanced_accuracy(),
            .waiting = (gathering.seconds() + augmenting.seconds()) / whole.seconds(),
            .augmenting = augmenting.seconds() / whole.seconds()};
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

  LabelledImages gather(const at::Tensor& indices) const {
    return {rows_.reals(indices).contiguous(), rows_.labels(indices)};
  }

  void train_batch(const LabelledImages& batch, Tally& tally) {
    const at::Tensor answers = logits(network_, batch.images, true);
    optimizer_.zero_grad();
    loss_of(answers, batch.labels, settings_.label_smoothing).backward();
    optimizer_.step();
    count(answers.detach(), batch.labels, tally);
  }

  /// Without label smoothing, in training as in validation: else the two losses could not be compared.
  void count(const at::Tensor& answers, const at::Tensor& labels, Tally& tally) const {
    tally.add(loss_of(answers, labels, 0), answers, labels);
  }

  Tally validate() const {
    const at::NoGradGuard no_gradients;
    Tally tally(weights_);
    for (std::int64_t first = 0; first < validation_.size(0); first += 256) {
      const at::Tensor chosen = validation_.slice(0, first, first + 256);
      count(logits(network_, rows_.reals(chosen), false), rows_.labels(chosen), tally);
    }
    return tally;
  }

  TrainSettings settings_;
  TorchNetwork network_;
  SampleRows rows_;
  at::Tensor train_, validation_;  // indices
  at::Tensor weights_;             // of the classes
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
  int number = 0;  // of the epoch; 0: those that it began with

  bool offer(const Epoch& epoch, const TorchNetwork& network) {
    if (!(epoch.validation_loss < loss)) return false;
    *this = {copies(all_tensors(network)), epoch.validation_loss, epoch.number};
    return true;
  }
};

/// A training between two epochs.
struct State {
  Trainer trainer;
  Best best;
  std::vector<Epoch> history;

  int next_number() const { return static_cast<int>(history.size()) + 1; }
};

static void save_state(const State& state, const Checkpoints& checkpoints) {
  if (!checkpoints.save) return;
  CheckpointWriter writer;
  state.trainer.save(writer);
  writer.tensors("best", state.best.weights);
  writer.tensors("best_score", {at::tensor({state.best.loss, double(state.best.number)}, at::kDouble)});
  writer.history(state.history);
  checkpoints.save(writer.bytes());
}

static void load_state(State& state, const Bytes& bytes) {
  CheckpointReader reader(bytes);
  state.trainer.load(reader);
  state.history = reader.history();
  const at::Tensor score = reader.tensors("best_score").at(0);
  state.best = {reader.tensors("best"), score[0].item<double>(), score[1].item<int>()};
}

static State first_state(const Network& network, const TrainData& data, const TrainSettings& settings,
                         const std::vector<TrainedLayer>& start) {
  State state{.trainer = Trainer(network, data, settings)};
  if (!start.empty()) {
    state.trainer.begin_with(start);
    state.best.loss = state.trainer.validation_loss();
  }
  state.best.weights = copies(all_tensors(state.trainer.network()));
  return state;
}

static void require_a_loss(const State& state) {
  const auto is_number = [](const Epoch& epoch) { return std::isfinite(epoch.validation_loss); };
  if (!state.history.empty() && std::ranges::none_of(state.history, is_number))
    throw Error({"training", "the loss of no epoch is a number", "lower train.learning_rate in dragonet.toml"});
}

static TrainResult train_with_torch(const Network& network, const TrainData& data, const TrainSettings& settings,
                                    const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints,
                                    const std::vector<TrainedLayer>& start) {
  set_up_torch(settings);
  State state = first_state(network, data, settings, start);
  if (!checkpoints.resume.empty()) load_state(state, checkpoints.resume);
  for (int number = state.next_number(); number <= settings.epochs && number - state.best.number <= settings.patience;
       ++number) {
    Epoch epoch = state.trainer.train_epoch(number);
    epoch.best = state.best.offer(epoch, state.trainer.network());
    state.history.push_back(epoch);
    save_state(state, checkpoints);
    if (!on_epoch(epoch)) break;
  }
  require_a_loss(state);
  overwrite(all_tensors(state.trainer.network()), state.best.weights);
  return {export_model(network, trained_layers(state.trainer.network())), std::move(state.history)};
}

}  // namespace dragonet

void dragonet_train(const dragonet::Network& network, const dragonet::TrainData& data,
                    const dragonet::TrainSettings& settings,
                    const std::function<bool(const dragonet::Epoch&)>& on_epoch,
                    const dragonet::Checkpoints& checkpoints, const std::vector<dragonet::TrainedLayer>& start,
                    dragonet::TrainResult& result) {
  result = dragonet::train_with_torch(network, data, settings, on_epoch, checkpoints, start);
}
