#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "learn/advice.h"
#include "learn/sample_audit.h"
#include "project/serial_recording.h"
#include "project/spoken_samples.h"
#include "project/voice_groups.h"

namespace dragonet {

static Outcome audit(const Context& context, const std::string& given) {
  const Project project = context.project();
  DatasetOptions options = project.labels;
  options.strict = given.empty();
  const Dataset found = scan_samples(given.empty() ? project.samples_folder() : fs::path(given), options);
  const SampleAudit audited = audit_samples(found, project.features, context.observer);
  return {.text = audit_text(audited), .json = audit_json(audited)};
}

/// What it makes would be no samples of the project's.
static void require_kind(const Project& project, const std::string& kind, const char* command, const char* makes) {
  if (project.kind().name != kind)
    throw Error(
        {fmt::format("dragonet {}", command),
         fmt::format("makes {}, and this project is of kind {}", makes, project.kind().name),
         fmt::format("give it {}, or make a project with `dragonet new NAME --kind {}`", project.kind().files, kind)});
}

static Outcome say_them(const Context& context, const SayOptions& options) {
  const Project project = context.project();
  require_kind(project, SoundFeatureSettings::name, "data say", "sounds");
  const Said said = say_words(options, project.samples_folder(), context.observer);
  const VoiceGroups groups = group_by_voice(project);
  const std::string note = groups.note.empty() ? "" : groups.note + "\n";
  return {.text = fmt::format("{} recordings by {} voices in {}; next: dragonet train\n{}{}", said.recordings,
                              said.voices, project.samples_folder().string(), note, said_advice),
          .json = {{"recordings", said.recordings},
                   {"voices", said.voices},
                   {"group", groups.pattern},
                   {"group_written", groups.written},
                   {"note", text_or_null(groups.note)}}};
}

static void add_say(CLI::App& data, Action& action) {
  auto options = std::make_shared<SayOptions>();
  CLI::App* command =
      data.add_subcommand("say", "makes a first set of samples with the speech synthesizers that are installed");
  command->add_option("words", options->words, "the words to speak, separated by commas: yes,no,stop")
      ->required()
      ->delimiter(',');
  command->add_option("--count", options->count, "recordings of each word")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--unknown", options->unknown, "recordings of other words, with the label unknown")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--silence", options->silence, "recordings of noise, with the label silence")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--language", options->language, "of the words, as `espeak-ng --voices` names it")
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "length of each recording")
      ->check(CLI::Range(0.3, 10.0))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "of the random numbers; another seed gives other recordings");
  tell_json(*command, "{recordings, voices, group, group_written, note: TEXT or null}");
  command->callback([=, &action] { action = [=](const Context& context) { return say_them(context, *options); }; });
}

static Outcome record(const Context& context, RecordOptions options) {
  const Project project = context.project();
  require_kind(project, MotionFeatureSettings::name, "data record", "recordings of motion");
  const auto& motion = std::get<MotionFeatureSettings>(project.features);
  options.axes = motion.axes, options.units = motion.units;
  const Interruptible interruptible;
  Observer observer = context.observer;
  observer.wants_stop = [&] { return interruptible.was_asked_to_stop(); };
  if (options.seconds <= 0) observer.say("recording until Ctrl-C");
  const LiveRecording recorded = record_live(project.samples_folder(), options, observer);
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
  CLI::App* command = data.add_subcommand("record", "saves the readings that a board sends, one line of numbers each");
  command->add_option("--port", options->port, "the serial port, such as /dev/ttyACM0")->required();
  command->add_option("--label", options->label, "the label of the recording, which is its folder in samples/")
      ->required();
  command->add_option("--seconds", options->seconds, "length of the recording; left out: until Ctrl-C");
  command->add_option("--rate", options->rate_hz, "readings per second, for a board that sends no times");
  command->add_option("--baud", options->baud, "speed of the serial port; left out: 115200");
  tell_json(*command, "{file, readings, seconds, skipped, unplugged}");
  command->callback([=, &action] { action = [=](const Context& context) { return record(context, *options); }; });
}

void add_data(CLI::App& app, Action& action) {
  auto samples = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("data", "what is in samples/: counts, groups, exact duplicates, files that cannot be read");
  command->add_option("--samples", *samples, "another folder of samples; left out: the project's");
  tell_json(*command,
            "{labels: [{label, samples, groups}], numbers?: [{name, least, mean, most}], samples, duplicates: "
            "[[path]], warnings, notes, unreadable, problems: [{where, what, next}]}");
  command->callback([=, &action] {
    if (command->get_subcommands().empty()) action = [=](const Context& context) { return audit(context, *samples); };
  });
  add_say(*command, action);
  add_record(*command, action);
}

}  // namespace dragonet
