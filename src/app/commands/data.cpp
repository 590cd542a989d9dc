#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "app/command.h"
#include "app/recording.h"
#include "app/recordings.h"
#include "app/samples.h"
#include "app/saying.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/progress.h"

namespace dragonet {

struct LabelCount {
  int samples = 0;
  std::set<std::string> groups;
};

/// What reading every file tells.
struct Looked {
  Dataset dataset;
  std::map<std::string, std::vector<std::string>> same;  // paths by hash
  std::vector<FileNote> notes;
  std::vector<Problem> unreadable;
};

struct LookedFile {
  std::string hash;
  std::vector<std::string> notes;
  std::vector<Problem> problems;
};

static LookedFile look_at(const Sample& sample, const Dataset& dataset, const FeatureSettings& features) {
  LookedFile looked;
  try {
    const Bytes file = read_bytes(dataset.folder / sample.path);
    looked.hash = sha256_of(file);
    looked.notes = raw_sample(dataset.folder, sample, file, features).notes;
  } catch (const Error& error) {
    looked.problems = error.problems;
  }
  return looked;
}

static Looked look_at(Dataset dataset, const FeatureSettings& features) {
  std::vector<LookedFile> files(dataset.samples.size());
  Progress progress("reading samples", files.size());
  for_each_parallel(
      files.size(), [&](std::size_t i) { files[i] = look_at(dataset.samples[i], dataset, features); },
      [&](std::size_t done) { progress.update(done); });
  Looked looked{.dataset = std::move(dataset), .same = {}, .notes = {}, .unreadable = {}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = looked.dataset.samples[i].path.generic_string();
    std::vector<std::string>& same = looked.same[files[i].hash];
    if (same.empty() || same.back() != path) same.push_back(path);  // ranges of one file are no duplicates
    for (const std::string& note : files[i].notes) looked.notes.push_back({path, note});
    looked.unreadable.insert(looked.unreadable.end(), files[i].problems.begin(), files[i].problems.end());
  }
  looked.same.erase("");
  std::erase_if(looked.same, [](const auto& found) { return found.second.size() < 2; });
  return looked;
}

static std::vector<LabelCount> counts_of(const Dataset& dataset) {
  std::vector<LabelCount> counts(dataset.labels.size());
  for (const Sample& sample : dataset.samples) {
    ++counts[sample.label].samples;
    counts[sample.label].groups.insert(sample.group);
  }
  return counts;
}

static std::vector<std::string> notes_of(const Looked& looked) {
  std::vector<std::string> notes = looked.dataset.notes;
  std::ranges::copy(lines_of(looked.notes), std::back_inserter(notes));
  return notes;
}

static std::string label_line(const auto& label, const auto& samples, const auto& groups) {
  return fmt::format("{:<20} {:>8} {:>8}\n", label, samples, groups);
}

struct NumberRange {
  std::string name;
  double least = 0, mean = 0, most = 0;
};

/// Of a regression's numbers, in place of labels.
static std::vector<NumberRange> ranges_of(const Dataset& dataset) {
  std::vector<NumberRange> ranges;
  for (std::size_t i = 0; i < dataset.outputs.size(); ++i) {
    const double first = dataset.samples[0].targets[i];
    NumberRange range{.name = dataset.outputs[i], .least = first, .mean = 0, .most = first};
    for (const Sample& sample : dataset.samples) {
      const double number = sample.targets[i];
      range.least = std::min(range.least, number), range.most = std::max(range.most, number);
      range.mean += number / static_cast<double>(dataset.samples.size());
    }
    ranges.push_back(range);
  }
  return ranges;
}

static std::string numbers_text(const Dataset& dataset) {
  std::string text = fmt::format("{:<20} {:>10} {:>10} {:>10}\n", "number", "least", "mean", "most");
  for (const auto& [name, least, mean, most] : ranges_of(dataset))
    text += fmt::format("{:<20} {:>10.4g} {:>10.4g} {:>10.4g}\n", name, least, mean, most);
  return text;
}

static std::string labels_text(const Dataset& dataset, const std::vector<LabelCount>& counts) {
  std::string text = label_line("label", "samples", "groups");
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += label_line(dataset.labels[i], counts[i].samples, counts[i].groups.size());
  return text;
}

static std::string looked_text(const Looked& looked) {
  const Dataset& dataset = looked.dataset;
  std::string text =
      dataset.task == Task::regression ? numbers_text(dataset) : labels_text(dataset, counts_of(dataset));
  text += fmt::format("{} samples in {}; {} set(s) of exact duplicates", looked.dataset.samples.size(),
                      looked.dataset.folder.string(), looked.same.size());
  for (const auto& [hash, paths] : looked.same) text += fmt::format("\n  the same: {}", fmt::join(paths, " and "));
  for (const std::string& note : notes_of(looked)) text += "\nnote: " + note;
  for (const Problem& problem : looked.unreadable) text += "\ncannot be read: " + sentence(problem);
  return text;
}

static Json looked_json(const Looked& looked) {
  const std::vector<LabelCount> counts = counts_of(looked.dataset);
  Json json{{"labels", Json::array()},
            {"samples", looked.dataset.samples.size()},
            {"duplicates", Json::array()},
            {"notes", notes_of(looked)},
            {"unreadable", looked.unreadable.size()}};
  for (std::size_t i = 0; i < counts.size(); ++i)
    json["labels"].push_back(
        {{"label", looked.dataset.labels[i]}, {"samples", counts[i].samples}, {"groups", counts[i].groups.size()}});
  for (const auto& [name, least, mean, most] : ranges_of(looked.dataset))
    json["numbers"].push_back({{"name", name}, {"least", least}, {"mean", mean}, {"most", most}});
  for (const auto& [hash, paths] : looked.same) json["duplicates"].push_back(paths);
  return json;
}

static Outcome look(const std::string& given) {
  const Project project = find_project();
  DatasetOptions options = project.labels;
  options.strict = given.empty();
  const Dataset found = scan_samples(given.empty() ? project.samples_folder() : fs::path(given), options);
  const Looked looked = look_at(found, project.features);
  return {.text = looked_text(looked), .json = looked_json(looked)};
}

static Outcome say_them(const SayOptions& options) {
  const Project project = find_project();
  const Said said = say_words(options, project.samples_folder());
  return {.text = fmt::format("{} recordings by {} voices in {}; next: dragonet train", said.recordings, said.voices,
                              project.samples_folder().string()),
          .json = {{"recordings", said.recordings}, {"voices", said.voices}}};
}

static void add_say(CLI::App& data, Action& action) {
  auto options = std::make_shared<SayOptions>();
  CLI::App* command =
      data.add_subcommand("say", "a first set of samples, spoken by the synthesizers that are installed");
  command->add_option("words", options->words, "\"yes,no,stop\"")->required()->delimiter(',');
  command->add_option("--count", options->count, "recordings of each word")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--unknown", options->unknown, "of other words, for the label unknown")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--silence", options->silence, "of noise, for the label silence")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--language", options->language, "as `espeak-ng --voices` names it")->capture_default_str();
  command->add_option("--seconds", options->seconds, "of each recording")
      ->check(CLI::Range(0.3, 10.0))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "another gives others");
  command->callback([=, &action] { action = [=] { return say_them(*options); }; });
}

static Outcome record(const RecordOptions& options) {
  const Project project = find_project();
  if (options.seconds <= 0) say("recording until Ctrl-C");
  const LiveRecording recorded = record_live(project.samples_folder(), options);
  Outcome outcome{
      .text = fmt::format("{}: {} readings in {:.1f} s", recorded.file.string(), recorded.readings, recorded.seconds),
      .json = {{"file", recorded.file.string()},
               {"readings", recorded.readings},
               {"seconds", recorded.seconds},
               {"skipped", recorded.skipped},
               {"unplugged", recorded.unplugged}}};
  if (recorded.skipped) outcome.text += fmt::format("; {} line(s) were no reading", recorded.skipped);
  if (recorded.unplugged) outcome.text += "; the board was unplugged";
  return outcome;
}

static void add_record(CLI::App& data, Action& action) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* command = data.add_subcommand("record", "saves what a board sends, a line of numbers for each reading");
  command->add_option("--port", options->port, "the serial port, such as /dev/ttyACM0")->required();
  command->add_option("--label", options->label, "what is recorded: the folder in samples/")->required();
  command->add_option("--seconds", options->seconds, "ends by itself; otherwise by Ctrl-C");
  command->add_option("--rate", options->rate_hz, "readings a second, where the board sends no times");
  command->add_option("--baud", options->baud, "115200 unless said");
  command->callback([=, &action] { action = [=] { return record(*options); }; });
}

void add_data(CLI::App& app, Action& action) {
  auto samples = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("data", "what is in samples/: counts, groups, exact duplicates, what cannot be read");
  command->add_option("--samples", *samples, "another folder of samples");
  command->callback([=, &action] {
    if (command->get_subcommands().empty()) action = [=] { return look(*samples); };
  });
  add_say(*command, action);
  add_record(*command, action);
}

}  // namespace dragonet
