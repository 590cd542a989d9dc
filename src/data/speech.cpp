#include "data/speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>

#include "base/error.h"
#include "base/process.h"

namespace dragonet {
namespace {

// --- Voices

std::vector<std::string> lines_of(const ProcessResult& result) {
  std::vector<std::string> lines;
  std::istringstream text(result.status == 0 ? result.output : "");
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// The words of a line of `espeak-ng --voices`: priority, language, age and gender, name, file.
std::vector<std::string> words_of(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

/// Voices that need MBROLA's data, which Debian does not have, lie in mb/.
std::vector<std::string> espeak_languages(const std::string& language) {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(run_process({"espeak-ng", "--voices=" + language})))
    if (const auto words = words_of(line);
        words.size() >= 5 && words[0] != "Pty" && words[1] != "variant" && !words[4].starts_with("mb/"))
      names.push_back(words[1]);
  return names;
}

bool sounds_like_a_machine(const std::string& name) {
  for (const char* part :
       {"obo", "emon", "announcer", "Ricishay", "fast", "whisper", "croak", "klatt", "Tweaky", "Storm"})
    if (name.find(part) != std::string::npos) return true;
  return false;
}

std::vector<std::string> espeak_variants() {
  std::vector<std::string> names{""};
  for (const std::string& line : lines_of(run_process({"espeak-ng", "--voices=variant"})))
    for (const std::string& word : words_of(line))
      if (word.starts_with("!v/") && !sounds_like_a_machine(word)) names.push_back("+" + word.substr(3));
  return names;
}

void add_espeak(const std::string& language, std::vector<Voice>& voices) {
  const std::vector<std::string> variants = espeak_variants();
  for (const std::string& name : espeak_languages(language))
    for (const std::string& variant : variants) voices.push_back({"espeak-ng", name + variant});
}

/// "Voices available: kal awb_time kal16 awb rms slt"; awb_time only tells the time, and kal16 is kal.
void add_flite(std::vector<Voice>& voices) {
  for (const std::string& line : lines_of(run_process({"flite", "-lv"})))
    for (const std::string& word : words_of(line))
      if (word != "Voices" && word != "available:" && word != "awb_time" && word != "kal16")
        voices.push_back({"flite", word});
}

void add_festival(std::vector<Voice>& voices) {
  const ProcessResult result = run_process({"festival", "-b", "(print (voice.list))"});
  if (result.status != 0) return;
  std::string names = result.output;
  std::erase_if(names, [](char c) { return c == '(' || c == ')'; });
  for (const std::string& name : words_of(names)) voices.push_back({"festival", name});
}

// --- Words

std::vector<std::string> command_of(const std::string& word, const Voice& voice, double speed, double pitch,
                                    const fs::path& folder) {
  const std::string wav = folder / "word.wav", text = folder / "word.txt";
  if (voice.program == "espeak-ng")
    return {"espeak-ng",
            "-v",
            voice.name,
            "-s",
            fmt::format("{:.0f}", 165 * speed),
            "-p",
            fmt::format("{:.0f}", std::clamp(50 * pitch, 0.0, 99.0)),
            "-w",
            wav,
            "--",
            word};
  if (voice.program == "flite")
    return {"flite",
            "-voice",
            voice.name,
            "--setf",
            fmt::format("duration_stretch={:.2f}", 1 / speed),
            "--setf",
            fmt::format("int_f0_target_mean={:.0f}", 120 * pitch),
            "-t",
            word,
            "-o",
            wav};
  write_file(text, word);
  return {"text2wave",
          "-eval",
          fmt::format("(begin (voice_{}) (Parameter.set 'Duration_Stretch {:.2f}))", voice.name, 1 / speed),
          "-o",
          wav,
          text};
}

/// Without what is 40 dB below the loudest at both ends, but for a twentieth of a second.
Sound trimmed(Sound sound) {
  float loudest = 0;
  for (const float x : sound.samples) loudest = std::max(loudest, std::abs(x));
  const auto is_loud = [&](float x) { return std::abs(x) > loudest / 100; };
  const auto first = std::ranges::find_if(sound.samples, is_loud);
  if (loudest == 0 || first == sound.samples.end()) return sound;
  const auto last = std::find_if(sound.samples.rbegin(), sound.samples.rend(), is_loud).base();
  const std::ptrdiff_t margin = sound.rate_hz / 20;
  const auto begin = first - std::min(margin, first - sound.samples.begin());
  const auto end = last + std::min(margin, sound.samples.end() - last);
  return {sound.rate_hz, std::vector<float>(begin, end)};
}

// --- Rooms

double between(double least, double most, std::mt19937& random) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

void scale_to(std::vector<float>& samples, double rms) {
  double sum = 0;
  for (const float x : samples) sum += double(x) * x;
  const double now = std::sqrt(sum / static_cast<double>(std::max<std::size_t>(samples.size(), 1)));
  if (now > 0)
    for (float& x : samples) x = static_cast<float>(x * rms / now);
}

double decibels(double level) { return std::pow(10, level / 20); }

/// White noise through one pole: 0 stays white, near 1 it rumbles.
std::vector<float> coloured_noise(std::size_t count, double pole, std::mt19937& random) {
  std::normal_distribution<double> normal;
  std::vector<float> noise(count);
  double state = 0;
  for (float& x : noise) x = static_cast<float>(state = pole * state + normal(random));
  return noise;
}

/// A few echoes that die away, as from walls some metres off.
void add_echoes(std::vector<float>& samples, int rate_hz, std::mt19937& random) {
  const double loss_db = between(20, 60, random);
  const std::vector<float> dry = samples;
  for (int echo = 0; echo < 12; ++echo) {
    const double delay_s = between(0.003, 0.12, random), sign = random() & 1 ? 1 : -1;
    const double gain = sign * decibels(-6 - loss_db * delay_s / 0.12) * 0.5;
    const auto delay = static_cast<std::size_t>(delay_s * rate_hz);
    for (std::size_t i = delay; i < samples.size(); ++i) samples[i] += static_cast<float>(gain * dry[i - delay]);
  }
}

}  // namespace

std::vector<Voice> find_voices(const std::string& language) {
  std::vector<Voice> voices;
  add_espeak(language, voices);
  if (language.starts_with("en")) add_flite(voices), add_festival(voices);
  if (voices.empty())
    throw Error({"the language " + language, "no speech synthesizer with such a voice is installed",
                 "install Debian's packages espeak-ng, flite and festival; `espeak-ng --voices` lists its languages"});
  return voices;
}

Sound spoken(const std::string& word, const Voice& voice, double speed, double pitch) {
  const TemporaryFolder folder;
  const ProcessResult result = run_process(command_of(word, voice, speed, pitch, folder.path()));
  if (result.status != 0 || !fs::exists(folder.path() / "word.wav"))
    throw Error({fmt::format("{}, voice {}", voice.program, voice.name),
                 fmt::format("cannot say \"{}\": {}", word, result.output), "try another word or another language"});
  return trimmed(read_sound(folder.path() / "word.wav"));
}

Sound room_noise(double seconds, int rate_hz, std::mt19937& random) {
  const auto count = static_cast<std::size_t>(seconds * rate_hz);
  Sound noise{rate_hz, coloured_noise(count, between(0, 0.98, random), random)};
  const double turns = between(0.2, 3, random), depth = between(0, 0.9, random), phase = between(0, 6.3, random);
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = 2 * std::numbers::pi * turns * static_cast<double>(i) / static_cast<double>(count) + phase;
    noise.samples[i] *= static_cast<float>(1 + depth * std::sin(angle));
  }
  scale_to(noise.samples, decibels(between(-75, -25, random)));
  return noise;
}

Sound heard_in_a_room(const Sound& word, double seconds, int rate_hz, std::mt19937& random) {
  Sound voice = word;  // played faster or slower it comes from a smaller or a larger throat
  voice.rate_hz = static_cast<int>(word.rate_hz * between(0.92, 1.08, random));
  voice = resampled(voice, rate_hz);
  const auto count = static_cast<std::size_t>(seconds * rate_hz);
  std::vector<float> said = voice.samples;
  if (said.size() > count) said.resize(count);
  scale_to(said, decibels(between(-38, -14, random)));
  Sound heard{rate_hz, std::vector<float>(count, 0)};
  const auto first = static_cast<std::ptrdiff_t>(between(0, 1, random) * static_cast<double>(count - said.size()));
  std::ranges::copy(said, heard.samples.begin() + first);
  add_echoes(heard.samples, rate_hz, random);
  std::vector<float> noise = coloured_noise(count, between(0, 0.98, random), random);
  scale_to(noise, decibels(between(-85, -40, random)));
  for (std::size_t i = 0; i < count; ++i) heard.samples[i] += noise[i];
  return heard;
}

}  // namespace dragonet
