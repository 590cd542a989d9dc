// The figures that the README names: MLPerf Tiny's models, unchanged, in least RAM on the virtual MKR Zero. They are
// repeatable to the byte, so one that grows is a regression.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "program.h"

using namespace dragonet;

namespace {

struct Figures {
  const char *model, *board;
  int activations, total;  // bytes
};

constexpr std::size_t most_vectors = 4;  // all of them, as C++ on this machine: emitted_golden_test.cpp

nlohmann::json run_golden(const testing::Golden& golden, const std::string& board) {
  const TemporaryFolder home;
  const auto write_first = [&](const char* name, const std::vector<Bytes>& vectors) {
    Bytes all;
    for (std::size_t v = 0; v < std::min(most_vectors, vectors.size()); ++v)
      all.insert(all.end(), vectors[v].begin(), vectors[v].end());
    write_file(home.path() / name, all);
  };
  write_first("inputs.bin", golden.inputs);
  write_first("outputs.bin", golden.outputs);
  return testing::json_of(home.path(), "run " + fs::absolute(golden.model).string() + " --board " + board +
                                           " --optimize ram --inputs inputs.bin --expect outputs.bin");
}

}  // namespace

TEST_CASE("golden models run on a virtual board in the RAM that is claimed, byte for byte") {
  for (const Figures& figures :
       {Figures{"vww_96_int8", "mkrzero", 10'692, 11'400}, Figures{"pretrainedResnet_quant", "mkrzero", 9'188, 9'700},
        Figures{"kws_ref_model", "mkrzero", 4'040, 4'500}, Figures{"ad01_int8", "virtual-m0plus", 784, 1'850},
        Figures{"micro_speech_quantized", "virtual-m0plus", 2'224, 4'600}}) {
    const auto golden = testing::find_golden(figures.model);
    if (!golden) continue;
    INFO(figures.model);
    const nlohmann::json ran = run_golden(*golden, figures.board);
    CHECK(ran["equal"] == true);
    CHECK(ran["ram"]["activations"] <= figures.activations);
    CHECK(ran["ram"]["total"] <= figures.total);
    CHECK(ran["flash"]["total"] <= ran["flash"]["limit"]);
  }
}
