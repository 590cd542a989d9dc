// How much of other people's models cannot matter, against an analysis that was made independently of this one. That
// one lets the padding's zero stand under any tap of a window that pads, not only where the border lies, and counts as
// computed what only unread channels need: so it finds a little less in visual wake words, and never more.
#include <catch2/catch.hpp>

#include "compile/dropped_layers.h"
#include "compile/passes.h"
#include "golden.h"
#include "ops/run_reference.h"
#include "tflite/tflite.h"

using namespace dragonet;

TEST_CASE("of visual wake words half of the MACs and most of the weights are not computed") {
  const auto golden = testing::find_golden("vww_96_int8");
  if (!golden) return;
  const DroppedOfLayer sum = sum_of(dropped_of_layers(read_tflite(golden->model)));
  constexpr std::int64_t independent_macs = 3'694'599, independent_weights = 176'288;
  CHECK(sum.macs == 7'489'664);
  CHECK(sum.weights == 208'112);
  CHECK(sum.macs - sum.live_macs == 3'762'351);
  CHECK(sum.weights - sum.live_weights == 179'046);
  CHECK(sum.macs - sum.live_macs >= independent_macs);
  CHECK(sum.weights - sum.live_weights >= independent_weights);
}

TEST_CASE("of the other three models of MLPerf Tiny everything matters") {
  for (const char* name : {"kws_ref_model", "pretrainedResnet_quant", "ad01_int8"})
    if (const auto golden = testing::find_golden(name)) {
      const DroppedOfLayer sum = sum_of(dropped_of_layers(read_tflite(golden->model)));
      INFO(name);
      CHECK(sum.live_macs == sum.macs);
      CHECK(sum.live_weights == sum.weights);
    }
}

TEST_CASE("visual wake words without its dead channels gives the golden outputs, layer by layer too") {
  const auto golden = testing::find_golden("vww_96_int8");
  if (!golden) return;
  const Model whole = read_tflite(golden->model);
  const LiveModel live = without_dead_channels(whole);
  int compared = 0;
  for (std::size_t v = 0; v < golden->inputs.size(); ++v) {
    const TensorBytes bytes = run_reference(live.model, golden->inputs[v]);
    CHECK(bytes[whole.outputs[0]] == golden->outputs[v]);
    for (const Node& node : whole.nodes)
      if (const auto all = with_dropped_channels(whole, live, node.outputs[0], bytes[node.outputs[0]])) {
        CHECK(testing::crc32_of(*all) == golden->layer_crcs[v][node.index]);
        ++compared;
      }
  }
  CHECK(compared == 26 * static_cast<int>(golden->inputs.size()));  // five layers make channels that nobody reads
}
