#include "compile/compile.h"
#include "cost.h"
#include "golden.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;

TEST_CASE("visual wake words is C++ in less than 3 seconds and 300 MB, from the file on", "[serial]") {
  const auto golden = find_golden("vww_96_int8");
  if (!golden) return;
  for (const Optimize optimize : {Optimize::speed, Optimize::balanced, Optimize::ram}) {
    const Cost cost = cost_of([&] {
      Model model = read_tflite(golden->model);
      model.name = "vww";
      compile_model(model, {optimize});
    });
    INFO(name_of(optimize) << ": " << cost.seconds << " s, " << cost.peak_mb << " MB");
    CHECK((cost.seconds < 3 || !costs_count));
    CHECK((cost.peak_mb < 300 || !costs_count));
  }
}
