#include "learn/simple_score.h"

#include <fmt/format.h>

#include "learn/evaluation.h"

namespace dragonet {

/// None where there are no anomalies, or where the task has none.
static std::optional<double> auc_in(const TaskScore& score) {
  const auto* metrics = std::get_if<AnomalyMetrics>(&score);
  return metrics && metrics->auc ? std::optional(metrics->auc->value) : std::nullopt;
}

static TaskScore default_score(Project project, const Samples& samples, const Split& split, const Observer& observer) {
  project.layers.clear();
  const Trained simple = train_and_quantize(project, samples, split, random_start("the default, to compare"), observer);
  return judge(simple.real, simple.int8, samples, split.test).int8_score;
}

std::string simple_score_text(const Project& project, const Samples& samples, const Split& split,
                              const TaskScore& int8_score, const Observer& observer) {
  const std::optional<double> own = auc_in(int8_score);
  if (!own || is_fitted(network_of(project, outputs_of(samples.dataset)))) return "";
  const std::optional<double> simple = auc_in(default_score(project, samples, split, observer));
  if (!simple || *own > *simple) return "";
  return fmt::format(
      "the default network, simple statistics and their covariance, tells these anomalies as well or better: its AUC "
      "is {:.3f}, this one's {:.3f}; take [[model.layers]] out of dragonet.toml to use it",
      *simple, *own);
}

}  // namespace dragonet
