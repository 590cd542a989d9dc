#include "base/late.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/files.h"

namespace dragonet {

static Error not_loaded(const LateLibrary& library, const fs::path& path) {
  return Error(
      Problem{.where = path.string(),
              .what = fmt::format("{} needs this library, and it cannot be loaded ({})", library.purpose, dlerror()),
              .next = "`make build` builds it; docs/dependencies.md lists the packages that it needs"});
}

void* late_symbol(const LateLibrary& library, const char* function) {
  const fs::path path = program_folder() / library.file;
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // counts: the second call only looks it up
  if (!handle) throw not_loaded(library, path);
  void* const address = dlsym(handle, function);
  if (!address) throw not_loaded(library, path);
  return address;
}

}  // namespace dragonet
