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

constexpr double small = 1.2, medium = 1.06, large = 0.94, largest = 0.83;  // factors between sizes of throats

/// A variant speaks with every accent.
void add_espeak(const std::string& language, std::vector<Voice>& voices) {
  const std::vector<std::string> variants = espeak_variants();
  for (const std::string& name : espeak_languages(language))
    for (const std::string& variant : variants)
      voices.push_back({"espeak-ng", name + variant, variant.empty() ? "espeak" : variant.substr(1), 0.88, 1.14});
}

/// A voice that was recorded of a person: `person`.
void add_recorded(const char* program, const std::string& name, const std::string& person, std::vector<Voice>& voices) {
  voices.push_back({program, name, person + "_small", medium, small});
  voices.push_back({program, name, person + "_medium", large, medium});
  voices.push_back({program, name, person + "_large", largest, large});
}

/// "Voices available: kal awb_time kal16 awb rms slt"; awb_time only tells the time, and kal is kal16 by telephone.
void add_flite(std::vector<Voice>& voices) {
  const std::string text = run_process({"flite", "-lv"}).output;
  const bool has_kal16 = text.find("kal16") != std::string::npos;
  for (const std::string& line : lines_of(run_process({"flite", "-lv"})))
    for (const std::string& word : words_of(line))
      if (word != "Voices" && word != "available:" && word != "awb_time" && !(word == "kal" && has_kal16))
        add_recorded("flite", word, word == "kal16" ? "kal" : word, voices);
}

/// kal_diphone is the same person as flite's kal.
void add_festival(std::vector<Voice>& voices) {
  const ProcessResult result = run_process({"festival", "-b", "(print (voice.list))"});
  if (result.status != 0) return;
  std::string names = result.output;
  std::erase_if(names, [](char c) { return c == '(' || c == ')'; });
  for (const std::string& name : words_of(names))
    add_recorded("festival", name, name == "kal_diphone" ? "kal" : name, voices);
}

// --- Words

/// As SSML has it, which names the range of the pitch.
std::string marked_up(const std::string& text, double melody) {
  std::string escaped;
  for (const char c : text) escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return fmt::format("<prosody range=\"{:.0f}%\">{}</prosody>", 100 * melody, escaped);
}

/// `speed` and `pitch`: before the throat changes both.
std::vector<std::string> espeak_command(const std::string& text, const Voice& voice, double speed, double pitch,
                                        double melody, const std::string& wav) {
  return {"espeak-ng", "-m",
          "-v",        voice.name,
          "-s",        fmt::format("{:.0f}", std::max(80.0, 165 * speed)),
          "-p",        fmt::format("{:.0f}", std::clamp(50 * pitch, 0.0, 99.0)),
          "-w",        wav,
          "--",        marked_up(text, melody)};
}

std::vector<std::string> flite_command(const std::string& text, const Voice& voice, double speed, double pitch,
                                       double melody, const std::string& wav) {
  return {"flite",
          "-voice",
          voice.name,
          "--setf",
          fmt::format("duration_stretch={:.2f}", 1 / speed),
          "--setf",
          fmt::format("int_f0_target_mean={:.0f}", 120 * pitch),
          "--setf",
          fmt::format("int_f0_target_stddev={:.0f}", 12 * melody),
          "-t",
          text,
          "-o",
          wav};
}

std::vector<std::string> festival_command(const std::string& text, const Voice& voice, double speed,
                                          const std::string& wav) {
  const std::string file = wav + ".txt";
  write_file(file, text);
  return {"text2wave",
          "-eval",
          fmt::format("(begin (voice_{}) (Parameter.set 'Duration_Stretch {:.2f}))", voice.name, 1 / speed),
          "-o",
          wav,
          file};
}

std::vector<std::string> command_of(const std::string& word, const Voice& voice, const Manner& manner,
                                    const std::string& wav) {
  const double speed = manner.speed / manner.throat, pitch = manner.pitch / manner.throat;
  const std::string text = word + manner.ending;
  if (voice.program == "espeak-ng") return espeak_command(text, voice, speed, pitch, manner.melody, wav);
  if (voice.program == "flite") return flite_command(text, voice, speed, pitch, manner.melody, wav);
  return festival_command(text, voice, speed, wav);
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

// --- Phonemes

std::string without_stress(std::string phoneme) {
  std::erase_if(phoneme, [](char c) { return std::string("',%=|;_ ").find(c) != std::string::npos; });
  return phoneme;
}

/// "j_'E_s" -> j, E, s
std::vector<std::string> phonemes_in(const std::string& line) {
  std::vector<std::string> phonemes;
  std::istringstream parts(line);
  for (std::string part; std::getline(parts, part, '_');)
    if (part = without_stress(part); !part.empty()) phonemes.push_back(part);
  return phonemes;
}

std::vector<std::string> letters_of(const std::string& word) {
  std::vector<std::string> letters;
  for (const char c : word) letters.emplace_back(1, c);
  return letters;
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

Sound spoken(const std::string& word, const Voice& voice, const Manner& manner) {
  const TemporaryFolder folder;
  const fs::path wav = folder.path() / "word.wav";
  const ProcessResult result = run_process(command_of(word, voice, manner, wav));
  if (result.status != 0 || !fs::exists(wav))
    throw Error({fmt::format("{}, voice {}", voice.program, voice.name),
                 fmt::format("cannot say \"{}\": {}", word, result.output), "try another word or another language"});
  Sound sound = trimmed(read_sound(wav));
  sound.rate_hz = static_cast<int>(sound.rate_hz * manner.throat);
  return sound;
}

std::vector<std::vector<std::string>> phonemes_of(const std::vector<std::string>& words, const std::string& language) {
  std::string text;  // a sentence each: espeak-ng answers a line for each, and shortens none within it
  for (const std::string& word : words) text += word + ".\n";
  const std::vector<std::string> lines =
      lines_of(run_process({"espeak-ng", "-q", "-x", "--sep=_", "-v", language, "--", text}));
  std::vector<std::vector<std::string>> phonemes;
  for (std::size_t i = 0; i < words.size(); ++i)
    phonemes.push_back(lines.size() == words.size() ? phonemes_in(lines[i]) : letters_of(words[i]));
  return phonemes;
}

}  // namespace dragonet
