#include <catch2/catch.hpp>

#include "ops/check.h"
#include "ops/run_reference.h"
#include "ops/variable_models.h"
#include "tflite/raw_model.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using tflite::TensorType;
using Floats = std::vector<float>;

namespace {

namespace code {
constexpr int add = 0, relu = 19, fill = 94, call_once = 129, var_handle = 142, read_variable = 143,
              assign_variable = 144, hashtable_import = 138;
}

RawTensor real(const Shape& shape, const Floats& values = {}) {
  return {.shape = shape, .type = TensorType::FLOAT32, .data = data_of_values(values), .scale = {}, .zero_point = {}};
}

RawTensor handle() { return {.shape = {}, .type = TensorType::RESOURCE, .scale = {}, .zero_point = {}}; }

RawNode make_handle(int tensor, const std::string& name = "sum") {
  return {.code = code::var_handle, .inputs = {}, .outputs = {tensor}, .handle = name};
}

/// The graph that is called once: `sum` begins as the constant.
RawModel initializer(const Floats& values) {
  return {.tensors = {handle(), real({1, 2}, values)},
          .nodes = {make_handle(0), {.code = code::assign_variable, .inputs = {0, 1}, .outputs = {}}},
          .inputs = {}};
}

enum { x, sum, old, now, places };  // tensors of the main graph

/// Gives the sum of all inputs so far; in a form that converters write.
RawModel running_sum() {
  RawModel raw{.tensors = {real({1, 2}), handle(), real({1, 2}), real({1, 2})}};
  raw.nodes = {{.code = code::call_once,
                .inputs = {},
                .outputs = {},
                .options = "CallOnceOptions",
                .attributes = {{"init_subgraph_index", 1}}},
               make_handle(sum),
               {.code = code::read_variable, .inputs = {sum}, .outputs = {old}},
               {.code = code::add, .inputs = {old, x}, .outputs = {now}},
               {.code = code::assign_variable, .inputs = {sum, now}, .outputs = {}}};
  raw.more_graphs = {initializer({10, 20})};
  return raw;
}

Model read(const RawModel& raw) { return parse_tflite(written(raw), "v.tflite"); }

std::vector<Floats> in_turn(const Model& model, const std::vector<Floats>& inputs) {
  check_supported(model);
  ModelState state = initial_state(model);
  std::vector<Floats> outputs;
  for (const Floats& input : inputs) {
    const Bytes output = reference_output(model, packed(input), state);
    const auto* first = reinterpret_cast<const float*>(output.data());
    outputs.emplace_back(first, first + output.size() / sizeof(float));
  }
  return outputs;
}

std::string refusal(const RawModel& raw) try {
  check_supported(read(raw));
  return "";
} catch (const Error& error) {
  return error.what();
}

const std::vector<Floats> two_inputs{{1, 2}, {3, 4}}, two_sums{{11, 22}, {14, 26}};

}  // namespace

TEST_CASE("a resource variable is read as a variable that begins with what the initializer assigns") {
  const Model model = read(running_sum());
  CHECK(model.remarks.empty());
  CHECK(in_turn(model, two_inputs) == two_sums);
}

TEST_CASE("handles of one name are one variable") {
  RawModel raw = running_sum();
  raw.tensors.push_back(handle());
  raw.nodes.insert(raw.nodes.begin() + 4, make_handle(places));
  raw.nodes.back().inputs[0] = places;
  raw.outputs = {now};
  CHECK(in_turn(read(raw), two_inputs) == two_sums);
}

TEST_CASE("the initializer's constants may be worked out from others") {
  RawModel raw = running_sum();
  RawModel& first = raw.more_graphs[0];
  first.tensors = {handle(),
                   real({1, 2}),
                   {.shape = {2}, .type = TensorType::INT32, .data = data_of_values<int>({1, 2})},
                   real({}, {5})};
  first.nodes.insert(first.nodes.begin(), {.code = code::fill, .inputs = {2, 3}, .outputs = {1}});
  CHECK(in_turn(read(raw), two_inputs) == std::vector<Floats>{{6, 7}, {9, 11}});
}

TEST_CASE("a variable that nothing initializes begins as zero, with a remark") {
  RawModel raw = running_sum();
  raw.nodes.erase(raw.nodes.begin());
  raw.more_graphs.clear();
  const Model model = read(raw);
  CHECK(in_turn(model, two_inputs) == std::vector<Floats>{{1, 2}, {4, 6}});
  REQUIRE(model.remarks.size() == 1);
  CHECK_THAT(model.remarks[0], Contains("nothing initializes its variable sum: it begins as zero"));
}

TEST_CASE("a variable that is never assigned is a constant, and one that is never read is left out") {
  RawModel raw = running_sum();
  raw.nodes.pop_back();
  const Model constant = read(raw);
  CHECK_FALSE(keeps_state(constant));
  CHECK(in_turn(constant, two_inputs) == std::vector<Floats>{{11, 22}, {13, 24}});
  raw = running_sum();
  raw.nodes[2] = {.code = code::relu, .inputs = {x}, .outputs = {old}};
  CHECK_FALSE(keeps_state(read(raw)));
}

TEST_CASE("graphs that the model does not call are left out, with a remark") {
  RawModel raw = running_sum();
  raw.more_graphs.push_back(initializer({0, 0}));
  const Model model = read(raw);
  CHECK(in_turn(model, two_inputs) == two_sums);
  REQUIRE(model.remarks.size() == 1);
  CHECK_THAT(model.remarks[0], Contains("1 of its 3 subgraphs is left out"));
}

TEST_CASE("what is wrong with a resource variable is refused by name") {
  const auto refusal_after = [](auto change) {
    RawModel raw = running_sum();
    change(raw);
    return refusal(raw);
  };
  CHECK(refusal_after([](RawModel&) {}) == "");
  CHECK_THAT(refusal_after([](RawModel& raw) {
               raw.more_graphs[0].tensors[1] = real({1, 3}, {1, 2, 3});
             }),
             Contains("the variable sum: begins as float32 1x3, and is then float32 1x2"));
  CHECK_THAT(refusal_after([](RawModel& raw) {
               raw.nodes[4].inputs = {sum, x}, raw.tensors[x].shape = {2, 1};
             }),
             Contains("the variable sum is float32 2x1 here, and float32 1x2 before; a variable must keep"));
  CHECK_THAT(
      refusal_after([](RawModel& raw) { raw.more_graphs[0].inputs = {1}, raw.more_graphs[0].tensors[1].data = {}; }),
      Contains("the variable sum: begins with tensor, which is no constant"));
  CHECK_THAT(refusal_after([](RawModel& raw) { raw.nodes[0].attributes["init_subgraph_index"] = 2; }),
             Contains("node 0 (call_once): calls subgraph 2, and there are 2"));
  CHECK_THAT(refusal_after([](RawModel& raw) { raw.nodes[2].inputs = {x}; }),
             Contains("node 2 (read_variable): takes no handle of a resource variable"));
  CHECK_THAT(refusal_after([](RawModel& raw) {
               raw.nodes[3].inputs = {sum, x};
             }),
             Contains("node 3 (add): takes the handle of a resource variable"));
  CHECK_THAT(refusal_after([](RawModel& raw) { raw.outputs = {sum}; }), Contains("gives the handle of a variable"));
  CHECK_THAT(refusal_after([](RawModel& raw) {
               raw.more_graphs[0].nodes[1] = {.code = code::hashtable_import, .inputs = {0, 1, 1}, .outputs = {}};
             }),
             Contains("the operator HASHTABLE_IMPORT is not supported"));
  CHECK_THAT(refusal_after([](RawModel& raw) {
               raw.more_graphs[0].nodes[1] = {.code = code::read_variable, .inputs = {0}, .outputs = {1}};
               raw.more_graphs[0].tensors[1].data = {};
             }),
             Contains("does more than to assign constants to resource variables"));
}

TEST_CASE("variables are written as the format has them, and read again") {
  const Model model = read(running_sum());
  const Model again = parse_tflite(serialize_tflite(model), "again.tflite");
  CHECK(in_turn(again, two_inputs) == two_sums);
  CHECK(again.input(again.nodes[0], 0).name == "sum");
  CHECK(serialize_tflite(parse_tflite(serialize_tflite(again), "f")) == serialize_tflite(again));
}
