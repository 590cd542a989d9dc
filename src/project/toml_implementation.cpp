// toml++ is a header; its functions are compiled here once, not in each file that reads TOML (CMakeLists.txt defines
// TOML_HEADER_ONLY as 0).
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
