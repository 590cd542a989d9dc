#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace dragonet {

/// SHA-256 in hex.
std::string sha256_of(std::span<const std::uint8_t> bytes);

}  // namespace dragonet
