#include "judge/compare_json.h"

namespace dragonet {

static Json located_json(const Problem& problem) {
  return {{"layer", problem.where}, {"what", problem.what}, {"next", problem.next}};
}

static Json layer_json(const FullComparison& full, const ComparedLayer& layer) {
  Json json{{"name", layer.name},
            {"op", layer.op},
            {"shape", layer.shape},
            {"sqnr_db", json_or_null(layer.sqnr_db)},
            {"equal", layer.equal}};
  if (full.models) {
    json["alone_db"] = json_or_null(layer.alone_db);
    json["expected_db"] = json_or_null(layer.expected_db);
    json["saturated"] = layer.saturated;
    json["dead_channels"] = layer.dead_channels;
    json["worst_channels"] = Json::array();
    for (const auto& [channel, db] : layer.worst_channels)
      json["worst_channels"].push_back({{"channel", channel}, {"alone_db", db}});
  }
  for (std::size_t s = 0; s < full.code.size(); ++s) json["code"][full.code[s].name] = json_or_null(layer.code[s]);
  return json;
}

Json comparison_json(const FullComparison& full) {
  Json json{{"equal", full.is_equal()}, {"a", full.a}, {"vectors", full.vectors}};
  if (!full.b.empty()) json["b"] = full.b;
  if (full.models) json["exact"] = full.models->is_exact;
  const std::vector<Problem> problems = verdict(full);
  if (!problems.empty()) json["first_difference"] = located_json(problems[0]);
  json["differences"] = Json::array();
  for (const Problem& problem : problems) json["differences"].push_back(located_json(problem));
  json["remarks"] = Json::array();
  for (const Problem& problem : remarks(full)) json["remarks"].push_back(located_json(problem));
  json["notes"] = full.notes;
  json["layers"] = Json::array();
  for (const ComparedLayer& layer : layers_of(full)) json["layers"].push_back(layer_json(full, layer));
  return json;
}

}  // namespace dragonet
