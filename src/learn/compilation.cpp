#include "learn/compilation.h"

#include <fmt/format.h>

#include "board/costs.h"
#include "board/memory_map.h"
#include "compile/plan_picture.h"

namespace dragonet {

Compilation compile_for(const Model& model, const Board& board, const fs::path& folder, Optimize optimize) {
  Compilation compiled{.model = model.source,
                       .board = &board,
                       .folder = folder,
                       .build = build_for_board(model, board, folder, optimize)};
  compiled.problems = fit_problems(compiled.build, board);
  return compiled;
}

static Json compilation_json(const Compilation& compiled) {
  const EmittedModel& emitted = compiled.build.emitted;
  Json json{{"model", compiled.model},
            {"board", compiled.board->id},
            {"optimize", name_of(emitted.optimize)},
            {"fits", compiled.problems.empty()},
            {"macs", sum_of(emitted.dropped).macs},
            {"live_macs", sum_of(emitted.dropped).live_macs},
            {"dropped", dropped_json(emitted.dropped)},
            {"streamed", compiled.build.streamed},
            {"problems", problems_json(compiled.problems)}};
  json.update(image_json(compiled.build.image));
  json["ram"]["activations_lower_bound"] = emitted.plan.peak.bytes;
  json["folder"] = compiled.folder.string();
  return json;
}

Outcome outcome_of(const Compilation& compiled, const CompilationText& options) {
  const auto& [emitted, image, streamed] = compiled.build;
  Outcome outcome{.text = memory_map_text(image, *compiled.board, options.color),
                  .json = compilation_json(compiled),
                  .status = !compiled.problems.empty()};
  outcome.text +=
      "\n" + plan_text(emitted) + (options.explain ? "\n" + explanation(emitted) + dropped_text(emitted.dropped) : "");
  for (const Problem& problem : compiled.problems) outcome.text += "\ndoes not fit: " + sentence(problem);
  outcome.text += fmt::format("\n{} {}: {}\n{}: C++, firmware.bin, memory.svg, plan.svg",
                              compiled.problems.empty() ? "fits" : "does not fit", compiled.board->id, use_text(image),
                              fs::relative(compiled.folder).string());
  return outcome;
}

}  // namespace dragonet
