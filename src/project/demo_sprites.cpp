// Getting the unit sprites of The Battle for Wesnoth from Debian's archive as any user may: apt-get downloads the
// package without installing it, dpkg-deb opens it, neither needs root. Only the 6 000 unit sprites are kept, 20 MB of
// 170.

#include <fmt/format.h>

#include "base/error.h"
#include "base/process.h"
#include "project/demo_samples.h"

namespace dragonet {
namespace {

// Within the package's archive, where every name begins with "./".
constexpr const char* archived_units = "./usr/share/games/wesnoth/1.16/data/core/images/units";
constexpr int folders_above_units = 9;

[[noreturn]] void fail(const std::string& package, const std::string& what) {
  throw Error({.where = fmt::format("the demo's samples, Debian's package {}", package),
               .what = what,
               .next = "`apt-get update` may help; or start from any folder of labelled pictures, one folder a label: "
                       "`dragonet new NAME --kind image --samples DIR`"});
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);  // npos + 1 is 0
}

void run_or_fail(const std::string& package, const std::string& what, const std::vector<std::string>& arguments) {
  const ProcessResult result = run_process(arguments);
  if (result.status != 0) fail(package, fmt::format("{} failed ({})", what, last_line(result.output)));
}

/// apt-get writes into the folder where it runs.
fs::path download(const std::string& package, const fs::path& folder) {
  run_or_fail(package, "the download", {"env", "--chdir=" + folder.string(), "apt-get", "download", package});
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".deb") return entry.path();
  fail(package, "apt-get downloaded no package");
}

/// A shell for its pipe: the archive within a .deb is compressed in one of several ways, which dpkg-deb knows.
void extract_units(const std::string& package, const fs::path& deb, const fs::path& folder) {
  const std::string script = fmt::format("dpkg-deb --fsys-tarfile \"$1\" | tar -x -C \"$2\" --strip-components={} {}",
                                         folders_above_units, archived_units);
  run_or_fail(package, "unpacking", {"sh", "-c", script, "sh", deb.string(), folder.string()});
  if (!fs::exists(folder / "units" / "drakes"))
    fail(package, "the package holds no unit sprites where version 1.16 has them");
}

}  // namespace

fs::path find_sprites(const fs::path& cache_folder, const SpriteSource& source) {
  if (fs::exists(source.installed / "drakes")) return source.installed;
  const fs::path cached = fs::absolute(cache_folder) / source.package;
  if (fs::exists(cached)) return cached;

  const fs::path partial = fs::absolute(cache_folder) / "partial";
  fs::remove_all(partial);  // of a download that was cut off
  fs::create_directories(partial);
  const fs::path deb = download(source.package, partial);
  extract_units(source.package, deb, partial);
  fs::rename(partial / "units", cached);  // only a whole set gets the name that is looked for
  fs::remove_all(partial);
  return cached;
}

}  // namespace dragonet
