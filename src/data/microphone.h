#pragma once

#include <random>

#include "data/sound.h"

namespace dragonet {

// What a microphone in a room hears, all at random: rooms, noises, microphones, levels. Synthesizers resemble each
// other more than people do, and their recordings have no room at all, so these vary widely.

/// By how much a word is louder than what else is heard, in dB over the whole recording.
inline constexpr double least_word_snr_db = 3, most_word_snr_db = 50;

/// A word in a room: an echo, a place in the recording (a seventh of them is cut by its beginning or its end), noise,
/// the microphone's frequency response, sometimes overdriven, a loudness.
///   background   others who talk, at rate_hz; empty: noise is made up
///   returns      [seconds * rate_hz]    at rate_hz
Sound heard_in_a_room(const Sound& word, const Sound& background, double seconds, int rate_hz, std::mt19937& random);

/// Nobody speaks: hiss, rumble, wind, hum, clatter, tones, several of them or nearly nothing, by the same microphones.
Sound room_noise(double seconds, int rate_hz, std::mt19937& random);

/// Several sounds at once, each from a place at random, repeated as often as fits.
Sound mixed(const std::vector<Sound>& sounds, double seconds, int rate_hz, std::mt19937& random);

}  // namespace dragonet
