#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "judge/compare.h"
#include "judge/table.h"
#include "judge/text.h"
#include "model/codec.h"
#include "ops/near.h"

namespace dragonet {
namespace {

const std::string& name_of_place(const SideBySide& both, const Place& place) { return tensor_of(both, place).name; }

std::string op_of_place(const SideBySide& both, const Place& place) {
  return place.input >= 0 ? "input" : both.b.nodes[place.node_b].op;
}

int count_dead(const Place& place) {
  int count = 0;
  for (std::size_t c = 0; c < place.extent_b.size(); ++c)
    count += place.count > place.extent_b.size() && place.extent_b[c].low == place.extent_b[c].high;
  return count;
}

ComparedLayer layer_of_place(const Comparison& models, std::size_t i) {
  const SideBySide& both = models.both;
  const Place& place = both.places[i];
  ComparedLayer layer{
      .name = name_of_place(both, place), .op = op_of_place(both, place), .shape = tensor_of(both, place).shape};
  if (!place.is_measured()) return layer;
  layer.sqnr_db = sum_of(place.whole).db();
  if (sum_of(place.alone).count > 0) {
    layer.alone_db = sum_of(place.alone).db();
    layer.expected_db = expected_db(both, place);
    if (*layer.alone_db < exact_db)
      for (const int c : worst_of(place.alone, 3)) layer.worst_channels.emplace_back(c, place.alone[c].db());
  }
  layer.saturated = static_cast<double>(place.saturated) / static_cast<double>(std::max<std::size_t>(place.count, 1));
  layer.dead_channels = count_dead(place);
  layer.channels = static_cast<int>(place.extent_b.size());
  const bool is_blamed = std::ranges::any_of(models.findings, [&](const Finding& finding) {
    return finding.is_fault && finding.place == static_cast<int>(i);
  });
  layer.equal = !is_blamed && (place.equal || !is_on_same_grids(both, place));
  return layer;
}

std::vector<ComparedLayer> layers_of_code(const Model& compiled) {
  std::vector<ComparedLayer> layers;
  for (const Node& node : compiled.nodes)
    layers.push_back({.name = compiled.output(node).name, .op = node.op, .shape = compiled.output(node).shape});
  return layers;
}

/// The compiled model may lack nodes that the file has: they are found by the tensor they make.
void add_code(std::vector<ComparedLayer>& layers, const FullComparison& full) {
  for (ComparedLayer& layer : layers) {
    layer.code.resize(full.code.size());
    for (const Node& node : full.compiled.nodes)
      if (full.compiled.output(node).name == layer.name && node.op == layer.op)
        for (std::size_t s = 0; s < full.code.size(); ++s) {
          layer.code[s] = full.code[s].equal[node.index];
          layer.equal &= layer.code[s].value_or(true);
        }
  }
}

std::string db_text(const std::optional<double>& db) {
  if (!db) return "";
  return *db >= exact_db ? "exact" : fmt::format("{:.1f}", *db);
}

std::string share_text(double share) {
  if (share <= 0) return "";
  return share < 0.001 ? "< 0.1 %" : fmt::format("{:.1f} %", 100 * share);
}

std::string code_text(const std::optional<bool>& equal) { return !equal ? "-" : *equal ? "equal" : "DIFFERS"; }

std::string worst_text(const ComparedLayer& layer) {
  if (layer.channels < 2) return "";
  std::vector<std::string> parts;
  for (const auto& [channel, db] : layer.worst_channels) parts.push_back(fmt::format("{}: {:.0f}", channel, db));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> heads_of(const FullComparison& full) {
  std::vector<std::string> heads{"operator", "output"};
  if (full.models)
    for (const char* head : {"dB", "alone", "expected", "cut off", "dead", "worst channels"}) heads.emplace_back(head);
  for (const CodeStage& stage : full.code) heads.push_back(stage.name);
  heads.emplace_back("layer");
  return heads;
}

std::vector<std::string> row_of(const FullComparison& full, const ComparedLayer& layer, const std::string& name) {
  std::vector<std::string> row{layer.op, text_of(layer.shape)};
  if (full.models)
    for (const std::string& cell :
         {db_text(layer.sqnr_db), db_text(layer.alone_db), db_text(layer.expected_db), share_text(layer.saturated),
          layer.dead_channels > 0 ? std::to_string(layer.dead_channels) : std::string(), worst_text(layer)})
      row.push_back(cell);
  for (const std::optional<bool>& equal : layer.code) row.push_back(code_text(equal));
  row.push_back((layer.equal ? "" : "! ") + name);
  return row;
}

std::string legend(const FullComparison& full) {
  std::string text;
  if (full.models)
    text +=
        "dB: signal-to-quantization-noise ratio against the first model, from the input on; alone: of this layer on "
        "the first model's "
        "inputs;\nexpected: what its conversion to int8 reaches; cut off: values beyond the range; dead: channels that "
        "never change\n";
  const bool has_none = std::ranges::any_of(full.code, [](const CodeStage& stage) {
    return std::ranges::any_of(stage.equal, [](const std::optional<bool>& equal) { return !equal; });
  });
  if (has_none) text += "-: nothing runs there, its bytes are its input's\n";
  return text;
}

/// Floats, which are rounded otherwise here and there, are held to ops/near.h.
std::string exactness(const Model& compiled) {
  const auto is_real = [&](const Node& node) { return compiled.output(node).dtype == DType::float32; };
  if (std::ranges::none_of(compiled.nodes, is_real)) return "byte for byte";
  return fmt::format("within {} of the largest value", real_tolerance);
}

std::string output_text(const FullComparison& full) {
  if (full.models->is_exact) return "equal, bit for bit, in every layer";
  const double db = sum_of(full.models->both.places.back().whole).db();
  return db >= exact_db ? "no fault found: the output is exact"
                        : fmt::format("no fault found: the output reaches {:.1f} dB", db);
}

std::string all_is_well(const FullComparison& full) {
  std::string text = full.models ? output_text(full) : "";
  for (const CodeStage& stage : full.code)
    text += fmt::format("{}{}: equal to the reference, {}, in every layer", text.empty() ? "" : "\n", stage.name,
                        exactness(full.compiled));
  return text;
}

std::vector<Problem> problems_of(const FullComparison& full, bool are_faults) {
  std::vector<Problem> problems;
  if (!full.models) return problems;
  const SideBySide& both = full.models->both;
  for (const Finding& finding : full.models->findings) {
    const Place& place = both.places[finding.place];
    if (finding.is_fault == are_faults)
      problems.push_back(
          {fmt::format("{} ({})", name_of_place(both, place), op_of_place(both, place)), finding.what, finding.next});
  }
  return problems;
}

}  // namespace

std::vector<Problem> remarks(const FullComparison& full) { return problems_of(full, false); }

bool FullComparison::is_equal() const {
  return (!models || models->is_equal()) &&
         std::ranges::none_of(code, [](const CodeStage& stage) { return stage.difference.has_value(); });
}

std::vector<ComparedLayer> layers_of(const FullComparison& full) {
  std::vector<ComparedLayer> layers;
  if (full.models)
    for (std::size_t i = 0; i < full.models->both.places.size(); ++i) layers.push_back(layer_of_place(*full.models, i));
  else
    layers = layers_of_code(full.compiled);
  add_code(layers, full);
  return layers;
}

std::vector<Problem> verdict(const FullComparison& full) {
  std::vector<Problem> problems = problems_of(full, true);
  for (const CodeStage& stage : full.code)
    if (stage.difference) {
      const Node& node = full.compiled.nodes[stage.difference->node];
      problems.push_back({fmt::format("{} ({})", full.compiled.output(node).name, node.op), stage.difference->what,
                          stage.difference->next});
    }
  return problems;
}

std::string comparison_text(const FullComparison& full) {
  std::vector<std::vector<std::string>> rows{heads_of(full)};
  const std::vector<ComparedLayer> layers = layers_of(full);
  std::vector<std::string> names;
  for (const ComparedLayer& layer : layers) names.push_back(layer.name);
  names = cut_names(names, 40);
  for (std::size_t i = 0; i < layers.size(); ++i) rows.push_back(row_of(full, layers[i], names[i]));
  std::string text = full.b.empty() ? fmt::format("{}, {} vectors\n", full.a, full.vectors)
                                    : fmt::format("{} against {}, {} vectors\n", full.a, full.b, full.vectors);
  const std::size_t numbers = full.models ? 7 : 0;
  std::vector<bool> right(2 + numbers);
  std::fill(right.begin() + 2, right.end(), true);
  if (full.models) right[7] = false;
  text += table_text(rows, right) + legend(full);
  for (const std::string& note : full.notes) text += "note: " + note + "\n";
  for (const Problem& problem : remarks(full)) text += "worth knowing: " + sentence(problem) + "\n";
  const std::vector<Problem> problems = verdict(full);
  if (problems.empty()) return text + "\n" + all_is_well(full);
  text += problems.size() == 1 ? "\nIt differs:" : "\nIt differs; the likeliest cause first:";
  for (const Problem& problem : problems) text += "\n  " + sentence(problem);
  return text;
}

}  // namespace dragonet
