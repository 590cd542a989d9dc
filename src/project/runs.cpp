#include "project/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "tflite/tflite.h"

namespace dragonet {

static bool is_number(const std::string& name) {
  const bool digits = std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
  return digits && !name.empty() && name.size() < 9 && name[0] != '0';
}

std::vector<Run> runs_in(const fs::path& folder) {
  std::vector<Run> runs;
  if (!fs::is_directory(folder)) return runs;
  for (const auto& entry : fs::directory_iterator(folder))
    if (const std::string name = entry.path().filename(); is_number(name) && entry.is_directory())
      runs.push_back({std::stoi(name), entry.path()});
  std::ranges::sort(runs, {}, &Run::number);
  return runs;
}

static std::vector<Run> runs_of(const Project& project) { return runs_in(project.folder / "runs"); }

Run next_run(const Project& project) {
  const std::vector<Run> runs = runs_of(project);
  const int number = runs.empty() ? 1 : runs.back().number + 1;
  return {number, project.folder / "runs" / std::to_string(number)};
}

static std::optional<Run> newest_of(const std::vector<Run>& runs, const std::function<bool(const Run&)>& is_wanted) {
  const auto found = std::find_if(runs.rbegin(), runs.rend(), is_wanted);
  return found == runs.rend() ? std::nullopt : std::optional(*found);
}

std::optional<Run> find_latest_run(const Project& project) {
  return newest_of(runs_of(project), [](const Run& run) { return run.is_finished(); });
}

Run latest_run(const Project& project) {
  if (const auto run = find_latest_run(project)) return *run;
  throw Error({project.folder.string(), "there is no trained model yet", "`dragonet train` makes one"});
}

Run newest_run(const Project& project) {
  const std::vector<Run> runs = runs_of(project);
  if (runs.empty())
    throw Error({project.folder.string(), "there is no run to go on with", "`dragonet train` begins one"});
  const auto saved = newest_of(runs, [](const Run& run) { return fs::exists(run.checkpoint()) || run.is_finished(); });
  return saved.value_or(runs.back());
}

/// "shake/1.csv", "all.csv, 3 to 4.5, window 2"
static std::string name_of(const Sample& sample) {
  std::string name = sample.path.generic_string();
  if (sample.last_s > 0) name += fmt::format(", {} to {}", sample.first_s, sample.last_s);
  if (sample.window > 0) name += fmt::format(", window {}", sample.window + 1);
  return name;
}

std::vector<std::string> paths_of(const Samples& samples, const Indices& indices) {
  std::vector<std::string> paths;
  for (const int i : indices) paths.push_back(name_of(samples.dataset.samples[i]));
  return paths;
}

static constexpr const char* new_run = "put it back from a copy; `dragonet train` makes a new run";

static Json history_json(const std::vector<Epoch>& history) {
  Json list = Json::array();
  for (const Epoch& epoch : history)
    list.push_back({{"epoch", epoch.number},
                    {"train_loss", epoch.train_loss},
                    {"train_accuracy", epoch.train_accuracy},
                    {"validation_loss", epoch.validation_loss},
                    {"validation_accuracy", epoch.validation_accuracy},
                    {"best", epoch.best},
                    {"waiting", epoch.waiting},
                    {"train_error", epoch.train_error},
                    {"validation_error", epoch.validation_error}});
  return list;
}

static Json record_json(const RunRecord& record) {
  Json json{{"seed", record.seed},
            {"data_hash", record.data_hash},
            {"model_hash", record.model_hash},
            {"split", {{"train", record.train}, {"validation", record.validation}, {"test", record.test}}},
            {"history", history_json(record.history)}};
  if (!record.qat_history.empty()) json["qat_history"] = history_json(record.qat_history);
  if (const auto& [model, hash] = record.initial_weights; !model.empty())
    json["from"] = {{"model", model}, {"hash", hash}};
  if (record.held_out_parts > 0) json["held_out_parts"] = record.held_out_parts;
  json["files"] = record.files;
  return json;
}

void save_run(const Run& run, const Project& project, const RunRecord& trained, const Model& real, const Model& int8) {
  FileSet files;
  RunRecord record = trained;
  for (const auto& [path, model] : {std::pair{run.real_model(), &real}, {run.model(), &int8}}) {
    const Bytes bytes = serialize_tflite(*model);
    record.files[path.filename()] = sha256_of(bytes);
    files.add(path, bytes);
  }
  files.add(run.folder / "dragonet.toml", project_text(project));
  files.add(run.folder / "run.json", json_text(record_json(record)));
  fs::remove(run.folder / "run.json");  // of a training that was stopped: a half exchanged set must not pass for a run
  files.commit();
}

/// JSON has null for a loss that is not a number.
static double real_of(const Json& value) { return value.is_null() ? std::nan("") : value.get<double>(); }

/// Epochs count up from 1: anybody may have edited them, and charts are drawn of them.
static void require_sound(const std::vector<Epoch>& history, const fs::path& file) {
  int before = 0;
  for (const Epoch& epoch : history) {
    if (epoch.number != before + 1)
      throw Error({file.string(), fmt::format("epoch {} follows epoch {}", epoch.number, before), new_run});
    before = epoch.number;
  }
}

static std::vector<Epoch> history_of(const Json& list) {
  std::vector<Epoch> history;
  for (const Json& epoch : list)
    history.push_back({epoch.at("epoch"), real_of(epoch.at("train_loss")), epoch.at("train_accuracy"),
                       real_of(epoch.at("validation_loss")), epoch.at("validation_accuracy"), epoch.at("best"),
                       epoch.value("waiting", 0.0), epoch.value("train_error", 0.0),
                       epoch.value("validation_error", 0.0)});
  return history;
}

RunRecord read_record(const Run& run) {
  const fs::path file = run.folder / "run.json";
  try {
    const Json record = Json::parse(read_text(file));
    const Json& split = record.at("split");
    RunRecord read{.history = history_of(record.at("history")),
                   .train = split.at("train"),
                   .validation = split.at("validation"),
                   .test = split.at("test"),
                   .data_hash = record.at("data_hash"),
                   .model_hash = record.at("model_hash"),
                   .seed = record.at("seed"),
                   .held_out_parts = record.value("held_out_parts", 0),
                   .files = record.value("files", std::map<std::string, std::string>())};
    require_sound(read.history, file);
    return read;
  } catch (const Json::exception& error) {
    throw Error({file.string(), fmt::format("cannot be understood: {}", error.what()), new_run});
  }
}

Indices indices_of(const Samples& samples, const std::vector<std::string>& paths) {
  std::map<std::string, int> index;
  for (std::size_t i = 0; i < samples.dataset.samples.size(); ++i)
    index[name_of(samples.dataset.samples[i])] = static_cast<int>(i);
  Indices indices;
  for (const std::string& path : paths)
    if (const auto found = index.find(path); found != index.end()) indices.push_back(found->second);
  return indices;
}

void require_whole(const Run& run) {
  for (const auto& [name, hash] : read_record(run).files) {
    const fs::path file = run.folder / fs::path(name).filename();
    if (sha256_of(read_bytes(file)) != hash)
      throw Error({file.string(), "is not the file that this run saved: its SHA-256 is another",
                   "put it back from a copy, or `dragonet train` anew"});
  }
}

// --- A run's models

static constexpr const char* put_back = "put the run's own file back from a copy, or `dragonet train` anew";

static void require_type(const Model& model, DType expected) {
  if (model.inputs.size() > 1)
    throw Error({model.source, fmt::format("it takes {} tensors, and samples are one", model.inputs.size()), put_back});
  const Tensor& input = model.tensors[model.inputs[0]];
  if (input.dtype != expected)
    throw Error({model.source,
                 fmt::format("its input is {}, and a run's {} has {}", name_of(input.dtype),
                             fs::path(model.source).filename().string(), name_of(expected)),
                 put_back});
}

static void require_kind(const Model& model, const Project& project) {
  const FeatureSettings features = info_of(model).features;
  const std::string kind = has_kind(features) ? kind_of(features).name : "unknown";
  if (kind != project.kind().name)
    throw Error({model.source,
                 fmt::format("it is a model of the kind {}, and the project's is {}: it is another project's", kind,
                             project.kind().name),
                 put_back});
}

static void require_task(const Model& model, const Project& project) {
  if (const Task task = info_of(model).task; !is_same_task(task, project.task()))
    throw Error({model.source,
                 fmt::format("its task is {}, and the project's is now {}", word_of(task), word_of(project.task())),
                 "`dragonet train` anew"});
}

static void require_names(const Model& model) {
  const ModelInfo info = info_of(model);
  const std::int64_t outputs = element_count(model.tensors[model.outputs[0]].shape);
  if (!measures_distance(info.task) && std::ssize(info.labels) != outputs)
    throw Error(
        {model.source, fmt::format("it names {} labels, and gives {} scores", info.labels.size(), outputs), put_back});
}

static Model read_own_model(const fs::path& file, const Project& project, DType input) {
  Model model = read_tflite(file);
  check_supported(model);
  require_type(model, input);
  require_kind(model, project);
  require_task(model, project);
  check_features(model);
  require_names(model);
  model.name = project.name;
  return model;
}

Model read_int8_model(const Run& run, const Project& project) {
  require_whole(run);
  return read_own_model(run.model(), project, DType::int8);
}

Model read_real_model(const Run& run, const Project& project) {
  require_whole(run);
  return read_own_model(run.real_model(), project, DType::float32);
}

Model latest_model(const Project& project) {
  Model model = read_int8_model(latest_run(project), project);
  ModelInfo info = info_of(model);
  info.answers = project.answers;
  set_info(model, info);
  return model;
}

}  // namespace dragonet
