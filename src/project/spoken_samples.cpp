#include "project/spoken_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "base/chance.h"
#include "base/error.h"
#include "base/parallel.h"
#include "data/microphone.h"
#include "data/other_words.h"
#include "data/retime.h"
#include "data/speech.h"

namespace dragonet {

static constexpr int rate_hz = 16000;

/// One recording to be made.
struct Utterance {
  std::string label, word;  // no word: silence
  int number = 0;
};

/// Every fourth of the unknown words sounds much like one of those asked for: a network that has heard none of them
/// takes whatever begins alike for the word.
static const std::string& unknown_word(const OtherWords& others, int i) {
  const bool is_near = i % 4 == 0 && !others.near.empty();
  const std::vector<std::string>& words = is_near ? others.near : others.all;
  return words[static_cast<std::size_t>(is_near ? i / 4 : i) % words.size()];
}

static std::vector<Utterance> utterances_of(const SayOptions& options, const OtherWords& others) {
  std::vector<Utterance> utterances;
  for (const std::string& word : options.words)
    for (int i = 0; i < options.count; ++i) utterances.push_back({word, word, i});
  for (int i = 0; i < options.unknown; ++i) utterances.push_back({"unknown", unknown_word(others, i), i});
  for (int i = 0; i < options.silence; ++i) utterances.push_back({"silence", "", i});
  return utterances;
}

/// As part of a file's name and of a group.
static std::string plain(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

/// How often a synthesizer is taken where all are installed. Espeak-ng has hundreds of voices that resemble each other;
/// flite's few were recorded of people. Festival's are like one of flite's, and it takes a second a word.
struct VoiceShare {
  const char* program;
  double share;
};
static constexpr VoiceShare shares[]{{"espeak-ng", 0.55}, {"flite", 0.42}, {"festival", 0.03}};

static const Voice& voice_for(const std::vector<Voice>& voices, std::mt19937& random) {
  std::vector<double> weights;
  for (const auto& [program, share] : shares) {
    const auto count = std::ranges::count(voices, program, &Voice::program);
    weights.push_back(count > 0 ? share : 0);
  }
  const std::string program = shares[std::discrete_distribution<>(weights.begin(), weights.end())(random)].program;
  std::vector<const Voice*> found;
  for (const Voice& voice : voices)
    if (voice.program == program) found.push_back(&voice);
  return *found[random() % found.size()];
}

static Manner manner_for(const Voice& voice, std::mt19937& random) {
  static constexpr const char* endings[]{"", "", ".", "!", "?", ","};
  return {.speed = std::exp(between(std::log(0.6), std::log(1.35), random)),
          .pitch = between(0.4, 1.6, random),
          .throat = between(voice.least_throat, voice.most_throat, random),
          .melody = between(0.2, 2, random),
          .ending = endings[random() % std::size(endings)]};
}

/// What chance decides of a recording: its file's name follows from the label, the number and the seed.
struct Draw {
  std::mt19937 random;
  const Voice* voice = nullptr;  // null: silence
  std::string file;
};

static Draw drawn(const Utterance& utterance, const SayOptions& options, const std::vector<Voice>& voices) {
  std::seed_seq seed{options.seed, std::uint64_t(std::hash<std::string>()(utterance.label)),
                     std::uint64_t(utterance.number)};
  Draw draw{.random = std::mt19937(seed), .file = fmt::format("say-noise{0}-{0:04}.wav", utterance.number)};
  if (utterance.word.empty()) return draw;
  draw.voice = &voice_for(voices, draw.random);
  draw.file = fmt::format("say-{}-{}-{:04}.wav", plain(draw.voice->speaker),
                          plain(draw.voice->program + "_" + draw.voice->name), utterance.number);
  return draw;
}

/// What is needed to make any of them.
struct Speaking {
  SayOptions options;
  std::vector<Voice> voices;
  OtherWords others;
};

/// Some others, who say something else meanwhile. Festival would take too long.
static Sound babble(const Speaking& speaking, std::mt19937& random) {
  std::vector<Sound> sounds;
  for (int others = 3; others > 0; --others) {
    const Voice* voice = &voice_for(speaking.voices, random);
    for (int tries = 0; tries < 10 && voice->program == "festival"; ++tries)
      voice = &voice_for(speaking.voices, random);
    const std::string& word = speaking.others.all[random() % speaking.others.all.size()];
    sounds.push_back(spoken(word, *voice, manner_for(*voice, random)));
  }
  return mixed(sounds, speaking.options.seconds, rate_hz, random);
}

static void record(const Utterance& utterance, const Speaking& speaking, const fs::path& samples) {
  auto [random, voice, file] = drawn(utterance, speaking.options, speaking.voices);
  const double seconds = speaking.options.seconds;
  const fs::path path = samples / utterance.label / file;
  if (!voice) return write_sound(path, room_noise(seconds, rate_hz, random));
  const Sound word = retimed(spoken(utterance.word, *voice, manner_for(*voice, random)), 1.6, random);
  const Sound background = happens(0.12, random) ? babble(speaking, random) : Sound{.rate_hz = rate_hz};
  write_sound(path, heard_in_a_room(word, background, seconds, rate_hz, random));
}

/// The folder's list of what say_words wrote there: nothing else is ever removed.
static fs::path list_in(const fs::path& folder) { return folder / ".said"; }

/// The names on it that are no way out of the folder.
static std::vector<std::string> listed(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::is_regular_file(list_in(folder))) return names;
  std::istringstream lines(read_text(list_in(folder)));
  for (std::string name; std::getline(lines, name);)
    if (fs::path(name).filename() == name && name.starts_with("say-")) names.push_back(name);
  return names;
}

static void remove_said(const fs::path& folder) {
  for (const std::string& name : listed(folder))
    if (fs::is_regular_file(folder / name)) fs::remove(folder / name);
  fs::remove(list_in(folder));
}

/// Before the first of them is made: a call that is killed leaves nothing that the next one does not know.
static void list_said(const std::vector<Utterance>& utterances, const SayOptions& options,
                      const std::vector<Voice>& voices, const fs::path& samples) {
  std::map<std::string, std::string> lists;
  for (const Utterance& utterance : utterances) lists[utterance.label] += drawn(utterance, options, voices).file + "\n";
  for (const auto& [label, list] : lists) write_file(list_in(samples / label), list);
}

/// A label is a folder in samples/, and no way out of it.
static void check_words(const SayOptions& options) {
  for (const std::string& word : options.words) {
    const bool is_plain =
        std::ranges::none_of(word, [](unsigned char c) { return c == '/' || c == '\\' || std::iscntrl(c); });
    if (word.empty() || word.starts_with('.') || !is_plain)
      throw Error(Problem{fmt::format("the word \"{}\"", word), "it cannot be a folder's name in samples/",
                          "give words such as yes,no,stop"});
  }
}

static std::size_t count_speakers(const std::vector<Voice>& voices) {
  std::set<std::string> speakers;
  for (const Voice& voice : voices) speakers.insert(voice.speaker);
  return speakers.size();
}

Said say_words(const SayOptions& options, const fs::path& samples, const Observer& observer) {
  check_words(options);
  const Speaking speaking{options, find_voices(options.language), other_words(options.words, options.language)};
  const std::vector<Utterance> utterances = utterances_of(options, speaking.others);
  for (const Utterance& utterance : utterances)
    if (utterance.number == 0) remove_said(samples / utterance.label);
  list_said(utterances, options, speaking.voices, samples);
  Progress progress(observer, "speaking", utterances.size());
  for_each_parallel(
      utterances.size(), [&](std::size_t i) { record(utterances[i], speaking, samples); },
      [&](std::size_t done) { progress.update(done); });
  return {utterances.size(), count_speakers(speaking.voices)};
}

std::set<std::string> said_in(const fs::path& samples) {
  std::set<std::string> said;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(samples, error))
    for (const std::string& name : listed(entry.path())) said.insert((entry.path().filename() / name).generic_string());
  return said;
}

}  // namespace dragonet
