// toml++ is a header; its functions are compiled here once, not in each file that reads TOML (CMakeLists.txt defines
// TOML_HEADER_ONLY as 0).
#define TOML_IMPLEMENTATION

#include <stdexcept>

// It asserts where a file breaks its assumptions, as "[&name]" did: parse_toml makes a sentence of that.
#define TOML_ASSERT(expression) ((expression) ? static_cast<void>(0) : throw std::logic_error(#expression))
#include <toml++/toml.h>
