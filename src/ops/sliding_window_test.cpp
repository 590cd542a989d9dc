#include "ops/sliding_window.h"

#include <catch2/catch.hpp>
#include <set>

#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

struct Side {  // of a window over a square image, alike in both directions
  int in, kernel, stride, dilation, padding;
  int reach() const { return (kernel - 1) * dilation + 1; }
};

std::vector<Side> all_sides() {
  std::vector<Side> sides;
  for (int in = 1; in <= 9; ++in)
    for (int kernel = 1; kernel <= 4; ++kernel)
      for (int stride = 1; stride <= 3; ++stride)
        for (int dilation = 1; dilation <= 2; ++dilation)
          for (const int padding : {same, valid}) sides.push_back({in, kernel, stride, dilation, padding});
  return sides;
}

/// Weights of 1 and an output that does not saturate: a cell of 1 shows wherever it is read.
OneNode node_of(const std::string& op, const Side& side) {
  OneNode one{.op = op, .in = {1, side.in, side.in, 1}, .attributes = window_attributes(side.padding, side.stride)};
  if (op.ends_with("pool_2d")) {
    one.attributes = pool_attributes(side.padding, side.kernel, side.stride);
    return one;
  }
  one.attributes["dilation_h_factor"] = one.attributes["dilation_w_factor"] = std::int64_t{side.dilation};
  one.weights_shape = {1, side.kernel, side.kernel, 1};
  one.weights.assign(side.kernel * side.kernel, 1);
  return one;
}

bool fits(const Side& side) { return side.padding == same || side.reach() <= side.in; }

}  // namespace

// Source: tf.nn documentation, "Notes on padding":
//   SAME   out = ceil(in / stride); padding = max(filter - (in % stride ? in % stride : stride), 0), half of it before
//   VALID  out = ceil((in - filter + 1) / stride)
TEST_CASE("a window's output sides and padding are those of TensorFlow's documentation") {
  for (const Side& side : all_sides()) {
    if (!fits(side)) continue;
    const Model model = one_node(node_of("conv_2d", side));
    const Window window = window_of(model, model.nodes[0], side.kernel, side.kernel, 1);
    const int left = side.in % side.stride ? side.in % side.stride : side.stride;
    const double covered = side.padding == same ? side.in : side.in - side.reach() + 1;
    INFO(side.in << ", kernel " << side.kernel << ", stride " << side.stride << ", dilation " << side.dilation);
    CHECK(window.out_h == std::ceil(covered / side.stride));
    CHECK(window.out_w == window.out_h);
    CHECK(window.pad_top == (side.padding == same ? std::max(side.reach() - left, 0) / 2 : 0));
    CHECK(window.pad_left == window.pad_top);
  }
}

TEST_CASE("a window with VALID padding is refused wherever the input does not hold it whole") {
  for (const Side& side : all_sides()) {
    if (side.padding == same) continue;
    OneNode one = node_of("conv_2d", side);
    if (!fits(side)) one.out = {1, 1, 1, 1};
    INFO(side.in << ", kernel " << side.kernel << ", stride " << side.stride << ", dilation " << side.dilation);
    CHECK((refusal_of(one_node(one)) == "") == fits(side));
  }
}

/// The input rows on which output row y depends: those where a row of 64s, all else 0, shows in it.
static std::set<int> rows_read(const Model& model, int y) {
  const Shape &in = model.tensors[0].shape, &out = model.tensors.back().shape;
  std::set<int> read;
  for (int row = 0; row < in[1]; ++row) {
    Bytes input(model.tensors[0].bytes());
    std::fill_n(input.begin() + row * in[2], in[2], std::uint8_t{64});
    const Bytes output = reference_output(model, input);
    if (std::any_of(output.begin() + y * out[2], output.begin() + (y + 1) * out[2], [](int q) { return q != 0; }))
      read.insert(row);
  }
  return read;
}

static void check_row_rule(const std::string& op) {
  for (const Side& side : all_sides()) {
    if (!fits(side) || (side.dilation > 1 && op.ends_with("pool_2d"))) continue;
    const Model model = one_node(node_of(op, side));
    for (int y = 0; y < model.tensors.back().shape[1]; ++y) {
      const Rows rows = find_operator(op)->rows(model, model.nodes[0], 0, y);
      const int last = rows.first + rows.count - 1;
      const std::set<int> read = rows_read(model, y);
      INFO(side.in << ", kernel " << side.kernel << ", stride " << side.stride << ", dilation " << side.dilation
                   << ", row " << y);
      if (side.dilation == 1) REQUIRE(!read.empty());
      if (read.empty()) continue;  // dilated taps can straddle the image
      CHECK((rows.first <= *read.begin() && *read.rbegin() <= last));
      CHECK((rows.first < 0 || read.contains(rows.first)));
      CHECK((last >= side.in || read.contains(last)));
    }
  }
}

TEST_CASE("conv_2d's row rule names the first and the last row that it reads") { check_row_rule("conv_2d"); }
TEST_CASE("depthwise_conv_2d's row rule names the first and the last row that it reads") {
  check_row_rule("depthwise_conv_2d");
}
TEST_CASE("average_pool_2d's row rule names the first and the last row that it reads") {
  check_row_rule("average_pool_2d");
}
TEST_CASE("max_pool_2d's row rule names the first and the last row that it reads") { check_row_rule("max_pool_2d"); }
