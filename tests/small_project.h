// A project that trains in a second: few drawn pictures, a network of a few hundred weights.
#pragma once

#include "drawn_samples.h"
#include "program.h"

namespace dragonet::testing {

inline constexpr const char* small_layers = R"(
[[model.layers]]
type = "Conv2D"
filters = 8
kernel_size = 3
strides = 2
[[model.layers]]
type = "BatchNormalization"
[[model.layers]]
type = "ReLU"
[[model.layers]]
type = "GlobalAveragePooling2D"
[[model.layers]]
type = "Dense"
units = 2
)";

inline void replace_setting(const fs::path& project, const std::string& from, const std::string& to) {
  std::string text = read_text(project / "dragonet.toml");
  REQUIRE(text.find(from) != std::string::npos);
  write_file(project / "dragonet.toml", text.replace(text.find(from), from.size(), to));
}

/// home/shapes, with `per_label` pictures of discs and as many of squares.
inline fs::path small_project(const fs::path& home, int per_label, int epochs) {
  draw_samples(home / "pictures", per_label);
  json_of(home, "new shapes --kind image --samples pictures --positive disc --group 'g[0-9]+'");
  const fs::path project = home / "shapes";
  replace_setting(project, "epochs = 80", "epochs = " + std::to_string(epochs));
  write_file(project / "dragonet.toml", read_text(project / "dragonet.toml") + small_layers);
  return project;
}

}  // namespace dragonet::testing
