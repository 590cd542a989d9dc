#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "app/looking.h"
#include "app/recording.h"
#include "app/saying.h"

namespace dragonet {

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
