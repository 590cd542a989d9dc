#include "project/spoken_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/parallel.h"
#include "data/speech.h"

namespace dragonet {

static constexpr int rate_hz = 16000;

/// What people say when they say something else. Those that are asked for are left out.
static const std::vector<std::string> other_words{
    "the",   "house",   "water", "seven",  "marvin", "happy", "tree",   "bird",  "table", "window", "about", "people",
    "zero",  "morning", "cat",   "follow", "learn",  "red",   "yellow", "music", "maybe", "father", "never", "always",
    "three", "visual",  "paper", "nine",   "under",  "again", "school", "light", "dog",   "sister", "bread", "kitchen"};

/// One recording to be made.
struct Utterance {
  std::string label, word;  // no word: silence
  int number = 0;
};

static std::vector<Utterance> utterances_of(const SayOptions& options) {
  std::vector<Utterance> utterances;
  for (const std::string& word : options.words)
    for (int i = 0; i < options.count; ++i) utterances.push_back({word, word, i});
  std::vector<std::string> others;
  std::ranges::copy_if(other_words, std::back_inserter(others),
                       [&](const std::string& word) { return std::ranges::count(options.words, word) == 0; });
  for (int i = 0; i < options.unknown; ++i) utterances.push_back({"unknown", others[i % others.size()], i});
  for (int i = 0; i < options.silence; ++i) utterances.push_back({"silence", "", i});
  return utterances;
}

/// As part of a file's name and of a group.
static std::string plain(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

static double around_one(double width, std::mt19937& random) {
  return std::uniform_real_distribution<double>(1 - width, 1 + width)(random);
}

/// Espeak-ng has hundreds of voices that resemble each other, so the few of the others are taken more often than their
/// number says; festival's less, since it takes a second a word and the others a hundredth.
static const Voice& voice_for(const std::vector<Voice>& voices, std::mt19937& random) {
  const auto pick = [&] { return random() % voices.size(); };
  std::size_t found = pick();
  if (voices[found].program == "espeak-ng" && random() % 4 == 0)
    for (int tries = 0; tries < 1000 && voices[found].program == "espeak-ng"; ++tries) found = pick();
  if (voices[found].program == "festival" && random() % 4 != 0) found = pick();
  return voices[found];
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
  draw.file = fmt::format("say-{}-{:04}.wav", plain(draw.voice->program + "_" + draw.voice->name), utterance.number);
  return draw;
}

static void record(const Utterance& utterance, const SayOptions& options, const std::vector<Voice>& voices,
                   const fs::path& samples) {
  auto [random, voice, file] = drawn(utterance, options, voices);
  const fs::path path = samples / utterance.label / file;
  if (!voice) return write_sound(path, room_noise(options.seconds, rate_hz, random));
  const double speed = around_one(0.3, random), pitch = around_one(0.4, random);
  write_sound(path, heard_in_a_room(spoken(utterance.word, *voice, speed, pitch), options.seconds, rate_hz, random));
}

/// The folder's list of what say_words wrote there: nothing else is ever removed.
static fs::path list_in(const fs::path& folder) { return folder / ".said"; }

static void remove_said(const fs::path& folder) {
  if (!fs::exists(list_in(folder))) return;
  std::istringstream names(read_text(list_in(folder)));
  for (std::string name; std::getline(names, name);)
    if (fs::path(name).filename() == name && name.starts_with("say-") && fs::is_regular_file(folder / name))
      fs::remove(folder / name);
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

Said say_words(const SayOptions& options, const fs::path& samples, const Observer& observer) {
  check_words(options);
  const std::vector<Voice> voices = find_voices(options.language);
  const std::vector<Utterance> utterances = utterances_of(options);
  for (const Utterance& utterance : utterances)
    if (utterance.number == 0) remove_said(samples / utterance.label);
  list_said(utterances, options, voices, samples);
  Progress progress(observer, "speaking", utterances.size());
  for_each_parallel(
      utterances.size(), [&](std::size_t i) { record(utterances[i], options, voices, samples); },
      [&](std::size_t done) { progress.update(done); });
  return {utterances.size(), voices.size()};
}

}  // namespace dragonet
