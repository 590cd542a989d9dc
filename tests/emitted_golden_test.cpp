// Other people's models as emitted code: on this machine, and on every virtual board that has room.
#include <catch2/catch.hpp>

#include "board/host_program.h"
#include "board/many_models.h"
#include "compile/drop_channels.h"
#include "compile/edges.h"
#include "compile/passes.h"
#include "golden.h"
#include "judge/capture.h"
#include "ops/near.h"
#include "tflite/tflite.h"

using namespace dragonet;
using testing::Golden;

static Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

static Model named_model(const Golden& golden) {
  Model model = read_tflite(golden.model);
  model.name = identifier_of(golden.name);
  return model;
}

/// What it gives vector after vector, without a reset.
static Golden in_turn(Golden golden) {
  if (!golden.outputs_in_turn.empty()) golden.outputs = golden.outputs_in_turn;
  return golden;
}

static void check_outputs(const Golden& golden, const Model& model, std::span<const std::uint8_t> outputs) {
  const std::size_t bytes = golden.outputs[0].size();
  REQUIRE(outputs.size() == bytes * golden.outputs.size());
  for (std::size_t v = 0; v < golden.outputs.size(); ++v)
    if (!is_near(model.tensors[model.outputs[0]], outputs.subspan(v * bytes, bytes), golden.outputs[v]))
      FAIL(golden.name << ": vector " << v << " differs");
}

static void check_emitted(const Golden& golden) {
  const Model model = named_model(golden);
  const TemporaryFolder folder;
  const fs::path program = build_host_program(compile_model(model), folder.path());
  check_outputs(golden, model, run_host_program(program, joined(golden.inputs), true));
  check_outputs(in_turn(golden), model, run_host_program(program, joined(golden.inputs)));
}

TEST_CASE("golden models as emitted C++ on this machine give the golden outputs") {
  for (const Golden& golden : testing::all_golden()) DYNAMIC_SECTION(golden.name) {
      check_emitted(golden);
    }
}

/// All in one image, with so many vectors each.
template <typename Run>
static void check_together(const std::vector<Golden>& goldens, int vectors, Run run) {
  std::vector<Model> models;
  Bytes inputs;
  for (const Golden& golden : goldens) {
    models.push_back(named_model(golden));
    for (int v = 0; v < vectors; ++v) inputs.insert(inputs.end(), golden.inputs[v].begin(), golden.inputs[v].end());
  }
  const Bytes outputs = run(models, inputs);
  std::size_t at = 0;
  for (std::size_t m = 0; m < models.size(); ++m) {
    Golden some = in_turn(goldens[m]);
    some.outputs.resize(vectors);
    const std::size_t bytes = some.outputs[0].size() * some.outputs.size();
    check_outputs(some, models[m], std::span(outputs).subspan(at, bytes));
    at += bytes;
  }
  CHECK(at == outputs.size());
}

static void check_on_this_machine(const std::vector<Golden>& goldens, int vectors) {
  check_together(goldens, vectors,
                 [&](const auto& models, const Bytes& inputs) { return testing::run_all(models, inputs, vectors); });
}
static void check_on_board(const std::vector<Golden>& goldens, const Board& board, int vectors) {
  check_together(goldens, vectors, [&](const auto& models, const Bytes& inputs) {
    return testing::run_all_on_board(models, board, inputs, vectors);
  });
}

TEST_CASE("golden models of one operator, in int16, give the golden outputs as emitted C++ and on virtual boards") {
  const std::vector<Golden> goldens = testing::all_golden("seanet");
  if (goldens.empty()) return;
  check_on_this_machine(goldens, 3);
  for (const Board& board : boards())
    if (board.id.starts_with("virtual-")) check_on_board(goldens, board, 3);
}

TEST_CASE("golden models give the golden outputs on virtual boards with room for all of them") {
  const std::vector<Golden> goldens = testing::all_golden();
  if (goldens.empty()) return;
  for (const Board& board : boards())
    if (board.id.starts_with("virtual-")) check_on_board(goldens, board, 1);  // all of them, as C++, above
}

static bool answers_in_integers(const Golden& golden) {
  const Model model = read_tflite(golden.model);
  return model.tensors[model.outputs[0]].dtype != DType::float32;
}

/// Of the layers that run: a reshape's bytes are its input's, and never made. Channels that were dropped are put back;
/// those that no reader looks at are lost.
static void check_layers(const Golden& golden, const Model& whole, const Captured& captured, const std::string& where) {
  const LiveModel live = without_dead_channels(whole);
  for (std::size_t v = 0; v < captured.size(); ++v)
    for (const Node& node : whole.nodes) {
      const int t = node.outputs[0];
      if (captured[v][t].empty()) continue;
      INFO(golden.name << " " << where << ", vector " << v << ", node " << node.index << " (" << node.op << ")");
      if (const auto bytes = with_dropped_channels(whole, live, t, captured[v][t]))
        CHECK(testing::crc32_of(*bytes) == golden.layer_crcs[v][node.index]);
      else
        CHECK(golden.name == "vww_96_int8");
    }
}

static void check_layers(const Golden& golden, const Board& board, int vectors) {
  const Model whole = run_passes_before(named_model(golden), "drop_channels"), model = run_passes(whole);
  const std::span inputs(golden.inputs.data(), static_cast<std::size_t>(vectors));
  const TemporaryFolder folder;
  const BoardBuild build = build_for_board(model, board, folder.path(), Optimize::ram);
  check_layers(golden, whole, capture_on_host(build.emitted, model, inputs, folder.path() / "host"), "on this machine");
  std::vector<Bytes> outputs;
  check_layers(golden, whole, capture_on_board(build, board, model, inputs, outputs), "on " + board.id);
  CHECK(outputs == std::vector<Bytes>(golden.outputs.begin(), golden.outputs.begin() + vectors));
}

TEST_CASE(
    "golden models of integers are exact layer by layer as emitted code, on this machine and on a virtual board") {
  for (const Golden& golden : testing::all_golden())
    if (answers_in_integers(golden)) DYNAMIC_SECTION(golden.name) {
        check_layers(golden, find_board("virtual-m0plus"), golden.outputs_in_turn.empty() ? 2 : 1);
      }
}
