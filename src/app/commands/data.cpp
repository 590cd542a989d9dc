#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "app/command.h"
#include "app/recording.h"
#include "app/samples.h"
#include "app/saying.h"
#include "base/hash.h"

namespace dragonet {

struct LabelCount {
  int samples = 0;
  std::set<std::string> groups;
};

static std::string label_line(const auto& label, const auto& samples, const auto& groups) {
  return fmt::format("{:<20} {:>8} {:>8}\n", label, samples, groups);
}

/// Of a regression's numbers, in place of labels.
static void tell_numbers(const Dataset& dataset, Outcome& outcome) {
  outcome.text += fmt::format("{:<20} {:>10} {:>10} {:>10}\n", "number", "least", "mean", "most");
  for (std::size_t i = 0; i < dataset.outputs.size(); ++i) {
    double least = dataset.samples[0].targets[i], most = least, sum = 0;
    for (const Sample& sample : dataset.samples) {
      const double number = sample.targets[i];
      least = std::min(least, number), most = std::max(most, number), sum += number;
    }
    const double mean = sum / static_cast<double>(dataset.samples.size());
    outcome.text += fmt::format("{:<20} {:>10.4g} {:>10.4g} {:>10.4g}\n", dataset.outputs[i], least, mean, most);
    outcome.json["numbers"].push_back({{"name", dataset.outputs[i]}, {"least", least}, {"mean", mean}, {"most", most}});
  }
}

static Outcome look(const std::string& given) {
  const Project project = find_project();
  const Dataset dataset = scan_samples(given.empty() ? project.samples_folder() : fs::path(given), project.labels);
  std::vector<LabelCount> counts(dataset.labels.size());
  std::map<std::string, std::vector<std::string>> same;  // by hash
  for (const Sample& sample : dataset.samples) {
    ++counts[sample.label].samples;
    counts[sample.label].groups.insert(sample.group);
    same[sha256_of(read_bytes(dataset.folder / sample.path))].push_back(sample.path.generic_string());
  }
  const bool has_labels = dataset.task != Task::regression;
  Outcome outcome{.text = has_labels ? label_line("label", "samples", "groups") : "",
                  .json = {{"labels", Json::array()}}};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (has_labels) outcome.text += label_line(dataset.labels[i], counts[i].samples, counts[i].groups.size());
    outcome.json["labels"].push_back(
        {{"label", dataset.labels[i]}, {"samples", counts[i].samples}, {"groups", counts[i].groups.size()}});
  }
  if (!has_labels) tell_numbers(dataset, outcome);
  Json duplicates = Json::array();
  for (const auto& [hash, paths] : same)
    if (paths.size() > 1) duplicates.push_back(paths);
  outcome.text += fmt::format("{} samples in {}; {} set(s) of exact duplicates", dataset.samples.size(),
                              dataset.folder.string(), duplicates.size());
  for (const Json& paths : duplicates)
    outcome.text += fmt::format("\n  the same: {} and {}", paths[0].get<std::string>(), paths[1].get<std::string>());
  outcome.json["samples"] = dataset.samples.size();
  outcome.json["duplicates"] = duplicates;
  return outcome;
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
  CLI::App* command = app.add_subcommand("data", "what is in samples/: counts, groups, exact duplicates");
  command->add_option("--samples", *samples, "another folder of samples");
  command->callback([=, &action] {
    if (command->get_subcommands().empty()) action = [=] { return look(*samples); };
  });
  add_say(*command, action);
  add_record(*command, action);
}

}  // namespace dragonet
