#include <sstream>

#include "base/error.h"
#include "train/checkpoint.h"

namespace dragonet {

static constexpr std::int64_t epoch_columns = 9;

std::vector<at::Tensor> copies(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const at::Tensor& tensor : tensors) result.push_back(tensor.detach().clone());
  return result;
}

static void refuse(const std::string& what) { throw Error({"the checkpoint", what, "train anew, without --resume"}); }

void overwrite(const std::vector<at::Tensor>& tensors, const std::vector<at::Tensor>& values) {
  const at::NoGradGuard no_gradients;
  if (tensors.size() != values.size()) refuse("belongs to another network");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].sizes() != values[i].sizes()) refuse("belongs to another network");
    tensors[i].copy_(values[i]);
  }
}

void CheckpointWriter::tensors(const std::string& name, const std::vector<at::Tensor>& list) {
  archive_.write(name + ".count", at::scalar_tensor(static_cast<std::int64_t>(list.size()), at::kLong));
  for (std::size_t i = 0; i < list.size(); ++i) archive_.write(name + "." + std::to_string(i), list[i].detach());
}

void CheckpointWriter::optimizer(const torch::optim::Optimizer& optimizer) {
  torch::serialize::OutputArchive part;
  optimizer.save(part);
  archive_.write("optimizer", part);
}

void CheckpointWriter::history(const std::vector<Epoch>& history) {
  const at::Tensor table = at::empty({static_cast<std::int64_t>(history.size()), epoch_columns}, at::kDouble);
  double* cell = table.data_ptr<double>();
  for (const Epoch& epoch : history)
    for (const double value :
         {double(epoch.number), epoch.train_loss, epoch.train_accuracy, epoch.validation_loss,
          epoch.validation_accuracy, double(epoch.best), epoch.waiting, epoch.train_error, epoch.validation_error})
      *cell++ = value;
  archive_.write("history", table);
}

Bytes CheckpointWriter::bytes() {
  std::ostringstream stream;
  archive_.save_to(stream);
  const std::string text = stream.str();
  return {text.begin(), text.end()};
}

CheckpointReader::CheckpointReader(const Bytes& bytes) {
  try {
    archive_.load_from(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } catch (const c10::Error&) {
    refuse("is damaged");
  }
}

std::vector<at::Tensor> CheckpointReader::tensors(const std::string& name) {
  at::Tensor count;
  if (!archive_.try_read(name + ".count", count)) refuse("is damaged");
  std::vector<at::Tensor> list(count.item<std::int64_t>());
  for (std::size_t i = 0; i < list.size(); ++i)
    if (!archive_.try_read(name + "." + std::to_string(i), list[i])) refuse("is damaged");
  return list;
}

void CheckpointReader::optimizer(torch::optim::Optimizer& optimizer) {
  torch::serialize::InputArchive part;
  if (!archive_.try_read("optimizer", part)) refuse("is damaged");
  optimizer.load(part);
}

std::vector<Epoch> CheckpointReader::history() {
  at::Tensor table;
  if (!archive_.try_read("history", table) || table.dim() != 2 || table.size(1) != epoch_columns) refuse("is damaged");
  std::vector<Epoch> history;
  const double* cell = table.data_ptr<double>();
  for (std::int64_t i = 0; i < table.size(0); ++i, cell += epoch_columns)
    history.push_back(
        {static_cast<int>(cell[0]), cell[1], cell[2], cell[3], cell[4], cell[5] != 0, cell[6], cell[7], cell[8]});
  return history;
}

}  // namespace dragonet
