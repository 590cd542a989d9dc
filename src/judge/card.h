#pragma once

#include <string>

#include "judge/report.h"

namespace dragonet {

/// The result at a glance, for a README: one SVG file, 960 wide and as high as what is known needs (about 450). No
/// script, no font, no address outside it; light or dark as its reader is, also where it stands in a page by <img>.
std::string result_card_svg(const Report& report);

}  // namespace dragonet
