#include "app/runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "tflite/tflite.h"

namespace dragonet {

/// Numbers of the folders in runs/, finished or not.
static std::set<int> numbers(const Project& project) {
  std::set<int> found;
  const fs::path runs = project.folder / "runs";
  if (!fs::is_directory(runs)) return found;
  for (const auto& entry : fs::directory_iterator(runs)) {
    const std::string name = entry.path().filename();
    if (!name.empty() && name.size() < 9 && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; }))
      found.insert(std::stoi(name));
  }
  return found;
}

static Run run_of(const Project& project, int number) {
  return {number, project.folder / "runs" / std::to_string(number)};
}

Run next_run(const Project& project) {
  const std::set<int> taken = numbers(project);
  return run_of(project, taken.empty() ? 1 : *taken.rbegin() + 1);
}

Run latest_run(const Project& project) {
  const std::set<int> taken = numbers(project);
  for (auto number = taken.rbegin(); number != taken.rend(); ++number)
    if (const Run run = run_of(project, *number); fs::exists(run.folder / "run.json")) return run;
  throw Error({project.folder.string(), "there is no trained model yet", "`dragonet train` makes one"});
}

Run newest_run(const Project& project) {
  const std::set<int> taken = numbers(project);
  if (taken.empty())
    throw Error({project.folder.string(), "there is no run to go on with", "`dragonet train` begins one"});
  return run_of(project, *taken.rbegin());
}

/// A checkpoint file is this hash, then the trainer's bytes.
static std::string fingerprint(const Project& project, const Samples& samples) {
  const std::string all = project_text(project) + samples.hash;
  return sha256_of({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()});
}

Checkpoints checkpoints_in(const Run& run, const Project& project, const Samples& samples) {
  const std::string mark = fingerprint(project, samples);
  const fs::path file = run.checkpoint();
  return {.resume = {}, .save = [mark, file](const Bytes& state) {
            Bytes bytes(mark.begin(), mark.end());
            bytes.insert(bytes.end(), state.begin(), state.end());
            write_file(file, bytes);
          }};
}

Checkpoints resume(const Run& run, const Project& project, const Samples& samples) {
  if (!fs::exists(run.checkpoint()))
    throw Error({run.folder.string(), "its training is complete", "`dragonet train` begins another"});
  const Bytes bytes = read_bytes(run.checkpoint());
  const std::string mark = fingerprint(project, samples);
  if (bytes.size() < mark.size() || !std::equal(mark.begin(), mark.end(), bytes.begin()))
    throw Error({run.folder.string(), "dragonet.toml or the samples have changed since this training was broken off",
                 "undo that, or `dragonet train` anew"});
  Checkpoints checkpoints = checkpoints_in(run, project, samples);
  checkpoints.resume.assign(bytes.begin() + static_cast<std::ptrdiff_t>(mark.size()), bytes.end());
  return checkpoints;
}

static std::vector<std::string> paths_of(const Samples& samples, const Indices& indices) {
  std::vector<std::string> paths;
  for (const int i : indices) paths.push_back(samples.dataset.samples[i].path.generic_string());
  return paths;
}

static Json history_json(const std::vector<Epoch>& history) {
  Json list = Json::array();
  for (const Epoch& epoch : history)
    list.push_back({{"epoch", epoch.number},
                    {"train_loss", epoch.train_loss},
                    {"train_accuracy", epoch.train_accuracy},
                    {"validation_loss", epoch.validation_loss},
                    {"validation_accuracy", epoch.validation_accuracy},
                    {"best", epoch.best}});
  return list;
}

void save_run(const Run& run, const Project& project, const Samples& samples, const Trained& trained) {
  write_file(run.real_model(), serialize_tflite(trained.real));
  write_file(run.model(), serialize_tflite(trained.int8));
  write_file(run.folder / "dragonet.toml", project_text(project));
  const Json record{{"seed", project.train.seed},
                    {"data_hash", samples.hash},
                    {"model_hash", info_of(trained.int8).model_hash},
                    {"split",
                     {{"train", paths_of(samples, trained.split.train)},
                      {"validation", paths_of(samples, trained.split.validation)},
                      {"test", paths_of(samples, trained.split.test)}}},
                    {"history", history_json(trained.history)}};
  write_file(run.folder / "run.json", record.dump(1));
}

static std::vector<Epoch> history_of(const Json& list) {
  std::vector<Epoch> history;
  for (const Json& epoch : list)
    history.push_back({epoch.at("epoch"), epoch.at("train_loss"), epoch.at("train_accuracy"),
                       epoch.at("validation_loss"), epoch.at("validation_accuracy"), epoch.at("best")});
  return history;
}

RunRecord read_record(const Run& run) {
  const fs::path file = run.folder / "run.json";
  try {
    const Json record = Json::parse(read_text(file));
    const Json& split = record.at("split");
    return {history_of(record.at("history")), split.at("train"), split.at("validation"), split.at("test"),
            record.at("data_hash"),           record.at("seed")};
  } catch (const Json::exception& error) {
    throw Error(
        {file.string(), fmt::format("cannot be understood: {}", error.what()), "`dragonet train` makes a new run"});
  }
}

Indices indices_of(const Samples& samples, const std::vector<std::string>& paths) {
  std::map<std::string, int> index;
  for (std::size_t i = 0; i < samples.dataset.samples.size(); ++i)
    index[samples.dataset.samples[i].path.generic_string()] = static_cast<int>(i);
  Indices indices;
  for (const std::string& path : paths)
    if (const auto found = index.find(path); found != index.end()) indices.push_back(found->second);
  return indices;
}

fs::path model_path(const std::string& given) {
  return given.empty() ? latest_run(find_project()).model() : fs::path(given);
}

}  // namespace dragonet
