#include "data/image.h"
#include "features/image_features.h"
#include "project/kinds.h"

namespace dragonet {

static FeatureSettings features_for(const Dataset& dataset, double) {
  return default_image_features(some_examples(
      dataset, 24, [&](const Sample& sample) { return shrink_to(read_image(dataset.folder / sample.path), 64); }));
}

/// Pictures are few and the forms in them many: longer than other kinds, with more decay, and averaged weights.
/// Measured in docs/results.md.
static void training(TrainSettings& settings) {
  settings.epochs = 80;
  settings.batch = 32;
  settings.weight_decay = 0.02;
  settings.ema = 0.99;
}

static void keep_numbers(Augmentation& augmentation) {
  auto& image = std::get<ImageAugmentation>(augmentation);
  image.flip = false, image.brightness = image.contrast = image.hue = image.saturation = 0;
  image.zoom = image.rotation = image.cut_out = 0;
}

static RawSample raw(const fs::path& path, const Sample&, const Bytes& file, const FeatureSettings& settings) {
  const Image image = decode_image(file, path);
  return {.windows = {raw_sample(image, std::get<ImageFeatureSettings>(settings))}, .notes = image.notes};
}

/// The file itself.
static Bytes picture(const fs::path& path, std::span<const std::int8_t>, const FeatureSettings&) {
  return read_bytes(path);
}

extern const Kind image_kind;
const Kind image_kind{.name = ImageFeatureSettings::name,
                      .files = "pictures (PNG, JPEG, BMP)",
                      .settings = ImageFeatureSettings{},
                      .augmentation = ImageAugmentation{},
                      .default_features = features_for,
                      .default_network = default_image_network,
                      .default_statistics = default_image_statistics,
                      .default_training = training,
                      .fit = nullptr,
                      .keep_numbers = keep_numbers,
                      .raw_sample = raw,
                      .whole_recording = nullptr,
                      .picture = picture};

}  // namespace dragonet
