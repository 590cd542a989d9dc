#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "board/firmware.h"
#include "judge/metrics.h"
#include "train/train.h"

namespace dragonet {

/// A wrong answer, with a picture of what was asked about: the file itself, or the features as the model saw them.
struct Mistake {
  std::string file, truth, predicted;
  double confidence = 0;  // 0..1, in the wrong answer
  Bytes image;
};

struct LayerRow {
  std::string name, op;
  std::int64_t macs = 0;
  std::uint64_t instructions = 0, cycles = 0;
};

/// The scores of an anomaly model, and the one above which it takes a sample for an anomaly.
struct AnomalyScores {
  std::vector<double> normals, anomalies;
  double threshold = 0;
};

/// All that the page shows of one run. A section whose fields are empty is left out.
struct Report {
  std::string title;               // "dragons"
  std::string model, board, date;  // as they are to be printed
  std::vector<std::string> labels;
  std::string positive;  // the label that it is all about: "dragon"; empty: all alike
  std::string unit =
      "group";          // what the test's groups are: "unit", "speaker"; samples of one never stand on both sides
  bool grouped = true;  // false: each sample was a group of its own
  std::string samples;  // the folder that they are all in; "": they are the project's own, and the model never saw them

  std::string measured;                         // a verdict on what no labels are; then none of the scores below
  std::vector<std::vector<std::string>> table;  // with it: how good the model is, its first row the heading

  AnomalyScores anomalies;  // drawn as two histograms; none: of another task

  Score int8;  // on the test's samples
  std::optional<Score> float32, board_score;
  std::string remark;                    // on these scores, such as what int8 loses; "": none
  std::optional<Interval> random_split;  // balanced accuracy that a random split would have claimed
  std::vector<Epoch> history;

  bool fits = true;
  FlashUse flash;
  RamUse ram;
  std::string memory_map_svg;  // a whole file; shown as a picture, so that its style and ids stay its own
  std::vector<std::pair<std::string, std::uint32_t>> largest_constants;  // bytes by layer, the largest first
  std::vector<LayerRow> layers;
  double ms = 0;                               // of one inference on the board
  std::uint64_t instructions = 0, cycles = 0;  // likewise: of the layers, and of what leads from one to the next

  std::size_t mistakes_total = 0;
  std::vector<Mistake> mistakes;                                // the first 48 are shown
  std::vector<std::pair<std::string, std::string>> provenance;  // "seed" -> "1", "samples (SHA-256)" -> "3f2a..."
  std::string command, settings;                                // what repeats the run; the text of dragonet.toml
};

/// What the model can do in one honest sentence: "Knows a dragon 91 % of the time (84–96), ..."; plain text.
std::string verdict(const Report& report);

/// One self-contained page: no script, no address outside it; light, dark and for printing.
std::string report_html(const Report& report);

}  // namespace dragonet
