// The malformed models that TensorFlow Lite has published advisories about, each in our hands: refused in a sentence
// that names the place, or answered rightly where the model itself is sound. Source: github.com/tensorflow/tensorflow,
// tensorflow/security/advisory.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "handle.h"
#include "tflite/raw_model.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

namespace {

/// Operators by their numbers in the format, which tflite.fbs names only in part.
namespace code {
enum {
  add = 0,
  average_pool_2d = 1,
  concatenation = 2,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  depth_to_space = 5,
  embedding_lookup = 7,
  fully_connected = 9,
  hashtable_lookup = 10,
  l2_pool_2d = 12,
  lsh_projection = 15,
  max_pool_2d = 17,
  relu = 19,
  reshape = 22,
  space_to_depth = 26,
  svdf = 27,
  embedding_lookup_sparse = 33,
  gather = 36,
  batch_to_space_nd = 37,
  space_to_batch_nd = 38,
  mean = 40,
  divide = 42,
  strided_slice = 45,
  split = 49,
  maximum = 55,
  arg_max = 56,
  minimum = 57,
  transpose_conv = 67,
  expand_dims = 70,
  sum = 74,
  arg_min = 79,
  one_hot = 85,
  range = 96,
  split_v = 102,
  gather_nd = 107,
  while_loop = 119,
  scatter_nd = 122,
  segment_sum = 125,
  conv_3d_transpose = 141
};
}  // namespace code

std::string refusal(const RawModel& model) { return refusal_by_all(written(model)); }

RawTensor computed(const Shape& shape) { return {.shape = shape}; }
RawTensor weights(const Shape& shape) { return {.shape = shape, .data = Bytes(element_count(shape), 1)}; }

/// A constant of int32: axes, sizes, indices.
RawTensor integers(const std::vector<std::int32_t>& values) {
  return {.shape = {static_cast<int>(values.size())},
          .type = tflite::TensorType::INT32,
          .data = data_of_values(values),
          .scale = {},
          .zero_point = {}};
}

/// One node that takes all tensors but the last, which it makes.
RawModel one_node_of(int op, const std::vector<RawTensor>& tensors, const std::string& options = "",
                     const Attributes& attributes = {}) {
  RawNode node{.code = op, .options = options, .attributes = attributes};
  for (int t = 0; t + 1 < static_cast<int>(tensors.size()); ++t) node.inputs.push_back(t);
  node.outputs = {static_cast<int>(tensors.size()) - 1};
  return {.tensors = tensors, .nodes = {node}};
}

Attributes strides(std::int64_t height, std::int64_t width) {
  return {{"padding", std::int64_t{0}}, {"stride_h", height}, {"stride_w", width}};
}

/// 1x4x4x2 -> 1x4x4x3, sound as it stands.
RawModel convolution(const Attributes& attributes = strides(1, 1), const Shape& filter = {3, 3, 3, 2}) {
  return one_node_of(code::conv_2d, {computed({1, 4, 4, 2}), weights(filter), computed({1, 4, 4, 3})}, "Conv2DOptions",
                     attributes);
}

RawModel depthwise(const Attributes& attributes = strides(1, 1)) {
  return one_node_of(code::depthwise_conv_2d, {computed({1, 4, 4, 2}), weights({1, 3, 3, 2}), computed({1, 4, 4, 2})},
                     "DepthwiseConv2DOptions", attributes);
}

RawModel dense(const Shape& filter = {2, 4}) {
  return one_node_of(code::fully_connected, {computed({1, 4}), weights(filter), computed({1, 2})},
                     "FullyConnectedOptions");
}

RawModel pool(int op, std::int64_t stride, std::int64_t filter) {
  Attributes attributes = strides(stride, stride);
  attributes["filter_height"] = attributes["filter_width"] = filter;
  return one_node_of(op, {computed({1, 4, 4, 2}), computed({1, 4, 4, 2})}, "Pool2DOptions", attributes);
}

}  // namespace

TEST_CASE("what the malformed models of the advisories are made from is sound by itself") {
  CHECK(refusal(convolution()) == "");
  CHECK(refusal(depthwise()) == "");
  CHECK(refusal(dense()) == "");
  CHECK(refusal(pool(code::max_pool_2d, 1, 2)) == "");
  CHECK(refusal(pool(code::average_pool_2d, 1, 2)) == "");
}

TEST_CASE("CVE-2018-8825: a flatbuffer without graphs, tensors, operators or buffers (null pointers)") {
  flatbuffers::FlatBufferBuilder nothing;
  tflite::FinishModelBuffer(nothing, tflite::CreateModel(nothing, 3));
  CHECK_THAT(refusal_by_all({nothing.GetBufferPointer(), nothing.GetSize()}), Contains("subgraphs: there are 0"));
  flatbuffers::FlatBufferBuilder builder;
  const std::vector graphs{tflite::CreateSubGraph(builder)};
  tflite::FinishModelBuffer(builder, tflite::CreateModelDirect(builder, 3, nullptr, &graphs));
  CHECK_THAT(refusal_by_all({builder.GetBufferPointer(), builder.GetSize()}), Contains("subgraph 0: has no tensors"));
}

TEST_CASE("CVE-2020-15207: a negative axis that stays negative when the rank is added (out of bounds)") {
  for (const int axis : {-100, 100})
    CHECK_THAT(refusal(one_node_of(code::mean, {computed({1, 4, 4, 2}), integers({axis}), computed({1, 4, 2})})),
               Contains("node 0 (mean"));
}

TEST_CASE("CVE-2020-15208: two tensors whose common side differs (out of bounds)") {
  CHECK_THAT(refusal(dense({2, 8})), Contains("node 0 (fully_connected"));
  CHECK_THAT(refusal(one_node_of(code::add, {computed({1, 4}), weights({1, 3}), computed({1, 4})}, "AddOptions")),
             Contains("node 0 (add"));
}

TEST_CASE("CVE-2020-15209: a constant whose buffer index was changed to the empty one (null pointer)") {
  RawModel model = convolution();
  model.tensors[1].data = {};
  CHECK_THAT(refusal(model), Contains("node 0 (conv_2d): uses tensor 1 before anything has made it"));
}

TEST_CASE("CVE-2020-15210: one tensor is both input and output of a node (use after free)") {
  RawModel model = pool(code::max_pool_2d, 1, 1);
  model.nodes[0].outputs = {0};
  CHECK_THAT(refusal(model), Contains("node 0 (max_pool_2d): makes tensor 0, which exists already"));
}

TEST_CASE("CVE-2020-15211: the index -1 of what is left out, where nothing may be (out of bounds)") {
  RawModel model = convolution();
  model.nodes[0].inputs[0] = -1;
  CHECK_THAT(refusal(model), Contains("node 0 (conv_2d") && Contains("its input is missing"));
  model = convolution();
  model.nodes[0].inputs[1] = -1;
  CHECK_THAT(refusal(model), Contains("node 0 (conv_2d"));
  model = convolution();
  model.nodes[0].outputs[0] = -1;
  CHECK_THAT(refusal(model), Contains("node 0 (conv_2d): names tensor -1"));
}

TEST_CASE("CVE-2020-15212, -15213, -15214: segment ids that are negative, huge or not sorted (out of bounds, memory)") {
  for (const std::vector<std::int32_t>& ids : {std::vector<std::int32_t>{-1, 0}, {0, INT32_MAX}, {1, 0}})
    CHECK_THAT(refusal(one_node_of(code::segment_sum, {computed({2, 4}), integers(ids), computed({2, 4})})),
               Contains("node 0 (segment_sum") && Contains("not supported"));
}

TEST_CASE("CVE-2021-29585: a stride of 0 where padding is worked out (division by zero)") {
  CHECK_THAT(refusal(convolution(strides(0, 1))), Contains("node 0 (conv_2d") && Contains("stride_h is 0"));
  CHECK_THAT(refusal(convolution(strides(1, 0))), Contains("node 0 (conv_2d") && Contains("stride_w is 0"));
}

TEST_CASE("CVE-2021-29586: a pool with a stride of 0 (division by zero)") {
  for (const int op : {code::average_pool_2d, code::max_pool_2d})
    CHECK_THAT(refusal(pool(op, 0, 2)), Contains("pool_2d") && Contains("stride_h is 0"));
}

TEST_CASE("CVE-2021-29587: space_to_depth with a block of 0 (division by zero)") {
  CHECK_THAT(refusal(one_node_of(code::space_to_depth, {computed({1, 4, 4, 2}), computed({1, 2, 2, 8})})),
             Contains("node 0 (space_to_depth"));
}

TEST_CASE("CVE-2021-29588: transpose_conv with a stride of 0 (division by zero)") {
  RawModel model =
      one_node_of(code::transpose_conv,
                  {computed({1, 4, 4, 2}), weights({3, 3, 3, 2}), integers({1, 8, 8, 3}), computed({1, 8, 8, 3})},
                  "TransposeConvOptions", strides(0, 0));
  model.nodes[0].inputs = {2, 1, 0};
  CHECK_THAT(refusal(model), Contains("node 0 (transpose_conv"));
}

TEST_CASE("CVE-2021-29589: gather_nd of an empty tensor (division by zero)") {
  CHECK_THAT(refusal(one_node_of(code::gather_nd, {computed({1, 0}), integers({0}), computed({1})})),
             Contains("tensor 0 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-29590: minimum and maximum with an empty tensor (out of bounds)") {
  for (const int op : {code::minimum, code::maximum})
    CHECK_THAT(refusal(one_node_of(op, {computed({1, 4}), {.shape = {0}}, computed({1, 4})})),
               Contains("tensor 1 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-29591: a while whose body is the graph itself, and nodes that wait for each other (no end)") {
  CHECK_THAT(refusal(one_node_of(code::while_loop, {computed({1, 4}), computed({1, 4})})), Contains("node 0 (while"));
  const RawModel circle{.tensors = {computed({1, 4}), computed({1, 4}), computed({1, 4})},
                        .nodes = {{.code = code::relu, .inputs = {2}, .outputs = {1}},
                                  {.code = code::relu, .inputs = {1}, .outputs = {2}}}};
  CHECK_THAT(refusal(circle), Contains("node 0 (relu): uses tensor 2 before anything has made it"));
}

TEST_CASE("CVE-2021-29592: reshape to a shape without data (null pointer)") {
  RawModel model = one_node_of(code::reshape, {computed({1, 4}), integers({4}), computed({4})}, "ReshapeOptions");
  CHECK(refusal(model) == "");
  model.tensors[1].data = {};
  CHECK_THAT(refusal(model), Contains("node 0 (reshape): uses tensor 1 before anything has made it"));
}

TEST_CASE("CVE-2021-29593, -29597: batch_to_space_nd and space_to_batch_nd with a block of 0 (division by zero)") {
  for (const int op : {code::batch_to_space_nd, code::space_to_batch_nd})
    CHECK_THAT(refusal(one_node_of(
                   op, {computed({1, 4, 4, 2}), integers({0, 0}), integers({0, 0, 0, 0}), computed({1, 4, 4, 2})})),
               Contains("node 0 (") && Contains("batch"));
}

TEST_CASE("CVE-2021-29594: a convolution whose divisors the file chooses (division by zero)") {
  for (const Shape& filter : {Shape{0, 3, 3, 2}, {3, 0, 3, 2}, {3, 3, 0, 2}, {3, 3, 3, 0}})
    CHECK_THAT(refusal(convolution(strides(1, 1), filter)), Contains("tensor 1 (tensor): has a side of 0"));
  Attributes dilated = strides(1, 1);
  dilated["dilation_h_factor"] = std::int64_t{0};
  CHECK_THAT(refusal(convolution(dilated)), Contains("node 0 (conv_2d") && Contains("dilation_h_factor is 0"));
}

TEST_CASE("CVE-2021-29595: depth_to_space with a block of 0 (division by zero)") {
  CHECK_THAT(refusal(one_node_of(code::depth_to_space, {computed({1, 4, 4, 4}), computed({1, 8, 8, 1})})),
             Contains("node 0 (depth_to_space"));
}

TEST_CASE("CVE-2021-29596, -29604: a lookup in a table without rows (division by zero)") {
  for (const int op : {code::embedding_lookup, code::hashtable_lookup})
    CHECK_THAT(refusal(one_node_of(op, {computed({1, 4}), {.shape = {0, 4}}, computed({1, 4})})),
               Contains("tensor 1 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-29598, -37681: svdf of rank 0, or whose state is no variable (division by zero, null pointer)") {
  CHECK_THAT(refusal(one_node_of(code::svdf, {computed({1, 4}), weights({2, 4}), weights({2, 3}), computed({1, 2})})),
             Contains("node 0 (svdf"));
}

TEST_CASE("CVE-2021-29599: split into 0 parts (division by zero)") {
  RawModel model = one_node_of(code::split, {computed({1, 4}), integers({1}), computed({1, 4})}, "SplitOptions",
                               {{"num_splits", std::int64_t{0}}});
  model.nodes[0].inputs = {1, 0};  // the axis comes first
  CHECK_THAT(refusal(model), Contains("node 0 (split"));
}

TEST_CASE("CVE-2021-29600: one_hot of indices of which there are none (division by zero)") {
  CHECK_THAT(refusal(one_node_of(code::one_hot, {computed({1, 0}), integers({4}), computed({1, 4})})),
             Contains("tensor 0 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-29601: concatenation of sides whose sum overflows (integer overflow)") {
  const auto joined = [](int side) {
    return refusal(one_node_of(code::concatenation, {computed({1, side}), computed({1, side}), computed({1, 4})},
                               "ConcatenationOptions", {{"axis", std::int64_t{1}}}));
  };
  CHECK_THAT(joined(INT32_MAX), Contains("tensor 0 (tensor): is larger than 256 MB"));
  CHECK_THAT(joined(1 << 28), Contains("before anything has made it"));
}

TEST_CASE("CVE-2021-29602: depthwise_conv_2d of an input without channels (division by zero)") {
  RawModel model = depthwise();
  model.tensors[0].shape = {1, 4, 4, 0};
  CHECK_THAT(refusal(model), Contains("tensor 0 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-29603: arg_max and arg_min along an axis that is not there (out of bounds)") {
  for (const int op : {code::arg_max, code::arg_min})
    for (const int axis : {9, -9})
      CHECK_THAT(refusal(one_node_of(op, {computed({1, 4}), integers({axis}), computed({1})})),
                 Contains("node 0 (arg_max") || Contains("node 0 (arg_min"));
}

TEST_CASE("CVE-2021-29605, CVE-2022-23558: a shape of more sides than an int counts bytes (integer overflow)") {
  CHECK_THAT(refusal(one_node_of(code::relu, {computed(Shape(1'000'000, 1)), computed({1})})),
             Contains("tensor 0 (tensor): has 1000000 dimensions; at most 6"));
}

TEST_CASE("CVE-2021-29606: split_v along an axis that is not there (out of bounds)") {
  CHECK_THAT(refusal(one_node_of(code::split_v, {computed({1, 4}), integers({4}), integers({9}), computed({1, 4})})),
             Contains("node 0 (split_v"));
}

TEST_CASE("CVE-2021-37680: fully_connected with weights for no inputs (division by zero)") {
  CHECK_THAT(refusal(dense({2, 0})), Contains("tensor 1 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-37682: integers without scales (uninitialized values)") {
  for (const int t : {0, 1, 2}) {
    RawModel model = depthwise();
    model.tensors[t].scale = {};
    model.tensors[t].zero_point = {};
    CHECK_THAT(refusal(model), Contains("node 0 (depthwise_conv_2d") && Contains("0 scales"));
  }
}

TEST_CASE("CVE-2021-37683: div by a constant 0 (division by zero)") {
  RawModel model = one_node_of(code::divide, {computed({1, 4}), weights({1, 4}), computed({1, 4})});
  model.tensors[1].data = Bytes(4, 0);
  CHECK_THAT(refusal(model), Contains("node 0 (div"));
}

TEST_CASE("CVE-2021-37684: pools of 0 cells (division by zero)") {
  for (const int op : {code::average_pool_2d, code::max_pool_2d, code::l2_pool_2d}) {
    CHECK_THAT(refusal(pool(op, 1, 0)), Contains("node 0 (") && Contains("pool_2d"));
    CHECK_THAT(refusal(pool(op, 0, 0)), Contains("node 0 (") && Contains("pool_2d"));
  }
}

TEST_CASE("CVE-2021-37685: expand_dims at -100000 (out of bounds)") {
  for (const int axis : {-100000, 100000})
    CHECK_THAT(refusal(one_node_of(code::expand_dims, {computed({1, 4}), integers({axis}), computed({1, 4, 1})})),
               Contains("node 0 (expand_dims"));
}

TEST_CASE("CVE-2021-37686: strided_slice with a new axis inside the ellipsis (no end), or with a stride of 0") {
  const auto slice = [](std::int64_t ellipsis, std::int64_t new_axis, int stride) {
    return refusal(one_node_of(
        code::strided_slice,
        {computed({1, 4, 4}), integers({0, 0, 0}), integers({1, 4, 4}), integers({1, stride, 1}), computed({7, 7})},
        "StridedSliceOptions", {{"ellipsis_mask", ellipsis}, {"new_axis_mask", new_axis}}));
  };
  CHECK_THAT(slice(2, 6, 1), Contains("node 0 (strided_slice"));
  CHECK_THAT(slice(7, 7, 1), Contains("node 0 (strided_slice"));
  CHECK_THAT(slice(0, 0, 0), Contains("node 0 (strided_slice"));
}

TEST_CASE("CVE-2021-37687, CVE-2022-35937, -35938, -35939: indices outside what they index (out of bounds)") {
  for (const int op : {code::gather, code::gather_nd, code::scatter_nd})
    for (const int index : {-1, 4})
      CHECK_THAT(refusal(one_node_of(op, {computed({4}), integers({index}), computed({1})})),
                 Contains("node 0 (") && Contains(op == code::scatter_nd ? "not supported" : "it takes slice"));
}

TEST_CASE("CVE-2021-37688: a dense layer of 0 units, then a relu (null pointer)") {
  const RawModel model{.tensors = {computed({1, 3}), {.shape = {0, 3}}, computed({1, 0}), computed({1, 0})},
                       .nodes = {{.code = code::fully_connected, .inputs = {0, 1, -1}, .outputs = {2}},
                                 {.code = code::relu, .inputs = {2}, .outputs = {3}}}};
  CHECK_THAT(refusal(model),
             Contains("tensor 1 (tensor): has a side of 0") && Contains("tensor 2") && Contains("tensor 3"));
}

TEST_CASE("CVE-2021-37689: a sum along no axes at all (null pointer)") {
  CHECK_THAT(refusal(one_node_of(code::sum, {computed({1, 4}), integers({}), computed({1, 4})}, "ReducerOptions")),
             Contains("tensor 1 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2021-37691: lsh_projection of a table without rows (division by zero)") {
  CHECK_THAT(refusal(one_node_of(code::lsh_projection, {computed({1, 4}), {.shape = {0, 4}}, computed({1, 4})})),
             Contains("tensor 1 (tensor): has a side of 0"));
}

TEST_CASE("CVE-2022-21741: depthwise_conv_2d with strides or dilations of 0 (division by zero)") {
  CHECK_THAT(refusal(depthwise(strides(0, 0))), Contains("node 0 (depthwise_conv_2d") && Contains("stride_h is 0"));
  for (const char* name : {"dilation_h_factor", "dilation_w_factor"}) {
    Attributes dilated = strides(1, 1);
    dilated[name] = std::int64_t{0};
    CHECK_THAT(refusal(depthwise(dilated)), Contains(fmt::format("{} is 0", name)));
  }
}

TEST_CASE("CVE-2022-23557: a bias of no values, or of another number than the channels (division by zero)") {
  const auto with_bias = [](int values) {
    RawModel model = convolution();
    model.tensors.insert(model.tensors.begin() + 2, integers(std::vector<std::int32_t>(values)));
    model.nodes[0].inputs = {0, 1, 2};
    model.nodes[0].outputs = {3};
    return refusal(model);
  };
  CHECK(with_bias(3) == "");
  CHECK_THAT(with_bias(0), Contains("tensor 2 (tensor): has a side of 0"));
  CHECK_THAT(with_bias(2), Contains("node 0 (conv_2d") && Contains("its bias"));
}

TEST_CASE("CVE-2022-23559: embedding_lookup_sparse of sizes whose product overflows (integer overflow)") {
  CHECK_THAT(refusal(one_node_of(code::embedding_lookup_sparse, {computed({1, 4}), weights({4, 4}), computed({1, 4})})),
             Contains("node 0 (embedding_lookup_sparse"));
}

TEST_CASE("CVE-2022-23560, -23561: sparse weights, which are indices into themselves (out of bounds)") {
  RawModel model = convolution();
  model.tensors[1].is_sparse = true;
  CHECK_THAT(refusal(model), Contains("tensor 1 (tensor): is sparse"));
}

TEST_CASE("CVE-2022-23562: a range of more values than an int counts (integer overflow)") {
  CHECK_THAT(refusal(one_node_of(code::range, {computed({1}), integers({INT32_MAX}), integers({1}), computed({1})})),
             Contains("node 0 (range"));
}

TEST_CASE("CVE-2022-29212: scales whose factor is above 1 are sound, and answered rightly (failed assertion)") {
  RawModel raw = one_node_of(code::fully_connected, {computed({1, 1}), weights({1, 1}), computed({1, 1})},
                             "FullyConnectedOptions");
  raw.tensors[0].scale = {4};
  CHECK(refusal(raw) == "");
  CHECK(reference_output(parse_tflite(written(raw), "sound.tflite"), Bytes{3}) == Bytes{12});
}

TEST_CASE("CVE-2022-36027: transpose_conv with scales per channel, and not as many as channels (null pointer)") {
  RawModel model =
      one_node_of(code::transpose_conv,
                  {computed({1, 4, 4, 2}), weights({3, 3, 3, 2}), integers({1, 8, 8, 3}), computed({1, 8, 8, 3})},
                  "TransposeConvOptions", strides(2, 2));
  model.nodes[0].inputs = {2, 1, 0};
  model.tensors[1].scale = {1, 1};
  model.tensors[1].zero_point = {0, 0};
  CHECK_THAT(refusal(model), Contains("tensor 1 (tensor): has 2 scales along dimension 0 of 3x3x3x2"));
}

TEST_CASE("CVE-2022-41894: conv_3d_transpose, whose bias was read beyond its end (out of bounds)") {
  CHECK_THAT(refusal(one_node_of(code::conv_3d_transpose,
                                 {computed({1, 2, 2, 2, 1}), weights({1, 1, 1, 1, 1}), computed({1, 2, 2, 2, 1})})),
             Contains("node 0 (conv_3d_transpose"));
}

TEST_CASE("CVE-2023-27579: a convolution whose filter has no channels, or more than its input (division by zero)") {
  CHECK_THAT(refusal(convolution(strides(1, 1), {3, 3, 3, 0})), Contains("tensor 1 (tensor): has a side of 0"));
  for (const int channels : {3, 4})
    CHECK_THAT(refusal(convolution(strides(1, 1), {3, 3, 3, channels})), Contains("node 0 (conv_2d"));
}
