// Files as other people's converters write them, which serialize_tflite never would: read here, held against TensorFlow
// Lite itself, and run as emitted code.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <random>

#include "board/build.h"
#include "board/host_program.h"
#include "compile/edges.h"
#include "ops/check.h"
#include "ops/quantized.h"
#include "ops/run_reference.h"
#include "program.h"
#include "tensorflow_lite.h"
#include "tflite/raw_model.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using tflite::TensorType;

namespace {

enum Code {
  average_pool_2d = 1,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  dequantize = 6,
  fully_connected = 9,
  softmax = 25
};

class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  Bytes bytes(std::size_t count) {
    Bytes result(count);
    for (std::uint8_t& byte : result) byte = static_cast<std::uint8_t>(random_() >> 24);
    return result;
  }
  std::vector<float> reals(std::size_t count) {
    std::vector<float> result(count);
    for (float& real : result) real = std::uniform_real_distribution(-1.0f, 1.0f)(random_);
    return result;
  }
  std::vector<std::int32_t> biases(std::size_t count) {
    std::vector<std::int32_t> result(count);
    for (std::int32_t& bias : result) bias = std::uniform_int_distribution(-3000, 3000)(random_);
    return result;
  }

 private:
  std::mt19937 random_;
};

RawTensor byte(const Shape& shape, float scale, std::int64_t zero_point, const Bytes& data = {}) {
  return {.shape = shape, .type = TensorType::UINT8, .data = data, .scale = {scale}, .zero_point = {zero_point}};
}

RawTensor bias_of(const std::vector<std::int32_t>& values, float scale) {
  return {.shape = {static_cast<int>(values.size())},
          .type = TensorType::INT32,
          .data = data_of_values(values),
          .scale = {scale}};
}

RawTensor real(const Shape& shape, const std::vector<float>& values = {}) {
  return {.shape = shape, .type = TensorType::FLOAT32, .data = data_of_values(values), .scale = {}, .zero_point = {}};
}

Attributes window(std::int64_t stride) {
  return {{"padding", std::int64_t{0}},
          {"stride_h", stride},
          {"stride_w", stride},
          {"fused_activation_function", std::int64_t{0}},
          {"depth_multiplier", std::int64_t{1}}};
}

Attributes without(Attributes attributes, const std::string& name) {
  attributes.erase(name);
  return attributes;
}

/// conv, depthwise, average pool of 2 x 2 and fully connected, as TensorFlow 1 quantized them; up to layer `last`.
RawModel uint8_network(unsigned seed, int last) {
  Random random(seed);
  RawModel raw{.tensors = {byte({1, 8, 8, 3}, 0.02f, 120), byte({4, 3, 3, 3}, 0.01f, 131, random.bytes(4 * 27)),
                           bias_of(random.biases(4), 0.02f * 0.01f), byte({1, 8, 8, 4}, 0.05f, 110),
                           byte({1, 3, 3, 4}, 0.015f, 97, random.bytes(36)), bias_of(random.biases(4), 0.05f * 0.015f),
                           byte({1, 4, 4, 4}, 0.08f, 140), byte({1, 2, 2, 4}, 0.08f, 140),
                           byte({5, 16}, 0.02f, 200, random.bytes(80)), bias_of(random.biases(5), 0.08f * 0.02f),
                           byte({1, 5}, 0.15f, 90)}};
  Attributes pool = without(window(2), "depth_multiplier");
  pool["filter_width"] = pool["filter_height"] = std::int64_t{2};
  const std::vector<RawNode> nodes{
      {conv_2d, {0, 1, 2}, {3}, "Conv2DOptions", without(window(1), "depth_multiplier")},
      {depthwise_conv_2d, {3, 4, 5}, {6}, "DepthwiseConv2DOptions", window(2)},
      {average_pool_2d, {6}, {7}, "Pool2DOptions", pool},
      {fully_connected, {7, 8, 9}, {10}, "FullyConnectedOptions", {{"fused_activation_function", std::int64_t{0}}}}};
  raw.nodes.assign(nodes.begin(), nodes.begin() + last);
  raw.outputs = {raw.nodes.back().outputs[0]};
  return raw;
}

/// As it was computed: uint8 in, uint8 out, in the reference's own words (kernels/internal/reference/conv.h,
/// depthwiseconv_uint8.h, pooling.h, fully_connected.h), so that nothing of the way through int8 is in it.
class OldArithmetic {
 public:
  explicit OldArithmetic(const RawModel& raw) : raw_(raw) {}

  Bytes run(const Bytes& input) {
    values_.assign(raw_.tensors.size(), {});
    for (std::size_t t = 0; t < raw_.tensors.size(); ++t) values_[t] = raw_.tensors[t].data;
    values_[0] = input;
    for (const RawNode& node : raw_.nodes) run_node(node);
    return values_[raw_.outputs[0]];
  }

 private:
  int zero(int t) const { return static_cast<int>(raw_.tensors[t].zero_point[0]); }
  std::int32_t bias(int t, int c) const {
    std::int32_t value = 0;
    std::memcpy(&value, raw_.tensors[t].data.data() + 4 * c, 4);
    return value;
  }

  std::uint8_t finished(const RawNode& node, std::int32_t sum) const {
    const float product = raw_.tensors[node.inputs[0]].scale[0] * raw_.tensors[node.inputs[1]].scale[0];
    const Multiplier factor = multiplier_of(double{product} / raw_.tensors[node.outputs[0]].scale[0]);
    return static_cast<std::uint8_t>(std::clamp(rescale(sum, factor) + zero(node.outputs[0]), 0, 255));
  }

  void run_node(const RawNode& node) {
    const int out = node.outputs[0];
    const Shape &in = raw_.tensors[node.inputs[0]].shape, &shape = raw_.tensors[out].shape;
    if (node.code == fully_connected) {
      for (int c = 0; c < shape[1]; ++c) {
        std::int32_t sum = bias(node.inputs[2], c);
        const int count = raw_.tensors[node.inputs[1]].shape[1];
        for (int i = 0; i < count; ++i)
          sum += (values_[node.inputs[0]][i] - zero(node.inputs[0])) *
                 (values_[node.inputs[1]][c * count + i] - zero(node.inputs[1]));
        values_[out].push_back(finished(node, sum));
      }
      return;
    }
    for (int y = 0; y < shape[1]; ++y)
      for (int x = 0; x < shape[2]; ++x)
        for (int c = 0; c < shape[3]; ++c) values_[out].push_back(cell(node, in, shape, y, x, c));
  }

  std::uint8_t cell(const RawNode& node, const Shape& in, const Shape& shape, int y, int x, int c) const {
    const bool is_pool = node.code == average_pool_2d;
    const int kernel = is_pool ? 2 : 3, stride = in[1] / shape[1];
    const int pad = std::max((shape[1] - 1) * stride + kernel - in[1], 0) / 2;
    std::int32_t sum = is_pool ? 0 : bias(node.inputs[2], c), count = 0;
    for (int ky = 0; ky < kernel; ++ky)
      for (int kx = 0; kx < kernel; ++kx) {
        const int in_y = y * stride + ky - pad, in_x = x * stride + kx - pad;
        if (in_y < 0 || in_x < 0 || in_y >= in[1] || in_x >= in[2]) continue;
        const std::uint8_t* const pixel = &values_[node.inputs[0]][(in_y * in[2] + in_x) * in[3]];
        ++count;
        if (is_pool) {
          sum += pixel[c];
        } else if (node.code == depthwise_conv_2d) {
          sum += (pixel[c] - zero(node.inputs[0])) *
                 (values_[node.inputs[1]][(ky * 3 + kx) * in[3] + c] - zero(node.inputs[1]));
        } else {
          for (int i = 0; i < in[3]; ++i)
            sum += (pixel[i] - zero(node.inputs[0])) *
                   (values_[node.inputs[1]][((c * 3 + ky) * 3 + kx) * in[3] + i] - zero(node.inputs[1]));
        }
      }
    return is_pool ? static_cast<std::uint8_t>((sum + count / 2) / count) : finished(node, sum);
  }

  const RawModel& raw_;
  std::vector<Bytes> values_;
};

std::vector<Bytes> random_pictures(unsigned seed, std::size_t count) {
  Random random(seed);
  std::vector<Bytes> inputs;
  for (std::size_t i = 0; i < count; ++i) inputs.push_back(random.bytes(8 * 8 * 3));
  return inputs;
}

/// What TensorFlow Lite gives for a file as it is; none where it is not installed.
std::optional<std::vector<Bytes>> ask_about_file(const Bytes& file, const std::vector<Bytes>& inputs) {
  if (!has_tensorflow_lite()) return std::nullopt;
  const TemporaryFolder folder;
  const fs::path model = folder.path() / "m.tflite", in = folder.path() / "in", out = folder.path() / "out";
  write_file(model, file);
  write_file(in, joined(inputs));
  const ProcessResult result = run_process({"node", "tests/interop/run_tflite.cjs", model, in, out});
  if (result.status != 0) throw std::runtime_error(result.output);
  return split_evenly(read_bytes(out), inputs.size());
}

Bytes emitted_outputs(const Model& model, const std::vector<Bytes>& inputs, const fs::path& folder) {
  const fs::path program = build_host_program(compile_model(model), folder);
  std::vector<Bytes> inner, outer;
  for (const Bytes& input : inputs) inner.push_back(inner_input(model, input));
  for (const Bytes& output : split_evenly(run_host_program(program, joined(inner)), inputs.size()))
    outer.push_back(outer_output(model, output));
  return joined(outer);
}

Model read(const RawModel& raw) {
  Model model = parse_tflite(written(raw), "other.tflite");
  model.name = "other";
  check_supported(model);
  return model;
}

double largest_difference(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); i += sizeof(float)) {
    float x = 0, y = 0;
    std::memcpy(&x, &a[i], sizeof x), std::memcpy(&y, &b[i], sizeof y);
    largest = std::max(largest, std::abs(double(x) - double(y)));
  }
  return largest;
}

}  // namespace

TEST_CASE(
    "a uint8 network of TensorFlow 1 gives what its own arithmetic gives, layer by layer, as code and on a chip") {
  for (unsigned seed = 0; seed < 5; ++seed)
    for (int last = 1; last <= 4; ++last) {
      INFO("seed " << seed << ", " << last << " layers");
      const RawModel raw = uint8_network(seed, last);
      const Model model = read(raw);
      const std::vector<Bytes> inputs = random_pictures(seed + 100, 6);
      std::vector<Bytes> expected, outputs;
      for (const Bytes& input : inputs) {
        expected.push_back(OldArithmetic(raw).run(input));
        outputs.push_back(reference_output(model, input));
      }
      CHECK((outputs == expected));
      const TemporaryFolder folder;
      if (seed == 0) CHECK((emitted_outputs(model, inputs, folder.path()) == joined(expected)));
    }
  const RawModel raw = uint8_network(7, 4);
  const Model model = read(raw);
  const TemporaryFolder folder;
  const Board& board = find_board("mkrzero");
  BoardSession session(build_for_board(model, board, folder.path()), board);
  const Bytes picture = random_pictures(8, 1)[0];
  CHECK((outer_output(model, session.infer(inner_input(model, picture))) == OldArithmetic(raw).run(picture)));
}

TEST_CASE("a uint8 network of TensorFlow 1 gives what TensorFlow Lite gives, within 1 a layer") {
  for (int last = 1; last <= 4; ++last) {
    const RawModel raw = uint8_network(3, last);
    const std::vector<Bytes> inputs = random_pictures(4, 10);
    const auto theirs = ask_about_file(written(raw), inputs);
    if (!theirs) return;
    int largest = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Bytes ours = reference_output(read(raw), inputs[i]);
      REQUIRE(ours.size() == (*theirs)[i].size());
      for (std::size_t k = 0; k < ours.size(); ++k) largest = std::max(largest, std::abs(ours[k] - (*theirs)[i][k]));
    }
    std::printf("uint8, %d layers: at most %d apart from TensorFlow Lite\n", last, largest);
    CHECK(largest <= last);  // XNNPACK rounds once
  }
}

/// A uint8 file of one operator, as TensorFlow 1 had it.
struct OneUint8 {
  const char* name;
  RawModel raw;
};

static std::vector<OneUint8> uint8_operators() {
  const Shape image{1, 4, 4, 2};
  const auto whole = [](const std::vector<std::int32_t>& values, const Shape& shape) {
    return RawTensor{
        .shape = shape, .type = TensorType::INT32, .data = data_of_values(values), .scale = {}, .zero_point = {}};
  };
  const Attributes plain{{"fused_activation_function", std::int64_t{0}}};
  Attributes pool = without(window(2), "depth_multiplier");
  pool["filter_width"] = pool["filter_height"] = std::int64_t{2};
  const RawTensor in = byte(image, 0.05f, 120), other = byte(image, 0.03f, 77, Random(9).bytes(32));
  return {
      {"add", {.tensors = {in, other, byte(image, 0.08f, 100)}, .nodes = {{0, {0, 1}, {2}, "AddOptions", plain}}}},
      {"sub", {.tensors = {in, other, byte(image, 0.08f, 100)}, .nodes = {{41, {0, 1}, {2}, "SubOptions", plain}}}},
      {"mul", {.tensors = {in, other, byte(image, 0.2f, 130)}, .nodes = {{18, {0, 1}, {2}, "MulOptions", plain}}}},
      {"softmax",
       {.tensors = {byte({1, 7}, 0.1f, 90), byte({1, 7}, 1.0f / 256, 0)},
        .nodes = {{25, {0}, {1}, "SoftmaxOptions", {{"beta", 1.0}}}}}},
      {"logistic",
       {.tensors = {in, byte(image, 1.0f / 256, 0)}, .nodes = {{.code = 14, .inputs = {0}, .outputs = {1}}}}},
      {"tanh", {.tensors = {in, byte(image, 1.0f / 128, 128)}, .nodes = {{.code = 28, .inputs = {0}, .outputs = {1}}}}},
      {"relu6", {.tensors = {in, byte(image, 6.0f / 255, 0)}, .nodes = {{.code = 21, .inputs = {0}, .outputs = {1}}}}},
      {"max_pool_2d",
       {.tensors = {in, byte({1, 2, 2, 2}, 0.05f, 120)}, .nodes = {{17, {0}, {1}, "Pool2DOptions", pool}}}},
      {"average_pool_2d",
       {.tensors = {in, byte({1, 2, 2, 2}, 0.05f, 120)}, .nodes = {{1, {0}, {1}, "Pool2DOptions", pool}}}},
      {"mean",
       {.tensors = {in, whole({1, 2}, {2}), byte({1, 2}, 0.05f, 120)},
        .nodes = {{40, {0, 1}, {2}, "ReducerOptions", {{"keep_dims", std::int64_t{0}}}}}}},
      {"pad",
       {.tensors = {in, whole({0, 0, 1, 2, 0, 1, 0, 0}, {4, 2}), byte({1, 7, 5, 2}, 0.05f, 120)},
        .nodes = {{.code = 34, .inputs = {0, 1}, .outputs = {2}}}}},
      {"concatenation",
       {.tensors = {in, byte(image, 0.05f, 120, Random(9).bytes(32)), byte({1, 4, 4, 4}, 0.05f, 120)},
        .nodes = {{2,
                   {0, 1},
                   {2},
                   "ConcatenationOptions",
                   {{"axis", std::int64_t{3}}, {"fused_activation_function", std::int64_t{0}}}}}}},
      {"resize_nearest_neighbor",
       {.tensors = {in, whole({8, 8}, {2}), byte({1, 8, 8, 2}, 0.05f, 120)},
        .nodes = {{97, {0, 1}, {2}, "ResizeNearestNeighborOptions", {{"align_corners", std::int64_t{0}}}}}}},
      {"reshape",
       {.tensors = {in, whole({1, 32}, {2}), byte({1, 32}, 0.05f, 120)},
        .nodes = {{22, {0, 1}, {2}, "ReshapeOptions", {{"new_shape", std::vector<std::int64_t>{1, 32}}}}}}},
  };
}

TEST_CASE("uint8 operators of TensorFlow 1 give what TensorFlow Lite gives, within 1, and run as emitted code") {
  for (const auto& [name, raw] : uint8_operators()) {
    INFO(name);
    const Model model = read(raw);
    Random random(12);
    std::vector<Bytes> inputs, ours;
    for (int i = 0; i < 6; ++i) inputs.push_back(random.bytes(model.tensors[model.inputs[0]].bytes()));
    for (const Bytes& input : inputs) ours.push_back(reference_output(model, input));
    const TemporaryFolder folder;
    CHECK((emitted_outputs(model, inputs, folder.path()) == joined(ours)));
    const auto theirs = ask_about_file(written(raw), inputs);
    if (!theirs) continue;
    const Bytes a = joined(ours), b = joined(*theirs);
    REQUIRE(a.size() == b.size());
    int largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    std::printf("uint8 %s: at most %d apart from TensorFlow Lite\n", name, largest);
    CHECK(largest <= 1);
  }
}

/// fully connected with weights in half precision behind a DEQUANTIZE.
static RawModel half_layer() {
  Random random(1);
  std::vector<std::uint16_t> halves;
  for (int i = 0; i < 24; ++i) halves.push_back(static_cast<std::uint16_t>((random.bytes(1)[0] << 4) | 0x3000));
  const RawTensor half{
      .shape = {3, 8}, .type = TensorType::FLOAT16, .data = data_of_values(halves), .scale = {}, .zero_point = {}};
  return {.tensors = {real({1, 8}), half, real({3, 8}), real({3}, random.reals(3)), real({1, 3})},
          .nodes = {{.code = dequantize, .inputs = {1}, .outputs = {2}},
                    {fully_connected, {0, 2, 3}, {4}, "FullyConnectedOptions", {}}}};
}

static std::vector<Bytes> random_reals(unsigned seed, std::size_t count, std::size_t each) {
  Random random(seed);
  std::vector<Bytes> inputs;
  for (std::size_t i = 0; i < count; ++i) inputs.push_back(data_of_values(random.reals(each)));
  return inputs;
}

TEST_CASE("half-precision weights give what TensorFlow Lite gives, and the emitted code the same") {
  const RawModel raw = half_layer();
  const Model model = read(raw);
  const std::vector<Bytes> inputs = random_reals(5, 6, 8);
  std::vector<Bytes> ours;
  for (const Bytes& input : inputs) ours.push_back(reference_output(model, input));
  const TemporaryFolder folder;
  CHECK(largest_difference(emitted_outputs(model, inputs, folder.path()), joined(ours)) < 1e-5);
  if (const auto theirs = ask_about_file(written(raw), inputs))
    CHECK(largest_difference(joined(ours), joined(*theirs)) < 1e-5);
}

TEST_CASE("a dynamic-range model is told to be one, runs, and is near what TensorFlow Lite rounds it to") {
  Random random(2);
  const RawTensor weights{.shape = {3, 8}, .data = random.bytes(24), .scale = {0.01f}};
  const RawModel raw{.tensors = {real({1, 8}), weights, real({3}, random.reals(3)), real({1, 3})},
                     .nodes = {{fully_connected, {0, 1, 2}, {3}, "FullyConnectedOptions", {}}}};
  const std::vector<Bytes> inputs = random_reals(6, 6, 8);
  std::vector<Bytes> ours;
  for (const Bytes& input : inputs) ours.push_back(reference_output(read(raw), input));
  if (const auto theirs = ask_about_file(written(raw), inputs))
    CHECK(largest_difference(joined(ours), joined(*theirs)) < 0.05);  // its values are int8 there
  const TemporaryFolder folder;
  write_file(folder.path() / "hybrid.tflite", written(raw));
  write_file(folder.path() / "in", joined(inputs));
  const ProcessResult said = dragonet_in(folder.path(), "run hybrid.tflite --host --inputs in --outputs out");
  CHECK(said.status == 0);
  CHECK_THAT(said.output, Contains("dynamic-range quantization: its weights are integers, 24 B") &&
                              Contains("`dragonet convert hybrid.tflite --samples FOLDER -o OUT.tflite`"));
  CHECK(largest_difference(read_bytes(folder.path() / "out"), joined(ours)) < 1e-5);
}

TEST_CASE("a small file whose output has millions of values makes a small program, not a label for each") {
  const RawModel raw{.tensors = {{.shape = {1, 2048, 2048, 4}}, {.shape = {1, 2048, 2048, 4}}},
                     .nodes = {{.code = 19, .inputs = {0}, .outputs = {1}}}};
  const EmittedModel emitted = compile_model(read(raw));
  std::size_t bytes = 0;
  for (const EmittedFile& file : emitted.files) bytes += file.text.size();
  CHECK(bytes < 200'000);
  CHECK_THAT(emitted.files[0].text, Contains("extern const char* const labels[1];"));
}

TEST_CASE("constants that a small file names very often are refused before any code is written") {
  RawModel raw{.tensors = {{.shape = {1, 2048}}, {.shape = {2048, 2048}, .data = Bytes(1 << 22, 1)}}};
  for (int i = 0; i < 20; ++i) {
    raw.tensors.push_back({.shape = {1, 2048}, .scale = {4096}});
    raw.nodes.push_back({fully_connected, {i == 0 ? 0 : i + 1, 1, -1}, {i + 2}, "FullyConnectedOptions", {}});
  }
  Model model = parse_tflite(written(raw), "shared.tflite");
  model.name = "shared";
  CHECK_THROWS_WITH(compile_model(model),
                    Contains("its layers read 80 MB of constants, and no chip's flash holds more"));
}

TEST_CASE("a device, a pipe or a folder as a model or its inputs is refused at once, in a sentence") {
  const TemporaryFolder folder;
  write_file(folder.path() / "uint8.tflite", written(uint8_network(0, 1)));
  REQUIRE(run_process({"mkfifo", folder.path() / "pipe"}).status == 0);
  fs::create_directory(folder.path() / "folder.tflite");
  for (const auto& [file, what] : {std::pair{"/dev/zero", "this is a device or a pipe"},
                                   {"pipe", "this is a device or a pipe"},
                                   {"folder.tflite", "this is a folder: name a file"}})
    for (const std::string& command : {fmt::format("show {}", file), fmt::format("compile {} --board mkrzero", file),
                                       fmt::format("run uint8.tflite --host --inputs {}", file)}) {
      const ProcessResult result =
          run_process({"sh", "-c", "cd " + folder.path().string() + " && timeout 20 " + program + " " + command});
      INFO(command << "\n" << result.output);
      CHECK(result.status == 2);
      CHECK_THAT(result.output, Contains(what));
    }
}

TEST_CASE("show does not judge what was never placed on a board") {
  const TemporaryFolder folder;
  RawModel raw{.tensors = {real({1, 4}), real({1, 4})}, .nodes = {{.code = 15, .inputs = {0}, .outputs = {1}}}};
  write_file(folder.path() / "odd.tflite", written(raw));
  const ProcessResult shown = dragonet_in(folder.path(), "show odd.tflite");
  CHECK(shown.status == 1);
  CHECK_THAT(shown.output, Contains("the operator LSH_PROJECTION is not supported") && Contains("it cannot run"));
  CHECK(shown.output.find("fit") == std::string::npos);
  CHECK(!json_of(folder.path(), "show odd.tflite", 1).contains("fits"));
}
