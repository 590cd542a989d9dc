#include "project/kinds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

#include "base/error.h"

namespace dragonet {

extern const Kind image_kind, sound_kind, motion_kind, table_kind;  // a file each: <name>_kind.cpp

const std::vector<const Kind*>& kinds() {
  static const std::vector<const Kind*> table{&image_kind, &sound_kind, &motion_kind, &table_kind};
  return table;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const Kind* kind : kinds()) names.push_back(kind->name);
  return names;
}

const Kind& find_kind(const std::string& name) {
  const auto found = std::ranges::find(kinds(), name, [](const Kind* kind) { return kind->name; });
  if (found != kinds().end()) return **found;
  throw Error({fmt::format("kind {}", name), "this kind of sample is not known", choice_of(name, kind_names())});
}

const Kind& kind_of(const FeatureSettings& settings) {
  assert(has_kind(settings));
  return find_kind(kind_name(settings));
}

void refuse_samples(const Dataset& dataset, std::size_t looked_at, std::vector<Problem> problems) {
  constexpr std::size_t most = 3;
  if (problems.size() > most) problems.resize(most);
  problems.push_back({dataset.folder.string(),
                      fmt::format("none of the {} file(s) that were looked at can be read", looked_at),
                      "mend them, or give another --kind or --samples"});
  throw Error(std::move(problems));
}

TrainSettings default_training(const Kind& kind, const Task& task) {
  TrainSettings settings;
  settings.augmentation = kind.augmentation;
  if (gentle_augmentation(task)) kind.keep_numbers(settings.augmentation);
  if (kind.default_training) kind.default_training(settings);
  return settings;
}

/// What the model was shown: time to the right, bands upwards; or an axis below the other.
static Image drawn(std::span<const std::int8_t> features, const FeatureShape& shape) {
  const int columns = shape.width * shape.channels, scale = std::max(1, 120 / columns);
  Image image{shape.height * 2, columns * scale, 1, {}};
  image.pixels.resize(static_cast<std::size_t>(image.width) * image.height);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      *image.at(x, image.height - 1 - y) =
          static_cast<std::uint8_t>(features[static_cast<std::size_t>(x / 2) * columns + y / scale] + 128);
  return image;
}

Bytes sample_picture(const fs::path& path, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  const Kind& kind = kind_of(settings);
  return kind.picture ? kind.picture(path, features, settings) : encode_png(drawn(features, shape_of(settings)));
}

}  // namespace dragonet
