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
