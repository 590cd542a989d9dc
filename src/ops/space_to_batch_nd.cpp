// SpaceToBatchND: every so many cells along some dimensions become a batch of their own, after a padding of zeros;
// TensorFlow dilates convolutions so. BatchToSpaceND: the batches' cells between each other again, and a crop. Source:
// TensorFlow Lite, kernels/internal/reference/space_to_batch_nd.h and batch_to_space_nd.h.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr int block_operand = 1, margin_operand = 2;
static constexpr std::int64_t most_batches = 256, most_margin = 1 << 20;

static bool to_batch(const Node& node) { return node.op == "space_to_batch_nd"; }

/// Dimensions that are cut in blocks: those after the batch.
static int block_count(const Model& model, const Node& node) {
  return static_cast<int>(element_count(model.input(node, block_operand).shape));
}

static int block_along(const Model& model, const Node& node, int d) {
  return static_cast<int>(numbers_of(model, node, block_operand)[d - 1]);
}

/// Padding or crop before and after.
static int margin(const Model& model, const Node& node, int d, int side) {
  return static_cast<int>(numbers_of(model, node, margin_operand)[2 * (d - 1) + side]);
}

static std::int64_t batches_of(const Model& model, const Node& node) {
  std::int64_t batches = 1;
  for (const std::int64_t block : numbers_of(model, node, block_operand)) batches *= block;
  return batches;
}

static Problems check_numbers_of(const Model& model, const Node& node) {
  Problems wrong = check_numbers(model, node, block_operand, "block");
  if (!wrong.empty()) return wrong;
  const std::size_t rank = model.input(node, 0).shape.size(), blocks = block_count(model, node);
  if (blocks < 1 || blocks >= rank)
    return {fmt::format("it cuts {} dimensions of {}", blocks, text_of(model.input(node, 0).shape))};
  wrong = check_numbers(model, node, margin_operand, to_batch(node) ? "padding" : "crops",
                        2 * std::ssize(numbers_of(model, node, block_operand)));
  for (const std::int64_t block : numbers_of(model, node, block_operand))
    if (block < 1 || block > most_batches) wrong.push_back(fmt::format("its blocks are of {}", block));
  if (wrong.empty() && batches_of(model, node) > most_batches)
    wrong.push_back(
        fmt::format("its blocks make {} batches; at most {} are supported", batches_of(model, node), most_batches));
  return wrong;
}

static Problems check_margins(const Model& model, const Node& node) {
  for (const std::int64_t cells : numbers_of(model, node, margin_operand))
    if (cells < 0 || cells > most_margin)
      return {fmt::format("it {} by {}, not by 0 to {}", to_batch(node) ? "pads" : "crops", cells, most_margin)};
  const Shape& in = model.input(node, 0).shape;
  if (!to_batch(node) && in[0] % batches_of(model, node) != 0)
    return {fmt::format("its {} batches cannot be put together from {}", in[0], batches_of(model, node))};
  for (int d = 1; d <= block_count(model, node); ++d) {
    const std::int64_t block = block_along(model, node, d);
    const std::int64_t cells = margin(model, node, d, 0) + margin(model, node, d, 1);
    if (to_batch(node) ? (in[d] + cells) % block != 0 : in[d] * block <= cells)
      return {fmt::format("dimension {} of its input {} and {} of {} do not fit blocks of {}", d, text_of(in),
                          to_batch(node) ? "a padding" : "crops", cells, block)};
  }
  return {};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = gather({check_moved(model, node, 0), check_numbers_of(model, node)});
  return wrong.empty() ? check_margins(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  const std::int64_t batches = batches_of(model, node);
  shape[0] = static_cast<int>(to_batch(node) ? shape[0] * batches : shape[0] / batches);
  for (int d = 1; d <= block_count(model, node); ++d) {
    const std::int64_t block = block_along(model, node, d);
    const std::int64_t cells = margin(model, node, d, 0) + margin(model, node, d, 1);
    shape[d] = static_cast<int>(to_batch(node) ? (shape[d] + cells) / block : shape[d] * block - cells);
  }
  return shape;
}

/// The cells of one place in all blocks, along one dimension, in the batch that they are of: from cell `first` on
/// there, so many. `side` is that of the image between its margins, `offset` the place.
namespace {
struct Cells {
  int first, count;
};
}  // namespace

static Cells cells_in_batch(int side, int margin, int block, int offset) {
  const int first = std::max(0, (margin - offset + block - 1) / block);
  const int last = side - 1 + margin - offset;  // of the image, from this place on; negative: none
  return {first, last < 0 ? 0 : std::max(0, last / block - first + 1)};
}

/// All places of a block, as numbers along its dimensions.
static std::vector<Index> places_of(const Model& model, const Node& node) {
  Shape block;
  for (int d = 1; d <= block_count(model, node); ++d) block.push_back(block_along(model, node, d));
  std::vector<Index> places;
  for_each_index(block, [&](const Index& place) { places.push_back(place); });
  return places;
}

/// Of the cells of one place; none if all that it sees is margin.
static std::optional<Box> box_of(const Model& model, const Node& node, const Index& place, int number) {
  const Shape &in = model.input(node, 0).shape, &out = model.output(node).shape;
  Box box = whole_box(model, node);
  const int images = std::min(in[0], out[0]);
  box.sides[0].count = images;
  (to_batch(node) ? box.to : box.from)[0] = number * images;
  for (int d = 1; d <= block_count(model, node); ++d) {
    const int block = block_along(model, node, d), offset = place[d - 1], before = margin(model, node, d, 0);
    const auto [first, count] = cells_in_batch(to_batch(node) ? in[d] : out[d], before, block, offset);
    if (count == 0) return std::nullopt;
    box.sides[d].count = count;
    (to_batch(node) ? box.sides[d].step : box.sides[d].spread) = block;
    (to_batch(node) ? box.to : box.from)[d] = first;
    (to_batch(node) ? box.from : box.to)[d] = first * block + offset - before;
  }
  return box;
}

static Boxes boxes(const Model& model, const Node& node) {
  Boxes boxes;
  int number = 0;
  for (const Index& place : places_of(model, node))
    if (const std::optional<Box> box = box_of(model, node, place, number++)) boxes.push_back(*box);
  return boxes;
}

/// The other side's index of a value: of the batched side for one of the image, and back; none in a padding.
static std::optional<Index> source(const Model& model, const Node& node, const Index& index) {
  const Shape &in = model.input(node, 0).shape, &out = model.output(node).shape;
  const int images = std::min(in[0], out[0]);
  Index from = index;
  int number = to_batch(node) ? index[0] / images : 0;
  for (int d = block_count(model, node); d >= 1 && to_batch(node); --d) {
    const int block = block_along(model, node, d);
    from[d] = index[d] * block + number % block - margin(model, node, d, 0);
    if (from[d] < 0 || from[d] >= in[d]) return std::nullopt;
    number /= block;
  }
  for (int d = 1; d <= block_count(model, node) && !to_batch(node); ++d) {
    const int block = block_along(model, node, d), cell = index[d] + margin(model, node, d, 0);
    from[d] = cell / block;
    number = number * block + cell % block;
  }
  from[0] = to_batch(node) ? index[0] % images : number * images + index[0];
  return from;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::vector<std::uint8_t> zero = zero_of(model.output(node)).data;
  std::vector<std::uint8_t>& out = bytes[node.outputs[0]];
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = zero[i % zero.size()];
  move_values(model, bytes, node.inputs[0], node.outputs[0],
              [&](const Index& index) { return source(model, node, index); });
}

static bool has_padding(const Model& model, const Node& node) {
  const std::vector<std::int64_t> margins = numbers_of(model, node, margin_operand);
  return to_batch(node) && std::ranges::any_of(margins, [](std::int64_t cells) { return cells > 0; });
}

static Emitted emit(const Model& model, const Node& node) {
  const Boxes all = boxes(model, node);
  return has_padding(model, node) ? emit_copies_on(zero_of(model.output(node)), model, node, all)
                                  : emit_copies(model, node, all);
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "",
          .version = 2,
          .dtypes = "any",
          .check = check,
          .shape = shape,
          .rows = box_rows<boxes>,
          .reference = reference,
          .emit = emit,
          .quantization = {.output_as_input = true}};
}

extern const Operator space_to_batch_nd = operator_named("space_to_batch_nd");
extern const Operator batch_to_space_nd = operator_named("batch_to_space_nd");

}  // namespace dragonet
