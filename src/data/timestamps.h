#pragma once

#include <optional>
#include <string_view>

namespace dragonet {

/// Seconds since 1970 of a date with a time of day as ISO 8601 writes it: "2024-05-01T12:00:00.020Z". A space may stand
/// for the T, the seconds may have a fraction or be left out, and so may the zone: then it is UTC, which makes no
/// difference to how far apart two such times are.
std::optional<double> seconds_of_timestamp(std::string_view text);

}  // namespace dragonet
