#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <sstream>

#include "base/files.h"
#include "data/dataset.h"

using namespace dragonet;

// The order in which data flows: docs/architecture.md. A folder may include itself and those before it.
static const std::vector<std::string> folders{"base",     "data",    "features", "model", "ops",     "tflite", "train",
                                              "quantize", "compile", "board",    "judge", "project", "learn",  "app"};

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

/// Code that we emit is text here, and may print.
static std::string without_strings(const std::string& code) {
  std::string text;
  for (std::size_t at = 0; at < code.size();) {
    if (code.compare(at, 3, "R\"(") == 0) {
      at = std::min(code.find(")\"", at), code.size() - 2) + 2;
    } else if (code[at] == '"') {
      for (++at; at < code.size() && code[at] != '"'; ++at) at += code[at] == '\\';
      ++at;
    } else if (code.compare(at, 2, "//") == 0) {
      at = std::min(code.find('\n', at), code.size());
    } else {
      text += code[at++];
    }
  }
  return text;
}

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
  const std::vector<std::string> own{"kernels", "features", "io", "chips", "cores", "boards"};
  for (const fs::path& file : files_below("firmware")) {
    if (!is_source(file)) continue;
    for (const std::string& included : included_folders(file)) {
      INFO(file << " includes " << included);
      CHECK(std::ranges::count(own, included) == 1);
    }
  }
}

TEST_CASE("only src/app includes CLI11, prints, or asks for the current folder", "[fast]") {
  const std::regex speech("CLI11|<CLI/|\\b(std::cout|std::cerr|std::puts|std::fprintf|fmt::print)\\b|current_path\\(");
  for (const fs::path& file : files_below("src")) {
    if (!is_source(file) || *std::next(file.begin()) == "app" || file.string().ends_with("_test.cpp")) continue;
    const std::string text = without_strings(read_text(file));
    std::smatch found;
    const bool speaks = std::regex_search(text, found, speech);
    INFO(file << " has " << found.str());
    CHECK(!speaks);
  }
}

TEST_CASE("no two headers share a name", "[fast]") {
  std::map<std::string, fs::path> known;
  for (const char* folder : {"src", "firmware", "tests"})
    for (const fs::path& file : files_below(folder)) {
      if (file.extension() != ".h") continue;
      const auto [other, is_new] = known.emplace(file.filename(), file);
      INFO(file << " and " << other->second);
      CHECK(is_new);
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
  std::istringstream text(without_strings(read_text(file)));
  bool is_hidden = false;
  for (std::string line; std::getline(text, line);) {
    if (line == "namespace {" || line == "}  ") is_hidden = line == "namespace {";  // its comment is gone
    std::smatch found;
    static const std::regex definition(
        "^(?:struct|class|union|enum|enum class|enum struct) (\\w+)(?: final)?(?: ?:[^:{;][^{;]*)? ?\\{.*");
    if (!is_hidden && std::regex_match(line, found, definition)) types.push_back(found[1]);
  }
  return types;
}

TEST_CASE("definitions of one line, with bases and of all keywords are seen", "[fast]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.h",
             "struct A { int x; };\nclass B final : public A {\nenum class C : int { one };\nunion D {\nstruct E;\n"
             "namespace {\nstruct Hidden {};\n}  // namespace\nenum F { two };\n");
  CHECK(visible_types(folder.path() / "a.h") == std::vector<std::string>{"A", "B", "C", "D", "F"});
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
