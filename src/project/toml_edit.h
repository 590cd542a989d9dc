#pragma once

#include <string>

#include "base/files.h"

namespace dragonet {

/// The same text with `section`.`key` = value; everything else, comments too, stays byte for byte. Where the key is not
/// there it becomes the first line of its section, and where the section is not there, both are put at the end.
///   value   as TOML: '"a"', "5"
///   source  the file, for messages
/// Throws Error where the text is no TOML, or has the section in a form that this cannot change (a = {b = 1}).
std::string with_setting(const std::string& text, const std::string& section, const std::string& key,
                         const std::string& value, const std::string& source);

}  // namespace dragonet
