#include "project/toml_section.h"

#include <algorithm>

namespace dragonet {

void Section::refuse_others() const {
  if (!table_) return;
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (node.is_table() && name_.empty()) continue;
    if (std::ranges::find(known_, name) == known_.end())
      refuse(node, fmt::format("the setting {} is not known", full(name)),
             known_.empty() ? "remove it" : fmt::format("did you mean {}?", full(nearest(name, known_))));
  }
}

}  // namespace dragonet
