#pragma once

#include <random>
#include <string>
#include <vector>

#include "data/sound.h"

namespace dragonet {

/// One voice of a speech synthesizer that is installed.
struct Voice {
  std::string program, name;  // "espeak-ng", "en-us+f3"
};

/// Every voice of espeak-ng, flite and festival for a language ("en", "de", "en-us"); flite and festival speak English
/// only. Voices that are meant to sound like machines are left out. Throws Error if there are none.
std::vector<Voice> find_voices(const std::string& language);

/// A word spoken: speed and pitch are factors about 1. Silence around it is cut off. Throws Error with the
/// synthesizer's words if it cannot.
Sound spoken(const std::string& word, const Voice& voice, double speed, double pitch);

/// A word as a microphone in a room would hear it: another throat (resampled by up to 8 %), an echo, a place in the
/// window, a loudness, and noise. All at random.
///   returns  [seconds * rate_hz]    at rate_hz
Sound heard_in_a_room(const Sound& word, double seconds, int rate_hz, std::mt19937& random);

/// Nobody speaks: noise of a random colour and loudness that comes and goes.
Sound room_noise(double seconds, int rate_hz, std::mt19937& random);

}  // namespace dragonet
