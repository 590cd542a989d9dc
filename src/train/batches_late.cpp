#include <algorithm>
#include <cmath>

#include "model/codec.h"
#include "train/batches.h"

namespace dragonet {

at::Tensor indices_of(std::span<const int> values) {
  at::Tensor tensor = at::empty(static_cast<std::int64_t>(values.size()), at::kLong);
  std::ranges::copy(values, tensor.data_ptr<std::int64_t>());
  return tensor;
}

at::Tensor some_of(const at::Tensor& indices, std::int64_t most) {
  const std::int64_t count = std::min(most, indices.size(0));
  return indices.index_select(0, at::floor_divide(at::arange(count, at::kLong) * indices.size(0), count));
}

static std::int64_t count_samples(const Network& network, const TrainData& data) {
  return std::ssize(data.features) / (std::int64_t{network.height} * network.width * network.channels);
}

SampleRows::SampleRows(const Network& network, const TrainData& data)
    : features_(at::from_blob(const_cast<std::int8_t*>(data.features.data()),  // which only reads here
                              {count_samples(network, data), network.height, network.width, network.channels},
                              at::kChar)),
      labels_(indices_of(data.labels)),
      targets_(at::from_blob(const_cast<float*>(data.targets.data()),
                             {features_.size(0), std::ssize(data.targets) / features_.size(0)}, at::kFloat)),
      steps_(steps_of(data.input.scale.at(0))),
      zero_point_(data.input.zero_point.at(0)) {}

at::Tensor SampleRows::reals(const at::Tensor& indices) const {
  const at::Tensor rows = features_.index_select(0, indices);
  return rows.to(at::kFloat).sub_(zero_point_).div_(steps_).permute({0, 3, 1, 2});
}

at::Tensor SampleRows::labels(const at::Tensor& indices) const { return labels_.index_select(0, indices); }

at::Tensor SampleRows::targets(const at::Tensor& indices) const { return targets_.index_select(0, indices); }

}  // namespace dragonet
