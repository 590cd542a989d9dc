#pragma once

#include <string>
#include <string_view>

#include "base/files.h"

namespace dragonet {

/// Is this C or C++ rather than a binary file? Tutorials hand models out as `const unsigned char model[] = {0x1c,
/// ...};`.
bool looks_like_c(std::span<const std::uint8_t> file);

/// The bytes of the longest array of numbers in a C source, as `xxd -i` and Teachable Machine write them: hexadecimal
/// or decimal, comments and line ends between them. Throws Error if there is none, or a number is no byte.
Bytes bytes_of_c_array(std::string_view text, const std::string& source);

}  // namespace dragonet
