// Pictures come as they are wanted, a row at a time, and each goes into the model at once. A microphone or a motion
// sensor never ends: there the latest rows are kept in a ring, and every so many rows the model is given all of them.

#include "compile/emit_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "compile/emit_cpp.h"
#include "features/motion_tables.h"
#include "features/sound_tables.h"
#include "model/anomaly_threshold.h"
#include "ops/emit.h"

namespace dragonet {
namespace {

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// --- Pictures

constexpr const char* image_declarations = R"(
// A picture of 8-bit {colours}, of any size, is averaged down (or blown up) to the model's input as its rows arrive.
bool begin_image(Model& model, uint16_t width, uint16_t height);  // false: a side is 0 or above dragonet::image_size_max
bool feed_image_row(Model& model, const uint8_t* pixels);         // [width, image_channels]; true: the output is ready
)";

constexpr const char* image_definitions = R"(
bool begin_image(Model& model, uint16_t width, uint16_t height) {{
  if (width < 1 || height < 1 || width > dragonet::image_size_max || height > dragonet::image_size_max) return false;
  model.resize.sums = model.sums;
  model.resize.out_width = {width};
  model.resize.out_height = {height};
  model.resize.channels = image_channels;
  dragonet::begin_resize(model.resize, width, height);
  begin(model);
  return true;
}}

bool feed_image_row(Model& model, const uint8_t* pixels) {{
  bool is_ready = false;
  while (dragonet::resize_row(model.resize, pixels, model.row)) is_ready = feed_row(model, model.row);
  return is_ready;
}}
)";

FeatureCode code_of(const Model&, const std::monostate&) { return {}; }

FeatureCode code_of(const Model& model, const ImageFeatureSettings& image) {
  const int row = image.width * image.channels;
  return {
      .headers = {"features/image_resize.h"},
      .macros = fmt::format("#define {}_TAKES_IMAGES 1\n", upper_case(model.name)),
      .enums = fmt::format(",\n  image_channels = {}", image.channels),
      .state = fmt::format("\n  dragonet::ImageResize resize;\n  uint32_t sums[{0}];\n  int8_t row[{0}];", row),
      .declarations = fmt::format(image_declarations, fmt::arg("colours", image.channels == 3 ? "RGB" : "grey")),
      .definitions = fmt::format(image_definitions, fmt::arg("width", image.width), fmt::arg("height", image.height))};
}

// --- Readings that do not end

constexpr const char* listener_declarations = R"(
// Listens all the time: readings go in one by one as the sensor gives them, int16 [reading_axes] at {rate} Hz, and every
// {every} readings the model answers about the last {window}.
//   static {name}::Model model;  static {name}::Listener listener;
//   {name}::begin_listening(listener, model);
//   for (;;) if ({name}::feed_reading(listener, model, next_reading())) use({name}::{answer});
struct Listener {{
  alignas(4) Input rows[input_bytes / sizeof(Input)];  // the latest rows of features, a ring
  {state_type} features;
{buffers}{answer_state}
  uint16_t next_row, rows_to_go;  // in the ring; until the next inference
}};
void begin_listening(Listener& listener, Model& model);
bool feed_reading(Listener& listener, Model& model, const int16_t* reading);  // true: the output is new
{answer_function}
)";

constexpr const char* listener_definitions = R"(
{tables}
{answer_rules}
void begin_listening(Listener& listener, Model& model) {{
{set_up}{begin_answers}
  listener.next_row = 0;
  listener.rows_to_go = input_rows;
  begin(model);
}}

// All rows of the ring, the oldest first.
static void infer(const Listener& listener, Model& model) {{
  const Input* row = listener.rows + listener.next_row * input_row_bytes;
  for (uint16_t i = input_rows; i > 0; --i, row += input_row_bytes) {{
    if (row == listener.rows + input_bytes) row = listener.rows;
    feed_row(model, row);
  }}
}}

bool feed_reading(Listener& listener, Model& model, const int16_t* reading) {{
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

/// In the output's own numbers, which stand for 0..1 after a softmax.
int threshold_of(const Model& model, double threshold) {
  const Quantization& output = model.tensors[model.outputs[0]].quantization;
  const double q = threshold / output.scale.at(0) + output.zero_point.at(0);
  return static_cast<int>(std::clamp(std::round(q), -128.0, 127.0));
}

int every_rows(const Sensor& sensor, const AnswerSettings& answers, int rows, int readings_a_row) {
  const double readings =
      answers.every_samples > 0 ? answers.every_samples : double(sensor.window) / sensor.answers_a_window;
  return std::clamp(static_cast<int>(std::lround(readings / readings_a_row)), 1, rows);
}

/// How a listening chip answers after an inference. Labels are debounced: one is made of the scores of many inferences.
/// Numbers and anomalies are not: every output stands for itself.
struct AnswerCode {
  std::set<std::string> headers;
  std::string enums, state, function, rules, begin, take;
  std::string use = "output(model)";  // how a caller gets at the answer
};

constexpr const char* label_state = R"(
  dragonet::Answers answers;
  int8_t recent_scores[average * output_count];
  int16_t score_sums[output_count];)";

constexpr const char* label_function =
    "inline int answer(const Listener& listener) { return listener.answers.answer; }  // number of a label; -1: none "
    "yet";

constexpr const char* begin_labels = R"(
  listener.answers.recent = listener.recent_scores;
  listener.answers.sums = listener.score_sums;
  dragonet::begin_answers(answer_rules, listener.answers, output_count);)";

constexpr const char* take_labels = R"(
  dragonet::take_scores(answer_rules, listener.answers, output(model), output_count);)";

constexpr const char* numbers_function =
    "inline int answer(const Listener&) { return -1; }  // there are no labels: take output(model)";

constexpr const char* anomaly_state = R"(
  uint64_t anomaly_score;  // of the last inference: how badly the model gave back what it was given
  int16_t anomalous;       // 1: the score was above the threshold)";

constexpr const char* anomaly_function =
    "inline int answer(const Listener& listener) { return listener.anomalous; }  // 1: an anomaly; 0: normal; -1: none "
    "yet";

constexpr const char* anomaly_rules_code = R"(
static const dragonet::AnomalyScoreRules anomaly_score_rules = {{{ratio}, {input_zero}, {output_zero}, {threshold}ULL}};

// Of all rows of the ring, the oldest first, and what the model gave back for them.
static uint64_t anomaly_score_of(const Listener& listener, const Model& model) {{
  const Input* row = listener.rows + listener.next_row * input_row_bytes;
  const int8_t* back = output(model);
  uint64_t sum = 0;
  for (uint16_t i = input_rows; i > 0; --i, row += input_row_bytes, back += input_row_bytes) {{
    if (row == listener.rows + input_bytes) row = listener.rows;
    sum += dragonet::squared_differences(anomaly_score_rules, row, back, input_row_bytes);
  }}
  return sum;
}}
)";

constexpr const char* begin_anomaly = R"(
  listener.anomaly_score = 0;
  listener.anomalous = -1;)";

constexpr const char* take_anomaly = R"(
  listener.anomaly_score = anomaly_score_of(listener, model);
  listener.anomalous = listener.anomaly_score > anomaly_score_rules.threshold;)";

/// Emits the anomaly score and whether it is above the threshold.
AnswerCode anomaly_code(const Model& model) {
  const AnomalyScoreRules rules = anomaly_score_rules(model);
  return {
      .headers = {"features/anomaly_score.h"},
      .state = anomaly_state,
      .function = anomaly_function,
      .rules = fmt::format(anomaly_rules_code, fmt::arg("ratio", rules.ratio), fmt::arg("input_zero", rules.input_zero),
                           fmt::arg("output_zero", rules.output_zero), fmt::arg("threshold", rules.threshold)),
      .begin = begin_anomaly,
      .take = take_anomaly,
      .use = "answer(listener)"};
}

AnswerCode answer_code(const Model& model) {
  const ModelInfo info = info_of(model);
  if (info.task == Task::anomaly) return anomaly_code(model);
  if (info.task == Task::regression) return {.function = numbers_function};
  return {.headers = {"features/answers.h"},
          .enums = fmt::format(",\n  average = {}  // inferences", info.answers.average),
          .state = label_state,
          .function = label_function,
          .rules = fmt::format("static const dragonet::AnswerRules answer_rules = {{average, {}, {}}};\n",
                               info.answers.debounce, threshold_of(model, info.answers.threshold)),
          .begin = begin_labels,
          .take = take_labels,
          .use = "answer(listener)"};
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
  const AnswerCode answers = answer_code(model);
  const int hop = readings_a_row(settings);
  const int every = every_rows(sensor, info_of(model).answers, shape_of(settings).height, hop);
  std::set<std::string> headers = answers.headers;
  headers.insert(sensor.header);
  return {
      .headers = headers,
      .macros = fmt::format("#define {}_TAKES_READINGS 1\n", upper_case(model.name)),
      .enums = fmt::format(",\n  reading_axes = {}{}", sensor.axes, answers.enums),
      .state = "",
      .declarations = fmt::format(
          listener_declarations, arg("rate", sensor.rate_hz), arg("every", every * hop), arg("window", sensor.window),
          arg("name", model.name), arg("state_type", sensor.state_type), arg("buffers", sensor.buffers),
          arg("answer_state", answers.state), arg("answer_function", answers.function), arg("answer", answers.use)),
      .definitions = fmt::format(listener_definitions, arg("tables", sensor.tables), arg("set_up", sensor.set_up),
                                 arg("feed", sensor.feed), arg("every_rows", every), arg("answer_rules", answers.rules),
                                 arg("begin_answers", answers.begin), arg("take_scores", answers.take))};
}

}  // namespace

FeatureCode feature_code(const Model& model) {
  if (!has_features(model)) return {};
  return std::visit([&](const auto& settings) { return code_of(model, settings); }, info_of(model).features);
}

}  // namespace dragonet
