#pragma once

namespace dragonet {

/// How pictures become a model's input; kept in the model's metadata, so that the chip computes what training saw.
struct ImageFeatureSettings {
  int height = 0, width = 0, channels = 0;  // of the model's input; 0: no image features
  int background = 128;                     // grey put behind transparent pixels and around images that are not square
};

}  // namespace dragonet
