#pragma once

#include <string>
#include <vector>

#include "data/sound.h"

namespace dragonet {

/// One voice of a speech synthesizer that is installed, with throats of a certain size.
struct Voice {
  std::string program, name;         // "espeak-ng", "en-us+f3"
  std::string speaker;               // "f3", "slt_small": whose it is; the same in all accents and by all programs
  double least_throat, most_throat;  // which factors its formants can be moved by and still be this speaker's
};

/// Every voice of espeak-ng, flite and festival for a language ("en", "de", "en-us"); flite and festival speak English
/// only. Their few voices, which were recorded of people, are three speakers each: with a small, a medium and a large
/// throat. Voices that are meant to sound like machines are left out. Throws Error if there are none.
std::vector<Voice> find_voices(const std::string& language);

/// How a word is spoken. Factors are about 1, and of what the synthesizer would do by itself.
struct Manner {
  double speed = 1, pitch = 1;
  double throat = 1;        // factor of the formants: above 1 a smaller throat, as of a child; pitch and speed stay
  double melody = 1;        // factor of the pitch's range
  std::string ending = {};  // ".", "!", "?", ",": how the voice falls or rises
};

/// A word spoken. Silence around it is cut off. Throws Error with the synthesizer's words if it cannot.
Sound spoken(const std::string& word, const Voice& voice, const Manner& manner);

/// How each of the words sounds, by espeak-ng: its phonemes without stress, as espeak-ng writes them ("s", "t", "0",
/// "p"). Where espeak-ng is not installed, or cannot say, the word's letters.
std::vector<std::vector<std::string>> phonemes_of(const std::vector<std::string>& words, const std::string& language);

}  // namespace dragonet
