// What a training started with lies in runs/<n>/begun.json from its first checkpoint on: all settings, the hash of
// every sample's file, and the model whose weights were the first. So --resume can say what has changed since.

#include "learn/training_start.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/leftovers.h"
#include "model/model_info.h"
#include "project/sample_changes.h"
#include "tflite/tflite.h"
#include "train/import.h"

namespace dragonet {

static fs::path begun_file(const Run& run) { return run.folder / "begun.json"; }

/// A checkpoint ends with the SHA-256 of what stands before it: a bit that was flipped would be another model.
static Bytes sealed(const Bytes& state) {
  const std::string hash = sha256_of(state);
  Bytes bytes = state;
  bytes.insert(bytes.end(), hash.begin(), hash.end());
  return bytes;
}

static Bytes unsealed(const fs::path& file) {
  Bytes bytes = read_bytes(file);
  const std::size_t hash_bytes = sha256_of({}).size(), state = bytes.size() - std::min(bytes.size(), hash_bytes);
  const std::string hash(bytes.begin() + static_cast<std::ptrdiff_t>(state), bytes.end());
  bytes.resize(state);
  if (hash != sha256_of(bytes))
    throw Error({file.string(), "is damaged, or an older Dragonet made it: its SHA-256 is not what it ends with",
                 "put it back from a copy, or `dragonet train` anew"});
  return bytes;
}

static Model float_model(const fs::path& given) {
  const fs::path file = fs::is_directory(given) ? given / "float.tflite" : given;
  if (!fs::exists(file))
    throw Error({given.string(), "there is no float model to begin with",
                 "give a float .tflite, or the folder of a finished run, such as runs/1"});
  return read_tflite(file);
}

static void tell_other_labels(const Model& model, const std::vector<std::string>& names, const Observer& observer) {
  const std::vector<std::string> theirs = info_of(model).labels;
  if (theirs.empty() || theirs == names) return;
  const std::string trained = fmt::format("{} was trained on {}", model.source, fmt::join(theirs, ", "));
  observer.say(theirs.size() == names.size()
                   ? fmt::format("{}: its scores begin as those of {}", trained, fmt::join(names, ", "))
                   : fmt::format("{}: the last layer, for {}, begins with random weights, all others with its", trained,
                                 fmt::join(names, ", ")));
}

static Json begun_record(const Project& project, const Samples& samples, const InitialWeights& from) {
  return {{"settings", project_text(project)},
          {"samples", hashes_of(samples)},
          {"from", {{"model", from.model}, {"hash", from.hash}}}};
}

TrainingStart start_training(const Run& run, const Project& project, const Samples& samples, const std::string& from,
                             const Observer& observer) {
  TrainingStart start;
  if (!from.empty()) {
    const Model model = float_model(from);
    start.layers = import_layers(network_of(project, outputs_of(samples.dataset)), model);
    start.initial_weights = {.model = model.source, .hash = weights_hash(model)};
    tell_other_labels(model, output_names(samples.dataset), observer);
  }
  const std::string begun = json_text(begun_record(project, samples, start.initial_weights));
  start.checkpoints.save = [run, begun](const Bytes& state) {
    if (!fs::exists(begun_file(run))) write_file(begun_file(run), begun);  // first: --resume asks for both
    write_file(run.checkpoint(), sealed(state));
  };
  return start;
}

/// The settings without their comments, line by line.
static std::vector<std::string> setting_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at), setting = line.substr(0, line.find("# "));
    if (const std::size_t last = setting.find_last_not_of(' '); last != std::string::npos)
      lines.push_back(setting.substr(0, last + 1));
    at = end + 1;
  }
  return lines;
}

/// Those lines of `a` that `b` has not.
static std::vector<std::string> missing(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> found;
  for (const std::string& line : a)
    if (std::ranges::count(a, line) > std::ranges::count(b, line)) found.push_back(line);
  return found;
}

static void compare_settings(const std::string& then, const std::string& now, std::vector<Problem>& found) {
  const std::vector<std::string> old_lines = setting_lines(then), new_lines = setting_lines(now);
  if (old_lines == new_lines) return;
  const std::vector<std::string> gone = missing(old_lines, new_lines), added = missing(new_lines, old_lines);
  std::string what = "it has changed since this training began";
  if (!gone.empty()) what += fmt::format(", with {}", some_of(gone));
  if (!added.empty()) what += fmt::format("; now it says {}", some_of(added));
  found.push_back({"dragonet.toml", what, "put that back, or `dragonet train` anew"});
}

static void compare_samples(const FileHashes& then, const Samples& samples, std::vector<Problem>& found) {
  const std::vector<std::string> changes = changes_between(then, hashes_of(samples));
  if (!changes.empty())
    found.push_back({samples.dataset.folder.string(),
                     fmt::format("it has changed since this training began: {}", some_of(changes)),
                     "put the samples back as they were, or `dragonet train` anew"});
}

static Json read_begun(const Run& run) {
  try {
    Json begun = Json::parse(read_text(begun_file(run)));
    begun.at("settings").get<std::string>(), begun.at("samples").get<FileHashes>();
    begun.at("from").at("model").get<std::string>(), begun.at("from").at("hash").get<std::string>();
    return begun;
  } catch (const Json::exception& error) {
    throw Error({begun_file(run).string(), fmt::format("cannot be understood: {}", error.what()),
                 "`dragonet train` begins anew"});
  }
}

TrainingStart resume_training(const Run& run, const Project& project, const Samples& samples) {
  if (!fs::exists(run.checkpoint()))
    throw Error({run.folder.string(),
                 run.is_finished() ? "its training is complete" : "it was broken off before its first epoch was saved",
                 "`dragonet train` begins another"});
  const Json begun = read_begun(run);
  std::vector<Problem> changed;
  compare_settings(begun["settings"], project_text(project), changed);
  compare_samples(begun["samples"], samples, changed);
  if (!changed.empty()) throw Error(std::move(changed));
  sweep(run.folder);
  return {.initial_weights = {.model = begun["from"]["model"], .hash = begun["from"]["hash"]},
          .checkpoints = {.resume = unsealed(run.checkpoint()),
                          .save = [run](const Bytes& state) { write_file(run.checkpoint(), sealed(state)); }}};
}

}  // namespace dragonet
