#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "train/augment.h"
#include "train/batch_maker.h"

namespace dragonet {

namespace {

/// Between the thread that makes batches and the one that uses them. A few batches may wait in it, so that a disk that
/// is slow at times is not felt.
class Queue {
 public:
  /// False when nobody will take it.
  bool put(Batch batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batches_.size() < most || closed_; });
    if (closed_) return false;
    batches_.push_back(std::move(batch));
    changed_.notify_all();
    return true;
  }

  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    changed_.notify_all();
  }

  Batch take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !batches_.empty() || error_; });
    if (batches_.empty()) std::rethrow_exception(error_);
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    changed_.notify_all();
    return batch;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  static constexpr std::size_t most = 4;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> batches_;
  std::exception_ptr error_;
  bool closed_ = false;
};

/// Ends the other thread however this one leaves.
struct Closing {
  Queue& queue;
  ~Closing() { queue.close(); }
};

}  // namespace

BatchMaker::BatchMaker(const SampleRows& rows, const Objective& objective, const TrainData& data,
                       const TrainSettings& settings)
    : rows_(rows),
      objective_(objective),
      settings_(settings),
      background_(indices_of(data.background)),
      random_(at::detail::createCPUGenerator(settings.seed)) {}

/// A thread more than there are cores would only be in the way of those that train.
static bool a_core_is_left() { return at::get_num_threads() < static_cast<int>(std::thread::hardware_concurrency()); }

double BatchMaker::each(const std::vector<at::Tensor>& lists, const std::function<void(const Batch&)>& use) {
  return a_core_is_left() ? beside(lists, use) : in_turn(lists, use);
}

double BatchMaker::in_turn(const std::vector<at::Tensor>& lists, const std::function<void(const Batch&)>& use) {
  Stopwatch waiting;
  for (const at::Tensor& indices : lists) use(waiting.time([&] { return make(indices); }));
  return waiting.seconds();
}

double BatchMaker::beside(const std::vector<at::Tensor>& lists, const std::function<void(const Batch&)>& use) {
  Queue queue;
  std::jthread maker([&] {
    at::globalContext().setFlushDenormal(true);  // it holds for a thread
    try {
      for (const at::Tensor& indices : lists)
        if (!queue.put(make(indices))) return;
    } catch (...) {
      queue.fail(std::current_exception());
    }
  });
  const Closing closing{queue};
  Stopwatch waiting;
  for (std::size_t i = 0; i < lists.size(); ++i) use(waiting.time([&] { return queue.take(); }));
  return waiting.seconds();
}

/// For each sample a recording of noise, where there are some that sounds can be mixed with.
at::Tensor BatchMaker::background(std::int64_t count) {
  const bool is_wanted =
      std::visit([](const auto& of_kind) { return of_kind.mixes_background; }, settings_.augmentation);
  if (!is_wanted || background_.size(0) == 0) return {};
  return rows_.reals(background_.index_select(0, at::randint(background_.size(0), count, random_, at::kLong)));
}

Batch BatchMaker::make(const at::Tensor& indices) {
  Batch batch{.inputs = augment(rows_.reals(indices), settings_.augmentation, random_, background(indices.size(0)))};
  batch.truth = objective_.truth(rows_, indices, batch.inputs);
  if (settings_.mixup > 0) blend(batch);
  return batch;
}

/// Each sample with another of the batch. A share and what is left of it are alike likely, so the larger may always
/// be the sample's own, by whose label it is counted. Source: Zhang et al. 2018, "mixup", arXiv:1710.09412.
void BatchMaker::blend(Batch& batch) {
  const at::Tensor shares = at::_sample_dirichlet(at::full(2, settings_.mixup), random_);
  const at::Tensor order = at::randperm(batch.inputs.size(0), random_, at::kLong);
  batch.share = shares.max().item<double>();
  batch.others = batch.truth.index_select(0, order);
  batch.inputs = batch.inputs * batch.share + batch.inputs.index_select(0, order) * (1 - batch.share);
}

}  // namespace dragonet
