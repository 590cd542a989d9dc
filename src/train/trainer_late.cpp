// Training with LibTorch. Everything random comes from two generators, seeded once: the batches' and all the rest's; so
// a run repeats (with as many threads: sums of floats depend on their order).

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <thread>

#include "base/error.h"
#include "model/anomaly_distance.h"
#include "train/batch_maker.h"
#include "train/checkpoint.h"
#include "train/export.h"
#include "train/fit_normal.h"
#include "train/kept_memory.h"
#include "train/rounded.h"
#include "train/torch_network.h"
#include "train/trainer.h"

namespace dragonet {

/// What is trained: a function, the tensors that it learns, and those that it follows.
struct Trainable {
  std::function<at::Tensor(const at::Tensor& inputs, bool training)> answers;  // before a softmax
  std::vector<at::Tensor> kernels, offsets, followed;

  std::vector<at::Tensor> all() const {
    std::vector<at::Tensor> tensors = kernels;
    for (const auto& list : {offsets, followed}) tensors.insert(tensors.end(), list.begin(), list.end());
    return tensors;
  }
};

static Trainable trainable(const TorchNetwork& network) {
  return {[&network](const at::Tensor& inputs, bool training) { return logits(network, inputs, training); },
          kernels(network), offsets_and_scales(network), statistics(network)};
}

/// Few samples are cut into smaller batches, so that an epoch has at least four steps of at least eight samples.
static std::int64_t count_batches(std::int64_t samples, int batch) {
  return std::max({samples / std::max(batch, 2), std::min<std::int64_t>(4, samples / 8), std::int64_t{1}});
}

/// A moving average of all that training changes. Its decay grows to the one that is set, so that the first random
/// weights are soon forgotten. Source: TensorFlow, tf.train.ExponentialMovingAverage, num_updates.
static void follow(const std::vector<at::Tensor>& averages, const std::vector<at::Tensor>& values, double decay,
                   double steps) {
  const at::NoGradGuard no_gradients;
  const double kept = std::min(decay, (1 + steps) / (10 + steps));
  for (std::size_t i = 0; i < averages.size(); ++i) at::Tensor(averages[i]).lerp_(values[i], 1 - kept);
}

/// A function being trained, and everything that changes with it.
class Trainer {
 public:
  Trainer(Trainable trained, const Network& network, const TrainData& data, const TrainSettings& settings)
      : settings_(settings),
        trained_(std::move(trained)),
        rows_(network, data),
        train_(indices_of(data.train)),
        validation_(indices_of(data.validation)),
        objective_(network, data, settings, rows_, train_),
        batch_maker_(rows_, objective_, data, settings_),
        optimizer_(make_optimizer()),
        batches_(count_batches(train_.size(0), settings.batch)) {
    begin_average();
  }

  const Objective& objective() const { return objective_; }

  /// Some of those it trains with, evenly spread.
  at::Tensor examples(std::int64_t most) const { return rows_.reals(some_of(train_, most)); }

  /// To be called when something else has changed the weights.
  void begin_average() {
    if (settings_.ema > 0) averages_ = copies(trained_.all());
  }

  /// What is validated, and worth keeping.
  const std::vector<at::Tensor>& kept() const { return settings_.ema > 0 ? averages_ : trained_tensors_; }

  double validation_loss() { return validate().loss(); }

  Epoch train_epoch(int number) {
    Tally tally(objective_);
    Stopwatch whole;
    int done = 0;
    const auto step = [&](const Batch& batch) {
      const double epochs_done = number - 1 + double(done++) / batches_;
      set_learning_rate(epochs_done);
      train_batch(batch, tally);
      if (settings_.ema > 0) follow(averages_, trained_tensors_, settings_.ema, epochs_done * batches_);
    };
    const at::Tensor order = train_.index_select(0, at::randperm(train_.size(0), at::kLong));
    const double waiting = whole.time([&] { return batch_maker_.each(order.tensor_split(batches_), step); });
    const Tally validation = whole.time([&] { return validate(); });
    return {.number = number,
            .train_loss = tally.loss(),
            .train_accuracy = tally.balanced_accuracy(),
            .validation_loss = validation.loss(),
            .validation_accuracy = validation.balanced_accuracy(),
            .waiting = waiting / whole.seconds(),
            .train_error = tally.error(),
            .validation_error = validation.error()};
  }

  void save(CheckpointWriter& writer) const {
    at::Generator random = at::detail::getDefaultCPUGenerator();
    writer.tensors("network", trained_tensors_);
    writer.tensors("average", averages_);
    writer.optimizer(optimizer_);
    writer.tensors("random", {random.get_state(), batch_maker_.random_state()});
  }

  void load(CheckpointReader& reader) {
    overwrite(trained_tensors_, reader.tensors("network"));
    overwrite(averages_, reader.tensors("average"));
    reader.optimizer(optimizer_);
    at::Generator random = at::detail::getDefaultCPUGenerator();
    const std::vector<at::Tensor> states = reader.tensors("random");
    random.set_state(states.at(0));
    batch_maker_.set_random_state(states.at(1));
  }

  void overwrite_with(const std::vector<at::Tensor>& values) { overwrite(trained_tensors_, values); }

 private:
  torch::optim::AdamW make_optimizer() const {
    auto decayed = std::make_unique<torch::optim::AdamWOptions>(settings_.learning_rate);
    auto free = std::make_unique<torch::optim::AdamWOptions>(settings_.learning_rate);
    decayed->weight_decay(settings_.weight_decay);
    free->weight_decay(0);
    return torch::optim::AdamW(std::vector<torch::optim::OptimizerParamGroup>{{trained_.kernels, std::move(decayed)},
                                                                              {trained_.offsets, std::move(free)}});
  }

  /// A linear rise over the first epochs, while the normalizations find their statistics, then half a cosine down
  /// (Loshchilov and Hutter 2017, arXiv:1608.03983), or no change.
  void set_learning_rate(double epochs_done) {
    const double warm_up = std::min(settings_.warm_up, settings_.epochs / 10.0), all = settings_.epochs;
    const double rise = epochs_done < warm_up ? (epochs_done + 0.1) / (warm_up + 0.1) : 1;
    const bool falls = settings_.schedule == LearningSchedule::cosine;
    const double fall = falls ? 0.5 + 0.5 * std::cos(std::numbers::pi * epochs_done / all) : 1;
    for (auto& group : optimizer_.param_groups())
      group.options().set_lr(settings_.learning_rate * rise * std::max(fall, 0.01));
  }

  at::Tensor loss_of(const at::Tensor& answers, const Batch& batch) const {
    const at::Tensor loss = objective_.loss(answers, batch.truth, settings_.label_smoothing);
    if (!batch.others.defined()) return loss;
    const at::Tensor other = objective_.loss(answers, batch.others, settings_.label_smoothing);
    return loss * batch.share + other * (1 - batch.share);
  }

  void train_batch(const Batch& batch, Tally& tally) {
    const at::Tensor answers = trained_.answers(batch.inputs, true);
    optimizer_.zero_grad();
    loss_of(answers, batch).backward();
    optimizer_.step();
    tally.add(answers.detach(), batch.truth);
  }

  /// With the averages where they are kept, which then give way to the weights again.
  Tally validate() {
    const at::NoGradGuard no_gradients;
    std::vector<at::Tensor> weights;
    if (settings_.ema > 0) weights = copies(trained_tensors_), overwrite(trained_tensors_, averages_);
    Tally tally(objective_);
    for (std::int64_t first = 0; first < validation_.size(0); first += 256) {
      const at::Tensor chosen = validation_.slice(0, first, first + 256), inputs = rows_.reals(chosen);
      tally.add(trained_.answers(inputs, false), objective_.truth(rows_, chosen, inputs));
    }
    if (settings_.ema > 0) overwrite(trained_tensors_, weights);
    return tally;
  }

  TrainSettings settings_;
  Trainable trained_;
  std::vector<at::Tensor> trained_tensors_ = trained_.all(), averages_;
  SampleRows rows_;
  at::Tensor train_, validation_;  // indices
  Objective objective_;
  BatchMaker batch_maker_;
  torch::optim::AdamW optimizer_;
  std::int64_t batches_;
};

static void set_up_torch(const TrainSettings& settings) {
  keep_freed_memory();
  at::manual_seed(settings.seed);
  at::set_num_threads(settings.threads > 0 ? settings.threads : static_cast<int>(std::thread::hardware_concurrency()));
  at::globalContext().setFlushDenormal(true);  // tiny numbers late in training would cost a hundred cycles each
}

/// The weights with the lowest validation loss so far.
struct Best {
  std::vector<at::Tensor> weights;
  double loss = std::numeric_limits<double>::infinity();
  int number = 0;  // of the epoch; 0: those that it began with

  bool offer(const Epoch& epoch, const std::vector<at::Tensor>& tensors) {
    if (!(epoch.validation_loss < loss)) return false;
    *this = {copies(tensors), epoch.validation_loss, epoch.number};
    return true;
  }
};

/// A training between two epochs.
struct State {
  std::unique_ptr<Trainer> trainer;
  Best best;
  std::vector<Epoch> history;

  int next_number() const { return static_cast<int>(history.size()) + 1; }
};

static void save_state(const State& state, const Checkpoints& checkpoints) {
  if (!checkpoints.save) return;
  CheckpointWriter writer;
  state.trainer->save(writer);
  writer.tensors("best", state.best.weights);
  writer.tensors("best_score", {at::tensor({state.best.loss, double(state.best.number)}, at::kDouble)});
  writer.history(state.history);
  checkpoints.save(writer.bytes());
}

static void load_state(State& state, const Bytes& bytes) {
  CheckpointReader reader(bytes);
  state.trainer->load(reader);
  state.history = reader.history();
  const at::Tensor score = reader.tensors("best_score").at(0);
  state.best = {reader.tensors("best"), score[0].item<double>(), score[1].item<int>()};
}

/// A regression's last layer, between targets as they are trained, of mean 0 and deviation 1, and as they are told.
static void scale_answers(TrainedLayer& last, const at::Tensor& deviation, const at::Tensor& mean, bool to_units) {
  const auto outputs = static_cast<std::size_t>(deviation.size(0)), each = last.weights.size() / outputs;
  const float *factor = deviation.data_ptr<float>(), *offset = mean.data_ptr<float>();
  last.bias.resize(outputs);
  for (std::size_t o = 0; o < outputs; ++o) {
    const std::span<float> weights = std::span(last.weights).subspan(o * each, each);
    for (float& weight : weights) weight = to_units ? weight * factor[o] : weight / factor[o];
    last.bias[o] = to_units ? last.bias[o] * factor[o] + offset[o] : (last.bias[o] - offset[o]) / factor[o];
  }
}

static void begin_with(State& state, TorchNetwork& network, std::vector<TrainedLayer> start) {
  constexpr std::int64_t enough = 256;  // for a normalization's statistics
  const Objective& objective = state.trainer->objective();
  if (objective.deviation().defined()) scale_answers(start.back(), objective.deviation(), objective.mean(), false);
  begin_with(network, start, state.trainer->examples(enough));
  state.trainer->begin_average();
  state.best.loss = state.trainer->validation_loss();
}

static void require_a_loss(const State& state) {
  const auto is_number = [](const Epoch& epoch) { return std::isfinite(epoch.validation_loss); };
  if (!state.history.empty() && std::ranges::none_of(state.history, is_number))
    throw Error({"training", "the loss of no epoch is a number", "lower train.learning_rate in dragonet.toml"});
}

/// Ends with the best epoch's weights.
static void run_epochs(State& state, const TrainSettings& settings, const std::function<bool(const Epoch&)>& on_epoch,
                       const Checkpoints& checkpoints) {
  for (int number = state.next_number(); number <= settings.epochs && number - state.best.number <= settings.patience;
       ++number) {
    Epoch epoch = state.trainer->train_epoch(number);
    epoch.best = state.best.offer(epoch, state.trainer->kept());
    state.history.push_back(epoch);
    save_state(state, checkpoints);
    if (!on_epoch(epoch)) break;
  }
  require_a_loss(state);
  state.trainer->overwrite_with(state.best.weights);
}

/// In one go: what an epoch says is how far the samples are from what is normal.
static TrainResult fit_with_torch(const Network& network, const TrainData& data, const TrainSettings& settings,
                                  const std::function<bool(const Epoch&)>& on_epoch) {
  set_up_torch(settings);
  Fitted fitted = fit(network, data);
  fitted.epoch.best = true;
  on_epoch(fitted.epoch);
  Model model = export_model(network, fitted.layers);
  set_anomaly_centres(model, fitted.centres);
  return {std::move(model), {fitted.epoch}};
}

static TrainResult train_with_torch(const Network& network, const TrainData& data, const TrainSettings& settings,
                                    const std::function<bool(const Epoch&)>& on_epoch, const Checkpoints& checkpoints,
                                    const std::vector<TrainedLayer>& start) {
  set_up_torch(settings);
  TorchNetwork learning = make_torch_network(network);
  State state{std::make_unique<Trainer>(trainable(learning), network, data, settings), {}, {}};
  if (!start.empty()) begin_with(state, learning, start);
  state.best.weights = copies(state.trainer->kept());
  if (!checkpoints.resume.empty()) load_state(state, checkpoints.resume);
  run_epochs(state, settings, on_epoch, checkpoints);
  std::vector<TrainedLayer> trained = trained_layers(learning);
  if (const Objective& objective = state.trainer->objective(); objective.deviation().defined())
    scale_answers(trained.back(), objective.deviation(), objective.mean(), true);
  return {export_model(network, trained), std::move(state.history)};
}

/// Short, and gentle: the weights are good already, and only have to bear being rounded.
static TrainSettings settings_for_rounding(TrainSettings settings) {
  settings.epochs = settings.patience = settings.qat_epochs;
  settings.learning_rate /= 20;
  settings.schedule = LearningSchedule::cosine;
  settings.warm_up = settings.ema = 0;
  return settings;
}

static Trainable trainable(RoundedNetwork& network, const Objective* const& objective) {
  const auto answers = [&](const at::Tensor& inputs, bool training) {
    const at::Tensor y = network.answers(inputs, training ? RoundedNetwork::follow : RoundedNetwork::keep);
    return objective->deviation().defined() ? (y - objective->mean()) / objective->deviation() : y;
  };
  return {answers, kernels(network.layers()), offsets_and_scales(network.layers()), {network.ranges()}};
}

static RoundedResult train_rounded_with_torch(const Model& model, const Network& network, const TrainData& data,
                                              const TrainSettings& all_settings,
                                              const std::function<bool(const Epoch&)>& on_epoch) {
  const TrainSettings settings = settings_for_rounding(all_settings);
  set_up_torch(settings);
  RoundedNetwork rounded(model, data.input);
  const Objective* objective = nullptr;
  State state{std::make_unique<Trainer>(trainable(rounded, objective), network, data, settings), {}, {}};
  objective = &state.trainer->objective();
  constexpr std::int64_t calibration = 200;  // samples, as conversion measures ranges on
  const at::Tensor examples = state.trainer->examples(calibration);
  for (std::int64_t i = 0; i < examples.size(0); i += 50) {
    const at::NoGradGuard no_gradients;
    rounded.answers(examples.slice(0, i, i + 50), RoundedNetwork::widen);
  }
  state.best = {copies(state.trainer->kept()), state.trainer->validation_loss(), 0};
  const double before = state.best.loss;
  run_epochs(state, settings, on_epoch, {});
  return {rounded.trained_model(), rounded.final_ranges(), before, std::move(state.history)};
}

}  // namespace dragonet

void dragonet_train(const dragonet::Network& network, const dragonet::TrainData& data,
                    const dragonet::TrainSettings& settings,
                    const std::function<bool(const dragonet::Epoch&)>& on_epoch,
                    const dragonet::Checkpoints& checkpoints, const std::vector<dragonet::TrainedLayer>& start,
                    dragonet::TrainResult& result) {
  result = is_fitted(network) ? dragonet::fit_with_torch(network, data, settings, on_epoch)
                              : dragonet::train_with_torch(network, data, settings, on_epoch, checkpoints, start);
}

void dragonet_train_rounded(const dragonet::Model& model, const dragonet::Network& network,
                            const dragonet::TrainData& data, const dragonet::TrainSettings& settings,
                            const std::function<bool(const dragonet::Epoch&)>& on_epoch,
                            dragonet::RoundedResult& result) {
  result = dragonet::train_rounded_with_torch(model, network, data, settings, on_epoch);
}
