#pragma once

#include <cstdint>
#include <span>

namespace dragonet {

/// Throws std::runtime_error where items of CBOR lie in each other deeper than that, or a text of chunks (RFC 8949,
/// section 3.2.3) has chunks that are none themselves: readers that recurse would overflow the stack. Anything else
/// that is wrong is left to the reader.
void check_cbor_depth(std::span<const std::uint8_t> bytes, std::size_t deepest);

}  // namespace dragonet
