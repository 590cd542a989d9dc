#include "compile/plan_picture.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <regex>

#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Matchers::Contains;

/// Two convolutions, then the maximum of everything.
static EmittedModel emitted_chain(Optimize optimize) {
  RandomModels random(31);
  Model model = random.chain();
  while (model.nodes.size() < 5) model = random.chain();
  return compile_model(model, {optimize});
}

static std::size_t count(const std::string& text, const std::string& what) {
  std::size_t times = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++times;
  return times;
}

TEST_CASE("the plan's picture has a labelled block for every block, and the peak marked") {
  const EmittedModel emitted = emitted_chain(Optimize::ram);
  const std::string svg = plan_svg(emitted);
  CHECK(count(svg, "<title>") == emitted.plan.blocks.size());
  CHECK_THAT(svg, Contains(fmt::format("peak: {} B alive", emitted.plan.peak.bytes)));
  CHECK_THAT(svg, Contains(", row 0: ") && Contains("00 "));
}

TEST_CASE("in characters no line is wider than asked for, and what lies at the arena's start is drawn") {
  const EmittedModel emitted = emitted_chain(Optimize::balanced);
  const std::string text = plan_text(emitted, 60);
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) < text.find("peak"); at = end + 1)
    CHECK(end - at <= 60);
  CHECK(std::regex_search(text, std::regex("0 B \\|[^\n]*[0-9.]")));
}

TEST_CASE("the explanation names every band, and shares that add up to the peak") {
  const EmittedModel emitted = emitted_chain(Optimize::ram);
  const std::string text = explanation(emitted);
  CHECK(count(text, "at most") == emitted.plan.bands.size());
  std::size_t sum = 0;
  for (const Share& share : shares_of_peak(emitted.plan)) sum += share.bytes;
  CHECK(sum == emitted.plan.peak.bytes);
}
