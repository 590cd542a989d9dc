#include <fmt/format.h>

#include "features/sound_tables.h"

namespace dragonet {
namespace {

// Lines of at most 120 columns, as all that is emitted.
template <typename Value, typename Text>
std::string array_code(const char* type, const char* name, const std::vector<Value>& values, Text text_of) {
  std::string code = fmt::format("static const {} {}[{}] = {{", type, name, values.size()), line;
  for (const Value& value : values) {
    const std::string text = text_of(value) + ",";
    if (line.size() + text.size() > 116) code += "\n   " + line, line.clear();
    line += " " + text;
  }
  return code + "\n   " + line + "\n};\n";
}

template <typename Value>
std::string array_code(const char* type, const char* name, const std::vector<Value>& values) {
  return array_code(type, name, values, [](const Value& value) { return fmt::format("{}", value); });
}

std::string text_of(const MelBand& band) { return fmt::format("{{{}, {}}}", band.first_bin, band.bins); }

}  // namespace

std::string sound_kind_code(const SoundFeatureSettings& settings) {
  const char* const names[] = {"sound_log_mel", "sound_mfcc", "sound_pcen"};
  return fmt::format("dragonet::{}", names[settings.kind]);
}

std::string sound_tables_code(const SoundFeatureSettings& settings) {
  const SoundNumbers numbers = sound_numbers(settings);
  const SoundTables& t = numbers.tables;
  const bool is_mfcc = !numbers.cosine_transform.empty();
  std::string code = array_code("int32_t", "sound_cosines", numbers.cosines) +
                     array_code("int16_t", "sound_window", numbers.window) +
                     array_code("dragonet::MelBand", "sound_bands", numbers.bands, text_of) +
                     array_code("int16_t", "sound_weights", numbers.weights);
  if (is_mfcc) code += array_code("int16_t", "sound_cosine_transform", numbers.cosine_transform);
  return code + fmt::format(R"(static const dragonet::SoundTables sound_tables = {{
    {},  // frame_samples
    {},  // hop_samples
    {},  // columns
    {{{}, sound_cosines}},  // fft
    {},  // sample_bits
    sound_window,
    {{{}, sound_bands, sound_weights, {}, {}, {}}},  // mel
    {},  // cosine_transform
    {},  // smoothing
}};
)",
                            t.frame_samples, t.hop_samples, t.columns, t.fft.points, t.sample_bits, t.mel.bands,
                            t.mel.full_scale_q16, t.mel.unit_scale, t.mel.unit_low,
                            is_mfcc ? "sound_cosine_transform" : "0", t.smoothing);
}

}  // namespace dragonet
