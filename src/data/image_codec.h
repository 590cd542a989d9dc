// The functions of libdragonet_images.so, which is loaded late. Only image.cpp calls them.
#pragma once

#include <string>

#include "base/files.h"
#include "data/image.h"

extern "C" {
/// Throws dragonet::Error, with `where`, for a file that is no image or is larger than read_image allows.
void dragonet_decode_image(const dragonet::Bytes& file, const std::string& where, dragonet::Image& image);
void dragonet_encode_png(const dragonet::Image& image, dragonet::Bytes& file);
}
