#include "compile/compile.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/process.h"
#include "features/image_resize.h"  // firmware's
#include "model/model_info.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

/// Builds `main_text` with the emitted model and returns what it prints.
static std::string printed_by(const Model& model, const std::string& main_text,
                              const std::vector<std::string>& arguments = {}) {
  const TemporaryFolder folder;
  write_emitted(compile_model(model), folder.path());
  write_file(folder.path() / "main_.cpp",
             fmt::format("#include <stdio.h>\n#include \"{}.h\"\n{}", model.name, main_text));
  const fs::path program = folder.path() / "program";
  const ProcessResult built =
      run_process({"g++", "-std=gnu++11", "-O1", "-Wall", "-Wextra", "-Werror", "-I", folder.path(),
                   folder.path() / (model.name + ".cpp"), folder.path() / "main_.cpp", "-o", program});
  if (built.status != 0) return built.output;
  std::vector<std::string> command{program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_process(command).output;
}

static Model pool_of(const Shape& shape) {
  return one_node({.op = "max_pool_2d", .in = shape, .attributes = pool_attributes(same, 1, 1)});
}

static std::string refusal_of_compiling(const Model& model) try {
  compile_model(model);
  return "";
} catch (const Error& error) {
  return error.what();
}

TEST_CASE("emitted code holds to pedantic C++11, with g++ and with clang++ where there is one") {
  RandomModels random(21);
  const TemporaryFolder folder;
  std::vector<std::string> sources;
  for (int m = 0; m < 8; ++m) {
    Model model = random.chain();
    model.name = fmt::format("chain_{}", m);
    model.tensors.back().name =
        "hostile \\ ?"
        "?/ \xe2\x80\xae \n name";  // in a comment: ends the line, or turns it round
    write_emitted(compile_model(model), folder.path());
    sources.push_back(folder.path() / (model.name + ".cpp"));
  }
  for (const std::string compiler : {"g++", "clang++"}) {
    std::vector<std::string> command{compiler,     "-std=gnu++11", "-Wall",       "-Wextra",
                                     "-Wpedantic", "-Werror",      "-Wshadow",    "-fno-exceptions",
                                     "-fno-rtti",  "-I",           folder.path(), "-fsyntax-only"};
    command.insert(command.end(), sources.begin(), sources.end());
    const ProcessResult result = run_process(command);
    INFO(compiler << ": " << result.output);
    CHECK((result.status == 0 || (compiler == "clang++" && result.status == 127)));
  }
}

TEST_CASE("labels reach the chip as they are, whatever is in them") {
  Model model = pool_of({1, 1, 6, 1});
  const std::vector<std::string> labels{"plain",
                                        "\"quoted\"",
                                        "ba\\ck\\n",
                                        "what?"
                                        "?/ever?"
                                        "?!",
                                        "Drache \xc3\xa4\xc3\xb6",
                                        "1\t2\x7f"
                                        "3"};
  set_info(model, {.labels = labels});
  std::string expected;
  for (const std::string& label : labels) expected += label + "\n";
  CHECK(printed_by(model, "int main() { for (const char* label : one::labels) puts(label); }") == expected);
}

TEST_CASE("a label too many is left out, and one too few is empty") {
  Model model = pool_of({1, 1, 2, 1});
  set_info(model, {.labels = {"a", "b", "c"}});
  CHECK(printed_by(model, "int main() { for (const char* label : one::labels) puts(label); }") == "a\nb\n");
  set_info(model, {.labels = {"a"}});
  CHECK(printed_by(model, "int main() { for (const char* label : one::labels) puts(label); }") == "a\n\n");
}

TEST_CASE("best_label is the label of the highest score, with that score as confidence, where there are labels") {
  OneNode one{.op = "max_pool_2d", .in = {1, 1, 3, 1}, .attributes = pool_attributes(same, 1, 1)};
  one.in_quantization = one.out_quantization = {{0.5f}, {-10}};
  Model model = one_node(one);
  const std::string program = R"(int main() {
    static one::Model model;
    static const int8_t input[] = {-4, 6, 2};
    one::invoke(model, input);
    float confidence = 0;
    const int best = one::best_label(model, &confidence);
    printf("%s %.2f %d", one::labels[best], confidence, one::best_label(model) == best);
  })";
  CHECK_THAT(printed_by(model, program), Contains("best_label"));  // the compiler's complaint
  set_info(model, {.labels = {"a", "b", "c"}});
  CHECK(printed_by(model, program) == "b 8.00 1");
}

TEST_CASE("the header states shapes, scales and zero points, and RAM is the arena and the counters") {
  OneNode one{.op = "max_pool_2d", .in = {1, 4, 3, 2}, .attributes = pool_attributes(valid, 2, 2)};
  one.in_quantization = one.out_quantization = {{1.0f / 3}, {-7}};
  const std::string text = printed_by(one_node(one), R"(int main() {
    printf("%d %d %d %d %.9g %.9g %d %d %d", one::input_rows, one::input_row_bytes, one::input_bytes, one::output_bytes,
           one::input_scale, one::output_scale, (int)one::input_zero_point, (int)one::output_zero_point,
           (int)one::ram_bytes);
  })");
  CHECK(text == fmt::format("4 6 24 4 {0:.9g} {0:.9g} -7 -7 {1}", 1.0f / 3,
                            2 * 8 + 4 + 4));  // two rows on words, the output, counters
}

TEST_CASE("rows fed one by one give what the whole input gives, and a second inference starts afresh") {
  RandomModels random(23);
  const std::string main_text = R"(
#include <string.h>
using namespace random_;
int main() {
  static Model whole, rows;
  static int8_t input[input_bytes];
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < input_bytes; ++i) input[i] = (int8_t)(i * 37 + round * 11);
    invoke(whole, input);
    begin(rows);
    for (int y = 0; y < input_rows; ++y)
      if (feed_row(rows, input + y * input_row_bytes) != (y == input_rows - 1)) return puts("ready at the wrong row");
    if (memcmp(output(whole), output(rows), output_bytes) != 0) return puts("differs");
  }
  return puts("equal");
})";
  for (int m = 0; m < 3; ++m) {
    Model model = random.chain();
    model.name = "random_";
    CHECK(printed_by(model, main_text) == "equal\n");
  }
}

TEST_CASE("more rows than 16 bits count are all taken") {
  const Model model = one_node({.op = "reshape", .in = {1, 70000, 1, 1}, .out = {1, 70000}});
  const std::string main_text = R"(int main() {
    static one::Model model;
    static int8_t input[one::input_bytes];
    input[69999] = 42;
    one::invoke(model, input);
    printf("%d", one::output(model)[69999]);
  })";
  CHECK(printed_by(model, main_text) == "42");
}

TEST_CASE("a schedule of more runs than 16 bits count comes to its end") {
  const Model model = one_node({.op = "relu", .in = {1, 70000, 1, 1}});
  const std::string main_text = R"(int main() {
    static one::Model model;
    static int8_t input[one::input_bytes];
    input[69999] = 42;
    one::invoke(model, input);
    printf("%d", one::output(model)[69999]);
  })";
  CHECK(printed_by(model, main_text) == "42");
}

/// What firmware/features makes of a picture, by itself.
static Bytes resized(const Bytes& pixels, int width, int height, const Shape& to) {
  std::vector<std::uint32_t> sums(to[2] * to[3]);
  ImageResize resize{sums.data(), static_cast<std::uint16_t>(to[2]), static_cast<std::uint16_t>(to[1]),
                     static_cast<std::uint16_t>(to[3])};
  begin_resize(resize, static_cast<std::uint16_t>(width), static_cast<std::uint16_t>(height));
  std::vector<std::int8_t> row(sums.size());
  Bytes out;
  for (int y = 0; y < height; ++y)
    while (resize_row(resize, pixels.data() + y * width * to[3], row.data()))
      out.insert(out.end(), row.begin(), row.end());
  return out;
}

static constexpr const char* feed_picture = R"(
#include <stdlib.h>
int main(int, char** arguments) {
  const uint16_t width = (uint16_t)atoi(arguments[2]), height = (uint16_t)atoi(arguments[3]);
  static one::Model model;
  static uint8_t row[3 * 2048];
  FILE* const in = fopen(arguments[1], "rb");
  if (!in || !one::begin_image(model, width, height)) return puts("refused");
  int ready = 0, ready_at = -1;
  for (int y = 0; y < height; ++y) {
    if (fread(row, (size_t)width * one::image_channels, 1, in) != 1) return puts("short");
    if (one::feed_image_row(model, row)) ++ready, ready_at = y;
  }
  if (ready != 1 || ready_at != height - 1) return puts("ready at the wrong row");
  for (int i = 0; i < one::output_bytes; ++i) printf("%02x", (unsigned)(uint8_t)one::output(model)[i]);
})";

static std::string hex_of(const Bytes& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

TEST_CASE("pictures of any size become the input that firmware/features makes, byte for byte") {
  RandomModels random(24);
  for (const Shape& shape : {Shape{1, 5, 7, 3}, Shape{1, 8, 4, 1}}) {
    Model model = pool_of(shape);  // of 1 x 1: the output is the input
    set_info(model, {.features = ImageFeatureSettings{.height = shape[1], .width = shape[2], .channels = shape[3]}});
    for (const auto& [width, height] : {std::pair{7, 5}, {1, 1}, {2, 3}, {20, 9}, {9, 31}, {640, 2}, {3, 2048}}) {
      Bytes pixels(width * height * shape[3]);
      for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(random.pick(0, 255));
      const TemporaryFolder folder;
      write_file(folder.path() / "pixels", pixels);
      INFO(width << " x " << height);
      CHECK(
          printed_by(model, feed_picture, {folder.path() / "pixels", std::to_string(width), std::to_string(height)}) ==
          hex_of(resized(pixels, width, height, shape)));
    }
  }
}

TEST_CASE("pictures without pixels, or too large for 32-bit sums, are refused on the chip") {
  Model model = pool_of({1, 4, 4, 1});
  set_info(model, {.features = ImageFeatureSettings{.height = 4, .width = 4, .channels = 1}});
  CHECK(printed_by(model,
                   "int main() { one::Model m; printf(\"%d%d%d%d\", one::begin_image(m, 0, 5), "
                   "one::begin_image(m, 5, 0), one::begin_image(m, 2049, 1), one::begin_image(m, 2048, 1)); }") ==
        "0001");
}

TEST_CASE("compiling says what it cannot compile") {
  const auto refusal = [](auto change) {
    Model model = pool_of({1, 2, 2, 1});
    change(model);
    return refusal_of_compiling(model);
  };
  CHECK(refusal([](Model&) {}) == "");
  CHECK_THAT(refusal([](Model& m) { m.name = "class"; }),
             Contains("cannot be a C++ namespace") && Contains("model_class"));
  CHECK_THAT(refusal([](Model& m) { m.inputs = {0, 0}; }), Contains("has no input, or one input twice"));
  CHECK_THAT(refusal([](Model& m) { m.outputs = {}; }), Contains("has no output, or one output twice"));
  CHECK_THAT(refusal([](Model& m) {
               set_info(m, {.features = ImageFeatureSettings{.height = 2, .width = 2000, .channels = 1}});
             }),
             Contains("says that features are 1x2x2000x1, and the input is 1x2x2x1"));
}

TEST_CASE("names that C++ or its headers claim compile once identifier_of has changed them") {
  for (const std::string file :
       {"class", "string", "index", "linux",  "features", "9 lives", "dragon-2", "",   "abs",  "log",
        "logf",  "EOF",    "stdin", "stdout", "FILE",     "div_t",   "exit",     "y0", "read", "M_PI"}) {
    Model model = pool_of({1, 1, 1, 1});
    model.name = identifier_of(file);
    INFO(file << " as " << model.name);
    CHECK(printed_by(model, fmt::format("int main() {{ return puts({}::model_hash) < 0; }}", model.name)) == "\n");
  }
}

TEST_CASE("an emitted model describes its layers and what their constants take") {
  Model model =
      one_node({.op = "fully_connected", .in = {1, 3}, .weights_shape = {2, 3}, .weights = {1, 2, 3, 4, 5, 6}});
  const EmittedModel emitted = compile_model(model);
  REQUIRE(emitted.layers.size() == 1);
  CHECK(emitted.layers[0].function == "layer_00_fully_connected");
  CHECK(emitted.layers[0].macs == 6);
  CHECK(emitted.layers[0].constant_bytes == 6 + 2 * 4 + 4 + 1);  // weights, biases, one multiplier and shift
  std::vector<std::string> paths;
  for (const EmittedFile& file : emitted.files) paths.push_back(file.path);
  std::ranges::sort(paths);
  CHECK(paths == std::vector<std::string>{"kernels/channels.h", "kernels/dot.h", "kernels/fixed_point.h",
                                          "kernels/fully_connected.h", "kernels/rows.h", "one.cpp", "one.h"});
}

TEST_CASE("what no chip holds is refused before it is planned: tensors over 16 MB, rows and layers by the million") {
  const auto relu_of = [](const Shape& shape) { return refusal_of_compiling(one_node({.op = "relu", .in = shape})); };
  CHECK_THAT(relu_of({1, 1 << 25}), Contains("one.tflite, tensor in") && Contains("takes 32 MB while the model runs"));
  CHECK_THAT(relu_of({1, 600'000, 1, 1}), Contains("has 1200000 rows in all its tensors; at most 1000000"));
  Model many = one_node({.op = "relu", .in = {1, 4}});
  while (many.nodes.size() <= 10'000) {
    const int last = static_cast<int>(many.tensors.size()) - 1;
    many.nodes.push_back({"relu", static_cast<int>(many.nodes.size()), {last}, {last + 1}, {}});
    many.tensors.push_back(many.tensors[last]);
  }
  CHECK_THAT(refusal_of_compiling(many), Contains("has 10001 layers; at most 10000 can be compiled"));
}

TEST_CASE("a tensor that nothing computes takes no place, however many rows it claims") {
  Model model = one_node({.op = "relu", .in = {1, 4}});
  model.tensors.push_back({.name = "idle", .dtype = DType::int8, .shape = {1, 1 << 28, 1, 1}});
  CHECK(compile_model(model).plan.bytes == 8);  // the output never takes the input's place
}

TEST_CASE("an input too many, of fewer rows than the first, is not summed") {
  Model model = one_node({.op = "max_pool_2d", .in = {1, 6, 1, 1}, .attributes = pool_attributes(same, 1, 6)});
  const Model one =
      one_node({.op = "fully_connected", .in = {1, 6, 1, 1}, .weights_shape = {1, 6}, .weights = {1, 2, 3, 4, 5, 6}});
  model.tensors.push_back(one.tensors[1]);
  model.tensors.push_back(one.tensors[2]);
  model.nodes.push_back({"fully_connected", 1, {0, 2, -1, 1}, {3}, {}});
  model.outputs = {3};
  CHECK(refusal_of_compiling(model) == "");
}

TEST_CASE("a convolution of constants that would be worked out for minutes is refused") {
  Model model = one_node({.op = "conv_2d",
                          .in = {1, 2048, 2048, 1},
                          .attributes = window_attributes(same),
                          .weights_shape = {1, 16, 16, 1},
                          .weights = std::vector<int>(256, 1)});
  model.tensors[0].data.assign(1 << 22, 1);
  model.inputs = {static_cast<int>(model.tensors.size())};
  model.tensors.push_back({.name = "unused", .dtype = DType::int8, .shape = {1}, .quantization = plain});
  CHECK_THAT(refusal_of_compiling(model), Contains("has only constants for inputs") && Contains("1073741824 mult"));
}
