// Networks with branches, as C++ on this machine and on the virtual board, against the references, bit for bit.
#include <catch2/catch.hpp>
#include <random>

#include "board/build.h"
#include "board/host_program.h"
#include "ops/check.h"
#include "ops/run_reference.h"

using namespace dragonet;

/// Sums of two earlier values and ReLUs of one, with scales and zero points of their own, each used again later.
class RandomGraph {
 public:
  explicit RandomGraph(unsigned seed) : random_(seed) {
    model_ = {.name = "branches", .source = "branches.tflite", .inputs = {0}};
    add_tensor("in");
    for (int i = 0; i < 24; ++i) add_node();
    while (unused_.size() > 1) add_sum(unused_[0], unused_[1]);
    model_.outputs = {unused_[0]};
  }
  const Model& model() const { return model_; }

  Bytes input() {
    Bytes bytes(model_.tensors[0].bytes());
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return bytes;
  }

 private:
  int pick(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }

  void add_tensor(const std::string& name) {
    const float scale = 0.02f * static_cast<float>(pick(10, 200)) / 100;
    const int zero_point = pick(0, 3) ? pick(-128, 127) : -128;
    model_.tensors.push_back({name, DType::int8, {1, 5, 3, 4}, {{scale}, {zero_point}}, {}});
    unused_.push_back(static_cast<int>(model_.tensors.size()) - 1);
  }

  void use(int tensor) { std::erase(unused_, tensor); }

  void add(const std::string& op, const std::vector<int>& inputs, Attributes attributes) {
    for (const int t : inputs) use(t);
    add_tensor(op);
    model_.nodes.push_back({op, static_cast<int>(model_.nodes.size()), inputs, {unused_.back()}, attributes});
  }

  void add_sum(int first, int second) {
    constexpr std::int64_t activations[] = {0, 0, 1, 2, 3};
    add("add", {first, second}, {{"fused_activation_function", activations[pick(0, 4)]}});
  }

  void add_node() {
    const int last = static_cast<int>(model_.tensors.size()) - 1;
    const int first = pick(0, last), second = pick(0, last);
    if (pick(0, 3) == 0)
      add(pick(0, 1) ? "relu" : "relu6", {first}, {});
    else
      add_sum(first, second);
  }

  std::mt19937 random_;
  Model model_;
  std::vector<int> unused_;  // made, and taken by nothing yet
};

TEST_CASE("random graphs of sums and ReLUs as emitted C++ equal their references, byte for byte") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    RandomGraph graph(seed);
    check_supported(graph.model());
    Bytes inputs, expected;
    for (int i = 0; i < 20; ++i) {
      const Bytes input = graph.input(), output = reference_output(graph.model(), input);
      inputs.insert(inputs.end(), input.begin(), input.end());
      expected.insert(expected.end(), output.begin(), output.end());
    }
    const TemporaryFolder folder;
    const fs::path program = build_host_program(compile_model(graph.model()), folder.path());
    INFO("seed " << seed);
    CHECK((run_host_program(program, inputs) == expected));
  }
}

TEST_CASE("a random graph of sums and ReLUs on the virtual board equals its reference, byte for byte") {
  RandomGraph graph(7);
  const TemporaryFolder folder;
  const Board& board = find_board("mkrzero");
  const BoardBuild build = build_for_board(graph.model(), board, folder.path());
  BoardSession session(build, board);
  for (int i = 0; i < 3; ++i) {
    const Bytes input = graph.input();
    CHECK((session.infer(input) == reference_output(graph.model(), input)));
  }
}
