#include "project/spoken_samples.h"

#include <fmt/format.h>

#include <algorithm>

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
struct Task {
  std::string label, word;  // no word: silence
  int number = 0;
};

static std::vector<Task> tasks_of(const SayOptions& options) {
  std::vector<Task> tasks;
  for (const std::string& word : options.words)
    for (int i = 0; i < options.count; ++i) tasks.push_back({word, word, i});
  std::vector<std::string> others;
  std::ranges::copy_if(other_words, std::back_inserter(others),
                       [&](const std::string& word) { return std::ranges::count(options.words, word) == 0; });
  for (int i = 0; i < options.unknown; ++i) tasks.push_back({"unknown", others[i % others.size()], i});
  for (int i = 0; i < options.silence; ++i) tasks.push_back({"silence", "", i});
  return tasks;
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

static void record(const Task& task, const SayOptions& options, const std::vector<Voice>& voices,
                   const fs::path& samples) {
  std::seed_seq seed{options.seed, std::uint64_t(std::hash<std::string>()(task.label)), std::uint64_t(task.number)};
  std::mt19937 random(seed);
  const fs::path folder = samples / task.label;
  if (task.word.empty()) {
    write_sound(folder / fmt::format("say-noise{0}-{0:04}.wav", task.number),
                room_noise(options.seconds, rate_hz, random));
    return;
  }
  const Voice& voice = voice_for(voices, random);
  const double speed = around_one(0.3, random), pitch = around_one(0.4, random);
  write_sound(folder / fmt::format("say-{}-{:04}.wav", plain(voice.program + "_" + voice.name), task.number),
              heard_in_a_room(spoken(task.word, voice, speed, pitch), options.seconds, rate_hz, random));
}

/// What an earlier call has left in a label's folder; a person's own recordings stay.
static void remove_said(const fs::path& folder) {
  if (!fs::is_directory(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("say-")) fs::remove(entry.path());
}

Said say_words(const SayOptions& options, const fs::path& samples, const Observer& observer) {
  const std::vector<Voice> voices = find_voices(options.language);
  const std::vector<Task> tasks = tasks_of(options);
  for (const Task& task : tasks)
    if (task.number == 0) remove_said(samples / task.label);
  Progress progress(observer, "speaking", tasks.size());
  for_each_parallel(
      tasks.size(), [&](std::size_t i) { record(tasks[i], options, voices, samples); },
      [&](std::size_t done) { progress.update(done); });
  return {tasks.size(), voices.size()};
}

}  // namespace dragonet
