#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dragonet {

/// Text as it may stand in HTML, in an attribute between double or single quotes too.
std::string escaped(std::string_view text);

/// RFC 4648, section 4, padded.
std::string base64(std::span<const std::uint8_t> bytes);

/// The picture itself in place of an address (RFC 2397). The kind is told from its first bytes: PNG, JPEG, BMP, GIF,
/// SVG.
std::string data_uri(std::span<const std::uint8_t> image);

}  // namespace dragonet
