// Pictures come as they are wanted, a row at a time, and each goes into the model at once. A microphone or a motion
// sensor never ends: there the latest rows are kept in a ring, and every so many rows the model is given all of them.

#include "compile/emit_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "compile/emit_answers.h"
#include "compile/emit_cpp.h"
#include "features/motion_tables.h"
#include "features/sound_tables.h"
#include "model/model_info.h"
#include "ops/emit.h"

namespace dragonet {
namespace {

// --- Pictures

constexpr const char* image_declarations = R"(
// A picture of 8-bit {colours}, of any size, is averaged down (or enlarged) to the model's input as its rows arrive.
bool {begin_image}(Model& model, uint16_t width, uint16_t height);  // false: a side is 0 or above dragonet::image_size_max
bool {feed_image_row}(Model& model, const uint8_t* pixels);         // [width, image_channels]; true: the output is ready
)";

constexpr const char* image_definitions = R"(
bool {begin_image}(Model& model, uint16_t width, uint16_t height) {{
  if (width < 1 || height < 1 || width > dragonet::image_size_max || height > dragonet::image_size_max) return false;
  model.resize.sums = model.sums;
  model.resize.out_width = {width};
  model.resize.out_height = {height};
  model.resize.channels = image_channels;
  dragonet::begin_resize(model.resize, width, height);
  {reset}(model);
  {begin}(model);
  return true;
}}

bool {feed_image_row}(Model& model, const uint8_t* pixels) {{
  bool is_ready = false;
  while (dragonet::resize_row(model.resize, pixels, model.row)) is_ready = {feed_row}(model, model.row);
  return is_ready;
}}
)";

FeatureCode code_of(const Model&, const std::monostate&) { return {}; }

FeatureCode code_of(const Model&, const ImageFeatureSettings& image) {
  using fmt::arg;
  const int row = image.width * image.channels;
  return {
      .headers = {"features/image_resize.h"},
      .raw = RawInput::images,
      .enums = fmt::format(",\n  image_channels = {}  // of the pictures that come in", image.channels),
      .state = fmt::format("\n  dragonet::ImageResize resize;\n  uint32_t sums[{0}];\n  int8_t row[{0}];", row),
      .declarations = fmt::format(image_declarations, arg("colours", image.channels == 3 ? "RGB" : "grey"),
                                  arg("begin_image", entry::begin_image), arg("feed_image_row", entry::feed_image_row)),
      .definitions =
          fmt::format(image_definitions, arg("width", image.width), arg("height", image.height),
                      arg("begin_image", entry::begin_image), arg("feed_image_row", entry::feed_image_row),
                      arg("begin", entry::begin), arg("feed_row", entry::feed_row), arg("reset", entry::reset))};
}

// --- Readings that do not end

constexpr const char* listener_declarations = R"(
// Listens all the time: readings go in one by one as the sensor gives them, int16 [reading_axes] at {rate} Hz, and every
// {every} readings the model answers about the last {window}.
//   static {name}::Model model;  static {name}::Listener listener;
//   {name}::{begin_listening}(listener, model);
//   for (;;) if ({name}::{feed_reading}(listener, model, next_reading())) use({name}::{answer});
struct Listener {{
  alignas(4) Input rows[input_bytes / sizeof(Input)];  // a ring of the latest rows of features
  {state_type} features;
{buffers}{answer_state}
  uint16_t next_row, rows_to_go;  // place in the ring; rows until the next inference
}};
void {begin_listening}(Listener& listener, Model& model);
bool {feed_reading}(Listener& listener, Model& model, const int16_t* reading);  // [reading_axes]; true: the output is new
{answer_function}
)";

constexpr const char* listener_definitions = R"(
{tables}
{answer_rules}
void {begin_listening}(Listener& listener, Model& model) {{
{set_up}{begin_answers}
  listener.next_row = 0;
  listener.rows_to_go = input_rows;
  {begin}(model);
}}

// All rows of the ring, the oldest first.
static void infer(const Listener& listener, Model& model) {{
  {reset}(model);
  const Input* row = listener.rows + listener.next_row * input_row_bytes;
  for (uint16_t i = input_rows; i > 0; --i, row += input_row_bytes) {{
    if (row == listener.rows + input_bytes) row = listener.rows;
    {feed_row}(model, row);
  }}
}}

bool {feed_reading}(Listener& listener, Model& model, const int16_t* reading) {{
  if (!{feed}) return false;
  if (++listener.next_row == input_rows) listener.next_row = 0;
  if (--listener.rows_to_go > 0) return false;
  listener.rows_to_go = {every_rows};
  infer(listener, model);{take_scores}
  return true;
}}
)";

/// What the two kinds of sensor differ in.
struct Sensor {
  std::string header, state_type;
  std::string buffers;  // declarations, in the Listener
  std::string tables;   // definitions, in flash
  std::string set_up;   // statements
  std::string feed;     // an expression: a row has been made, at listener.next_row
  double rate_hz = 0;
  int axes = 1, window = 0;  // readings
  int answers_a_window = 1;  // unless settings say otherwise: what a small chip can keep up with
};

/// Memory of a front end, in the Listener, and the pointers to it.
struct BufferCode {
  std::string declarations, set_up;

  void add(const char* type, const char* name, std::size_t elements) {
    if (elements > 0) declarations += fmt::format("  {} {}[{}];\n", type, name, elements);
    set_up +=
        fmt::format("  listener.features.{0} = {1};\n", name, elements > 0 ? fmt::format("listener.{}", name) : "0");
  }
};

constexpr const char* row_code = "listener.rows + listener.next_row * input_row_bytes";

Sensor sensor_of(const SoundFeatureSettings& sound) {
  const SoundBuffers sizes = sound_buffers(sound);
  BufferCode buffers;
  buffers.add("uint64_t", "smoothed", sizes.smoothed);
  buffers.add("dragonet::Complex", "spectrum", sizes.spectrum);
  buffers.add("uint32_t", "levels", sizes.levels);
  buffers.add("int16_t", "history", sizes.history);
  return {.header = "features/sound_rows.h",
          .state_type = "dragonet::SoundState",
          .buffers = buffers.declarations,
          .tables = sound_tables_code(sound),
          .set_up = buffers.set_up + "  dragonet::begin_sound(sound_tables, listener.features);",
          .feed = fmt::format("dragonet::feed_sound<{}>(sound_tables, listener.features, *reading, {})",
                              sound_kind_code(sound), row_code),
          .rate_hz = double(sound.sample_rate_hz),
          .axes = 1,
          .window = sound.window_samples};
}

Sensor sensor_of(const MotionFeatureSettings& motion) {
  const bool spectral = motion.kind == MotionFeatureSettings::spectral;
  const MotionNumbers numbers(motion);
  BufferCode buffers;
  buffers.add("dragonet::Complex", "spectrum", spectral ? numbers.tables.fft.points / 2 : 0);
  buffers.add("int16_t", "history", spectral ? motion.window_samples * motion.axes.size() : 0);
  return {.header = "features/motion_rows.h",
          .state_type = "dragonet::MotionState",
          .buffers = buffers.declarations,
          .tables = motion_tables_code(motion),
          .set_up = buffers.set_up + "  dragonet::begin_motion(motion_tables, listener.features);",
          .feed = fmt::format("dragonet::feed_motion(motion_tables, listener.features, reading, {})", row_code),
          .rate_hz = motion.rate_hz,
          .axes = static_cast<int>(motion.axes.size()),
          .window = motion.window_samples,
          .answers_a_window = 4};
}

/// The chip's motion source takes readings as they are: a row of a table is one.
Sensor sensor_of(const TableFeatureSettings& table) {
  Sensor sensor = sensor_of(as_motion(table));
  sensor.window = sensor.answers_a_window = 1;
  return sensor;
}

int every_rows(const Sensor& sensor, const AnswerSettings& answers, int rows, int readings_a_row) {
  const double readings =
      answers.every_samples > 0 ? answers.every_samples : double(sensor.window) / sensor.answers_a_window;
  return std::clamp(static_cast<int>(std::lround(readings / readings_a_row)), 1, rows);
}

void require_scores(const Model& model) {
  const Tensor& output = model.tensors[model.outputs[0]];
  if (output.dtype == DType::int8 && !output.quantization.scale.empty()) return;
  throw Error({model.source,
               fmt::format("its output is {}, and a chip that listens takes int8 scores", name_of(output.dtype)),
               "convert the model to int8"});
}

template <typename Settings>
FeatureCode code_of(const Model& model, const Settings& settings) {
  using fmt::arg;
  require_scores(model);
  const Sensor sensor = sensor_of(settings);
  const AnswerCode answers =
      std::visit([&](const auto& task) { return answer_code(task, model); }, info_of(model).task);
  const int hop = readings_a_row(settings);
  const int every = every_rows(sensor, info_of(model).answers, shape_of(settings).height, hop);
  std::set<std::string> headers = answers.headers;
  headers.insert(sensor.header);
  return {.headers = headers,
          .raw = RawInput::readings,
          .enums = fmt::format(",\n  reading_axes = {}{}", sensor.axes, answers.enums),
          .state = "",
          .declarations =
              fmt::format(listener_declarations, arg("rate", sensor.rate_hz), arg("every", every * hop),
                          arg("window", sensor.window), arg("name", model.name), arg("state_type", sensor.state_type),
                          arg("buffers", sensor.buffers), arg("answer_state", answers.state),
                          arg("answer_function", answers.function), arg("answer", answers.use),
                          arg("begin_listening", entry::begin_listening), arg("feed_reading", entry::feed_reading)),
          .definitions =
              fmt::format(listener_definitions, arg("tables", sensor.tables), arg("set_up", sensor.set_up),
                          arg("feed", sensor.feed), arg("every_rows", every), arg("answer_rules", answers.rules),
                          arg("begin_answers", answers.begin), arg("take_scores", answers.take),
                          arg("begin_listening", entry::begin_listening), arg("feed_reading", entry::feed_reading),
                          arg("begin", entry::begin), arg("feed_row", entry::feed_row), arg("reset", entry::reset))};
}

}  // namespace

FeatureCode feature_code(const Model& model) {
  if (!has_features(model)) return {};
  return std::visit([&](const auto& settings) { return code_of(model, settings); }, info_of(model).features);
}

}  // namespace dragonet
