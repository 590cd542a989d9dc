#include "project/kinds.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "project/settings_toml.h"

using namespace dragonet;

TEST_CASE("every kind is found by its name, and by the features that it begins with") {
  for (const Kind* kind : kinds()) {
    INFO(kind->name);
    CHECK(&find_kind(kind->name) == kind);
    CHECK(&kind_of(kind->settings) == kind);
    CHECK(kind_name(kind->settings) == kind->name);
  }
}

TEST_CASE("every kind has features, a network and a picture for a project without samples, as far as it can") {
  for (const Kind* kind : kinds()) {
    INFO(kind->name);
    const FeatureSettings features = kind->default_features({}, 0);
    CHECK(&kind_of(features) == kind);
    const FeatureShape shape = shape_of(features);
    CHECK(shape.bytes() > 0);
    const Network network = kind->default_network(shape.height, shape.width, shape.channels, 3);
    CHECK(output_shapes(network).back() == Shape{3});
    Network statistics = kind->default_statistics(shape.height, shape.width, shape.channels);
    statistics.task = Anomaly{};
    CHECK(is_fitted(statistics));
    CHECK(!answer_problem(statistics, 2));
  }
}

TEST_CASE("a kind that listens has recordings, and its readings a rate") {
  for (const Kind* kind : kinds()) {
    INFO(kind->name);
    CHECK(kind->listens == (kind->whole_recording != nullptr));
    if (kind->listens) CHECK(readings_of(kind->default_features({}, 0)).rate_hz > 0);
  }
}

TEST_CASE("a kind that there is not is refused with the nearest") {
  CHECK_THROWS_WITH(find_kind("sond"), Catch::Contains("did you mean sound?"));
}

static std::string picture_of(const FeatureSettings& settings, const std::vector<std::int8_t>& features) {
  const Bytes picture = sample_picture("a.csv", features, settings);
  return {picture.begin(), picture.end()};
}

static std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

TEST_CASE("movement is drawn as a curve for each axis, over time or over frequency, and its axes are named") {
  MotionFeatureSettings motion{.rate_hz = 100, .axes = {"ax", "a<y"}, .full_scale = {4, 4}, .window_samples = 4};
  const std::string raw = picture_of(motion, {0, 64, 64, 64, 0, 64, -64, 64});
  CHECK(raw.starts_with("<svg"));
  CHECK(count(raw, "<polyline") == 2);
  CHECK(raw.find(">ax<") != std::string::npos);
  CHECK(raw.find(">a_y<") != std::string::npos);
  motion.kind = MotionFeatureSettings::spectral;
  CHECK(count(picture_of(motion, std::vector<std::int8_t>(motion.columns(), 5)), "<polyline") == 2);
}

TEST_CASE("a row of a table is drawn as a bar for each column") {
  const TableFeatureSettings table{.columns = {"age", "weight"}, .low = {0, 0}, .high = {1, 1}};
  const std::string bars = picture_of(table, {64, -64});
  CHECK(count(bars, "<rect") == 3);  // and the ground
  CHECK(bars.find(">weight<") != std::string::npos);
}
