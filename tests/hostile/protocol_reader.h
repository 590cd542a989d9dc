#pragma once

#include <cstdint>
#include <span>

/// Answers the commands in `input`, to nobody, up to its end.
void serve_protocol(std::span<const std::uint8_t> input);
