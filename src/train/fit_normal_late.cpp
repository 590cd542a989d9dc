#include <algorithm>

#include "train/batches.h"
#include "train/fit_normal.h"
#include "train/torch_network.h"

namespace dragonet {

/// A covariance and what it was taken around.
struct Clusters {
  at::Tensor centres;     // [clusters, values]
  at::Tensor covariance;  // [values, values], of what is left when each sample's centre is taken away
};

/// Oracle approximating shrinkage towards the mean variance, formula (23) of Chen et al. 2010.
///   rest  [samples, values], of mean 0
static at::Tensor shrunk_covariance(const at::Tensor& rest) {
  const auto samples = static_cast<double>(rest.size(0)), values = static_cast<double>(rest.size(1));
  const at::Tensor covariance = rest.t().matmul(rest) / samples;
  const double trace = covariance.trace().item<double>(), squares = covariance.square().sum().item<double>();
  const double above = (1 - 2 / values) * squares + trace * trace;
  const double below = (samples + 1 - 2 / values) * (squares - trace * trace / values);
  const double share = below > 0 ? std::clamp(above / below, 0.0, 1.0) : 1;
  // Where all samples are the same, any other is infinitely far; a little keeps it finite.
  const double least = 1e-6 + share * trace / values;
  return covariance * (1 - share) + at::eye(rest.size(1), covariance.options()) * least;
}

/// Of the `units` directions with the largest variance, [units, values]; all of them turned back to where they came
/// from, so that weights of one scale serve all rows.
static at::Tensor whitening(const at::Tensor& covariance, std::int64_t units) {
  const auto [variances, directions] = at::linalg_eigh(covariance);  // ascending; directions are columns
  const at::Tensor rows = (directions / variances.clamp_min(1e-12).sqrt()).t();
  return units < rows.size(0) ? rows.slice(0, rows.size(0) - units) : directions.matmul(rows);
}

static at::Tensor nearest(const at::Tensor& x, const at::Tensor& centres) { return at::cdist(x, centres).argmin(1); }

/// Each next one is the sample farthest from those before it: none of them depends on chance.
static at::Tensor first_centres(const at::Tensor& x, std::int64_t count) {
  at::Tensor centres = x.mean(0, true);
  for (std::int64_t i = 0; i < count; ++i) {
    const at::Tensor distances = std::get<0>(at::cdist(x, centres).min(1));
    const at::Tensor farthest = x.index_select(0, distances.argmax().reshape(1));
    centres = i == 0 ? farthest : at::cat({centres, farthest});
  }
  return centres;
}

static at::Tensor means_of(const at::Tensor& x, const at::Tensor& cluster, std::int64_t count) {
  const at::Tensor member = at::one_hot(cluster, count).to(x.dtype());  // [samples, clusters]
  return member.t().matmul(x) / member.sum(0).unsqueeze(1).clamp_min(1);
}

/// Lloyd's k-means. Clusters that lose all their samples are left out.
static at::Tensor clusters_of(const at::Tensor& x, std::int64_t count) {
  constexpr int rounds = 50;
  at::Tensor centres = first_centres(x, count), cluster = nearest(x, centres);
  for (int i = 0; i < rounds; ++i) {
    centres = means_of(x, cluster, centres.size(0));
    const at::Tensor now = nearest(x, centres);
    if (now.equal(cluster)) break;
    cluster = now;
  }
  const at::Tensor kept = (at::bincount(cluster, {}, centres.size(0)) > 0).nonzero().squeeze(1);
  return nearest(x, centres.index_select(0, kept));
}

/// Clusters where the covariance within them is round, which depends on the clusters: a few times in turn.
///   noise  [values], variances that the chip's rounding adds
static Clusters find_clusters(const at::Tensor& x, const at::Tensor& noise) {
  constexpr std::int64_t samples_each = 15;
  constexpr int rounds = 3;
  const std::int64_t count = std::clamp<std::int64_t>(x.size(0) / samples_each, 1, most_centres);
  const auto covariance = [&](const at::Tensor& rest) { return shrunk_covariance(rest) + noise.diag(); };
  Clusters found{x.mean(0, true), covariance(x - x.mean(0, true))};
  for (int i = 0; i < rounds && count > 1; ++i) {
    const at::Tensor cluster = clusters_of(x.matmul(whitening(found.covariance, x.size(1)).t()), count);
    found.centres = means_of(x, cluster, cluster.max().item<std::int64_t>() + 1);
    found.covariance = covariance(x - found.centres.index_select(0, cluster));
  }
  return found;
}

/// x - mean and mean - x of each channel.
static void fit_deviations(TorchLayer& layer, const at::Tensor& x) {
  const at::Tensor mean = x.mean({0, 2, 3}), sign = at::tensor({1.0f, -1.0f}).repeat(mean.size(0));
  layer.weight.copy_(sign.reshape(layer.weight.sizes()));
  layer.bias.copy_(-sign * mean.repeat_interleave(2));
}

/// Returns the centres among the outputs. Pools round to about a step of the features, and an error that is anywhere
/// in a step has a variance of a twelfth of its square; what hardly varies at all counts as if it varied by half a
/// step.
static Centres fit_whitening(TorchLayer& layer, const at::Tensor& values, double step) {
  const at::Tensor x = values.to(at::kDouble), mean = x.mean(0), deviation = x.std(0, false).clamp_min(step / 2);
  const Clusters clusters = find_clusters((x - mean) / deviation, (step / deviation).square() / 12);
  const at::Tensor turn = whitening(clusters.covariance, layer.shape[0]);
  layer.weight.copy_(turn / deviation);
  layer.bias.copy_(-(turn / deviation).matmul(mean));
  const at::Tensor centres = clusters.centres.matmul(turn.t()).to(at::kFloat).contiguous();
  Centres rows;
  for (std::int64_t i = 0; i < centres.size(0); ++i) {
    const float* row = centres.data_ptr<float>() + i * centres.size(1);
    rows.emplace_back(row, row + centres.size(1));
  }
  return rows;
}

/// The mean score of so many samples that they fit into memory.
static double mean_score(const TorchNetwork& network, const at::Tensor& inputs, const Centres& centres) {
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> rows;
  for (const std::vector<float>& centre : centres) rows.push_back(torch_values(centre));
  const at::Tensor distances = std::get<0>(at::cdist(logits(network, inputs, false), at::stack(rows)).min(1));
  return (distances.square().mean() / std::ssize(centres.front())).item<double>();
}

Fitted fit(const Network& network, const TrainData& data) {
  constexpr std::int64_t most_values = 1 << 25;  // 128 MB
  const SampleRows rows(network, data);
  const std::int64_t each = std::int64_t{network.height} * network.width * network.channels;
  const std::int64_t most = std::clamp<std::int64_t>(most_values / each, 256, 8192);
  const at::Tensor inputs = rows.reals(some_of(indices_of(data.train), most));
  TorchNetwork learning = make_torch_network(network);
  Fitted fitted{.epoch = {.number = 1}};
  set_in_turn(learning, inputs, [&](TorchLayer& layer, const at::Tensor& x) {
    if (layer.layer.fitted && layer.layer.type == "DepthwiseConv2D") fit_deviations(layer, x);
    if (layer.layer.fitted && layer.layer.type == "Dense")
      fitted.centres = fit_whitening(layer, x, data.input.scale.at(0));
  });
  fitted.layers = trained_layers(learning);
  fitted.epoch.train_loss = fitted.epoch.train_error = mean_score(learning, inputs, fitted.centres);
  if (!data.validation.empty())
    fitted.epoch.validation_loss = fitted.epoch.validation_error =
        mean_score(learning, rows.reals(some_of(indices_of(data.validation), most)), fitted.centres);
  return fitted;
}

}  // namespace dragonet
