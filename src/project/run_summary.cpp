#include "project/run_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "base/error.h"
#include "project/toml_section.h"

namespace dragonet {

static constexpr const char* remade = "what the folder holds besides is listed; remove it, or put it back from a copy";

fs::path summary_file(const Run& run) { return run.folder / "summary.json"; }

static Json::json_pointer pointer_to(const std::string& name) { return Json::json_pointer("/" + name); }

template <typename T>
static Json json_of(const T& value) {
  return value;
}
template <typename T>
static Json json_of(const std::optional<T>& value) {
  return json_or_null(value);
}

static std::optional<double> value_of(const RunScore& score, const std::string& key) {
  const auto found = std::ranges::find_if(score, [&](const Measure& measure) { return measure.key == key; });
  return found == score.end() ? std::nullopt : found->value;
}

/// of.
std::optional<Interval> interval_of(const RunScore& score, const Measure& measure) {
  if (!measure.with_bounds) return std::nullopt;
  const std::string name = measure.key, interval = name.substr(0, name.rfind("/value"));
  const auto low = value_of(score, interval + "/low"), high = value_of(score, interval + "/high");
  if (low && high) return Interval{*measure.value, *low, *high};
  if (!value_of(score, "groups")) return std::nullopt;
  return Interval{.value = *measure.value, .unknown = "too few groups"};
}

/// Beside bounds that cannot be known stands why.
static void add_unknown(Json& json, const std::string& model, const RunScore& score) {
  for (const Measure& measure : score) {
    const auto interval = measure.value ? interval_of(score, measure) : std::nullopt;
    if (!interval || interval->is_known()) continue;
    json[pointer_to(model + "/" + measure.key).parent_pointer()]["unknown"] = interval->unknown;
  }
}

Json summary_json(const RunSummary& run) {
  Json json;
  for_each_field(run, [&](const std::string& name, const auto& value) { json[pointer_to(name)] = json_of(value); });
  add_unknown(json, "float", run.real);
  add_unknown(json, "int8", run.int8);
  json["settings"] = run.settings;
  return json;
}

template <typename T>
static void take(const Json& json, T& value) {
  value = json.get<T>();
}
template <typename T>
static void take(const Json& json, std::optional<T>& value) {
  if (!json.is_null()) value = json.get<T>();
}

static RunSummary summary_from(const Json& json) {
  RunSummary run;
  for_each_field(run, [&](const std::string& name, auto& value) {
    if (json.contains(pointer_to(name))) take(json.at(pointer_to(name)), value);
  });
  if (json.contains("settings")) run.settings = json.at("settings").get<std::map<std::string, std::string>>();
  return run;
}

static std::string text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());  // not 0.10000000000000001
  std::ostringstream stream;
  stream << toml::node_view(node);
  return stream.str();
}

/// "Conv2D, filters = 8, kernel_size = 3"
static std::string layer_text(const toml::table& layer) {
  std::string text = layer["type"].value_or(std::string());
  for (const auto& [key, node] : layer)
    if (key != "type") text += fmt::format(", {} = {}", key.str(), text_of(node));
  return text;
}

using Settings = std::map<std::string, std::string>;

static void add_layers(const toml::array& layers, const std::string& name, Settings& settings) {
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (const toml::table* layer = layers[i].as_table())
      settings[fmt::format("{}.{:02}", name, i + 1)] = layer_text(*layer);
}

static void add_settings(const toml::table& table, const std::string& prefix, Settings& settings) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (node.is_table())
      add_settings(*node.as_table(), name + ".", settings);
    else if (node.is_array_of_tables())
      add_layers(*node.as_array(), name, settings);
    else
      settings[name] = text_of(node);
  }
}

Settings settings_in(const std::string& text) try {
  Settings settings;
  add_settings(parse_toml(text, "dragonet.toml"), "", settings);
  return settings;
} catch (const Error&) {
  return {};
}

static std::string network_text(const std::map<std::string, std::string>& settings) {
  const auto layers =
      std::ranges::count_if(settings, [](const auto& s) { return s.first.starts_with("model.layers"); });
  return layers ? fmt::format("{} layers", layers) : "default";
}

void take_settings(RunSummary& summary, const std::string& toml) {
  summary.settings = settings_in(toml);
  summary.kind = summary.settings["kind"];
  summary.network = network_text(summary.settings);
}

static void take_record(RunSummary& summary, const RunRecord& record) {
  summary.epochs = static_cast<int>(record.history.size());
  summary.data_hash = record.data_hash;
  summary.model_hash = record.model_hash;
}

/// Of a folder without a summary, as older versions of Dragonet made them, or with one that cannot be read.
static RunSummary derived_summary(const Run& run, const std::string& problem = "") {
  RunSummary summary{.number = run.number, .state = "running", .problem = problem};
  try {
    if (const fs::path toml = run.folder / "dragonet.toml"; fs::exists(toml)) take_settings(summary, read_text(toml));
    if (!run.is_finished()) return summary;
    summary.state = fs::exists(run.checkpoint()) ? "stopped" : "finished";
    take_record(summary, read_record(run));
  } catch (const Error& error) {
    summary.problem = error.what();
  }
  return summary;
}

static const char* const states[] = {"running", "finished", "stopped", "failed"};

/// Anybody may have edited it: what no run says is no summary.
static void require_sound(const RunSummary& summary, const fs::path& file) {
  if (std::ranges::find(states, summary.state) == std::end(states))
    throw Error({file.string(), fmt::format("there is no state `{}`", summary.state), remade});
  if (summary.epochs.value_or(0) < 0 || summary.ram_bytes.value_or(0) < 0 || summary.flash_bytes.value_or(0) < 0)
    throw Error({file.string(), "a number of epochs or bytes is below zero", remade});
}

static RunSummary saved_summary(const Run& run) try {
  RunSummary summary = summary_from(Json::parse(read_text(summary_file(run))));
  summary.number = run.number;  // the folder may have been renamed
  require_sound(summary, summary_file(run));
  return summary;
} catch (const Json::exception& error) {
  throw Error({summary_file(run).string(), fmt::format("cannot be understood: {}", error.what()), remade});
}

RunSummary summary_of(const Run& run) try {
  return fs::exists(summary_file(run)) ? saved_summary(run) : derived_summary(run);
} catch (const Error& error) {
  return derived_summary(run, error.what());
}

static bool is_same(const Settings& a, const Settings& b, const std::string& name) {
  const auto in_a = a.find(name), in_b = b.find(name);
  return in_a != a.end() && in_b != b.end() && in_a->second == in_b->second;
}

std::vector<std::string> differing_settings(const std::vector<RunSummary>& runs) {
  std::set<std::string> differing;
  for (const RunSummary& run : runs)
    for (const auto& [name, value] : run.settings)
      if (!std::ranges::all_of(runs, [&](const auto& other) { return is_same(run.settings, other.settings, name); }))
        differing.insert(name);
  return {differing.begin(), differing.end()};
}

}  // namespace dragonet
