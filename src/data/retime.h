#pragma once

#include <random>

#include "data/sound.h"

namespace dragonet {

/// The same word with some of its sounds drawn out and others hurried, at random, by up to `most` (a factor: 1.5); its
/// pitch stays. A synthesizer gives each sound its length by rules, and people do as they like.
/// Source: Verhelst and Roelands 1993, "An overlap-add technique based on waveform similarity (WSOLA) for high quality
/// time-scale modification of speech".
Sound retimed(const Sound& word, double most, std::mt19937& random);

}  // namespace dragonet
