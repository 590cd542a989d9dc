#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <sstream>

#include "base/files.h"
#include "data/dataset.h"

using namespace dragonet;

// The order in which data flows: docs/architecture.md. A folder may include itself and those before it.
static const std::vector<std::string> folders{"base",  "data",     "features", "model", "ops",   "tflite",
                                              "train", "quantize", "compile",  "board", "judge", "app"};

static int rank_of(const std::string& folder) {
  return static_cast<int>(std::ranges::find(folders, folder) - folders.begin());
}

/// The first parts of the paths that a file includes in quotes.
static std::vector<std::string> included_folders(const fs::path& file) {
  const std::string text = read_text(file);
  const std::regex include("#include \"([a-z_]+)/");
  std::vector<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), include); at != std::sregex_iterator(); ++at)
    found.push_back((*at)[1]);
  return found;
}

static bool is_source(const fs::path& file) { return file.extension() == ".cpp" || file.extension() == ".h"; }

TEST_CASE("a folder of src includes only folders above it, and firmware's kernels and features", "[fast]") {
  int files = 0;
  for (const fs::path& file : files_below("src")) {
    if (!is_source(file)) continue;
    ++files;
    const std::string folder = *std::next(file.begin());
    REQUIRE(rank_of(folder) < static_cast<int>(folders.size()));
    for (const std::string& included : included_folders(file)) {
      INFO(file << " includes " << included);
      if (included != "kernels") CHECK(rank_of(included) <= rank_of(folder));  // features: of src or of firmware
    }
  }
  CHECK(files > 100);
}

TEST_CASE("firmware includes nothing of the host", "[fast]") {
  const std::vector<std::string> own{"kernels", "features", "io", "boards"};
  for (const fs::path& file : files_below("firmware")) {
    if (!is_source(file)) continue;
    for (const std::string& included : included_folders(file)) {
      INFO(file << " includes " << included);
      CHECK(std::ranges::count(own, included) == 1);
    }
  }
}

TEST_CASE("a board's name stands only in its rooms and in what lies above the table of boards", "[fast]") {
  for (const fs::path& file : files_below("src")) {
    const std::string folder = *std::next(file.begin());
    if (!is_source(file) || file.string().ends_with("_test.cpp") || rank_of(folder) >= rank_of("board")) continue;
    INFO(file);
    CHECK(read_text(file).find("mkrzero") == std::string::npos);
  }
}

TEST_CASE("only src/train includes LibTorch", "[fast]") {
  for (const fs::path& file : files_below("src")) {
    if (!is_source(file) || *std::next(file.begin()) == "train") continue;
    INFO(file);
    for (const char* library : {"#include <torch", "#include <ATen", "#include <c10"})
      CHECK(read_text(file).find(library) == std::string::npos);
  }
}

/// The types that a file defines where other files' types are: outside namespaces without a name.
static std::vector<std::string> visible_types(const fs::path& file) {
  std::vector<std::string> types;
  std::istringstream text(read_text(file));
  bool is_hidden = false;
  for (std::string line; std::getline(text, line);) {
    if (line == "namespace {" || line == "}  // namespace") is_hidden = line == "namespace {";
    std::smatch found;
    const std::regex definition("^(?:struct|class|enum class) (\\w+)(?: :[^{]*)? \\{(?: *//.*)?$");
    if (!is_hidden && std::regex_match(line, found, definition)) types.push_back(found[1]);
  }
  return types;
}

// The linker would take one's functions for both, without a word.
TEST_CASE("no two files define a type of one name in sight of each other", "[fast]") {
  std::map<std::string, fs::path> known;
  for (const char* folder : {"src", "tests"})
    for (const fs::path& file : files_below(folder))
      if (is_source(file))
        for (const std::string& type : visible_types(file)) {
          INFO(type << " in " << known[type] << " and in " << file);
          CHECK(known[type].empty());
          known[type] = file;
        }
}
