#include "data/letters.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "data/text_table.h"

namespace dragonet {

std::string folded(std::string_view name) {
  name = trimmed(name);
  utf8proc_uint8_t* out = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
  const utf8proc_ssize_t bytes = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                              static_cast<utf8proc_ssize_t>(name.size()), &out, options);
  if (bytes < 0) return lower(name);  // no UTF-8
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, std::free);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(bytes)};
}

}  // namespace dragonet
