#pragma once

#include "base/error.h"
#include "features/raw.h"
#include "features/sample_shape.h"
#include "features/setting_info.h"

namespace dragonet {

/// How pictures become a model's input; kept in the model's metadata, so that the chip computes what training saw.
struct ImageFeatureSettings {
  static constexpr const char* name = "image";  // of the kind

  int height = 0, width = 0, channels = 0;  // of the model's input; 0: no image features
  int background = 128;                     // grey put behind transparent pixels and around images that are not square

  FeatureShape shape() const { return {height, width, channels}; }
  FeatureScale scale() const { return {}; }
  SensorReadings readings() const { return {}; }
  bool operator==(const ImageFeatureSettings&) const = default;
};

/// Settings that do not go together, in words; `where` is left empty. Ranges of single ones are visit_settings'.
std::vector<Problem> problems_of(const ImageFeatureSettings& settings);

/// The model's input for a picture: features.h.
std::vector<std::int8_t> features_of(const Raw& raw, const ImageFeatureSettings& settings);

/// visit(const SettingInfo&, value) for each. Values are int, double, bool, enumerations with words, and lists of
/// strings or doubles.
template <SettingsOf<ImageFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"width", 1, 65535, "of the model's input; pictures of any size are averaged down to it"}, s.width);
  visit({"height", 1, 65535, ""}, s.height);
  visit({"channels", 1, 3, "1 grey, 3 colour"}, s.channels);
  visit({"background", 0, 255, "grey behind transparent pixels and beside pictures that are not square"}, s.background);
}

}  // namespace dragonet
