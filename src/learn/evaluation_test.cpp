#include "learn/evaluation.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "drawn_samples.h"
#include "model/model_info.h"
#include "train/export.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

/// Samples and a model of random weights for them.
struct Untrained {
  TemporaryFolder folder{};
  Samples samples;
  Indices all;
  Model real, int8;

  Untrained() {
    draw_samples(folder.path() / "pictures", 4);
    Project project;
    project.features = ImageFeatureSettings{.height = 16, .width = 16, .channels = 1};
    samples = load_samples(folder.path() / "pictures", {}, project.features);
    all.resize(samples.dataset.samples.size());
    std::iota(all.begin(), all.end(), 0);
    real = untrained_model(network_of(project, 2));
    real.name = "shapes";
    set_info(real, {.labels = samples.dataset.labels, .features = project.features, .model_hash = "0"});
    int8 = quantize_for_features(real, samples, all, "ranges");
  }

  /// What an observer is told, in order: sentences, and how many samples are done.
  std::vector<std::string> told(double told_from_s) const {
    std::vector<std::string> lines;
    const Observer observer{.progress = [&](const ProgressReport& r) { lines.push_back(std::to_string(r.done)); },
                            .remark = [&](const std::string& sentence) { lines.push_back(sentence); }};
    const BoardTest on{.board = &find_board("mkrzero"), .folder = folder.path() / "b", .told_from_s = told_from_s};
    judge(real, int8, samples, all, on, observer);
    return lines;
  }
};

}  // namespace

TEST_CASE("how long the board's test will take is told after its first sample, where it is long") {
  const Untrained untrained;
  const std::vector<std::string> always = untrained.told(0), never = untrained.told(1e9);
  REQUIRE(always.size() == 9);
  CHECK_THAT(always[0], Catch::Matches("8 samples on the virtual mkrzero will take about [0-9]+ s"));
  CHECK(always[1] == "1");
  CHECK(never == std::vector<std::string>(always.begin() + 1, always.end()));
}
