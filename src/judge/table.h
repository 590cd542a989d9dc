#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// Cells below one another, two spaces between columns: numbers and what else ends alike to the right where `right`
/// says so, all else to the left. Widths are of characters, not bytes. A line each, without spaces at its end.
std::string table_text(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right = {});

}  // namespace dragonet
