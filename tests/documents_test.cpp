// What holds for every document: lines that fit a screen, links that lead somewhere, and the words of docs/glossary.md.

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "base/files.h"
#include "data/dataset.h"

using namespace dragonet;

/// README.md, CONTRIBUTING.md, and every page in docs/, examples/ and bench/.
static std::vector<fs::path> documents() {
  std::vector<fs::path> found;
  for (const char* page : {"README.md", "CONTRIBUTING.md"})
    if (fs::exists(page)) found.emplace_back(page);
  for (const char* folder : {"docs", "examples", "bench"})
    for (const fs::path& file : files_below(folder))
      if (file.extension() == ".md") found.push_back(file);
  return found;
}

namespace {
struct Line {
  std::string text;
  int number;  // from 1
};
}  // namespace

/// Those that are neither in a code block, whose lines are fenced or indented by four, nor of a table.
static std::vector<Line> prose_of(const std::string& text) {
  std::vector<Line> prose;
  std::istringstream lines(text);
  bool is_fenced = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string trimmed = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    const bool is_fence = trimmed.starts_with("```");
    if (is_fence) is_fenced = !is_fenced;
    if (is_fence || is_fenced || line.starts_with("    ") || trimmed.starts_with("|")) continue;
    prose.push_back({line, number});
  }
  return prose;
}

/// Characters of UTF-8: all bytes but those that go on with one.
static auto columns(const std::string& text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

TEST_CASE("lines of documents have at most 120 columns, outside tables and code blocks") {
  for (const fs::path& file : documents())
    for (const Line& line : prose_of(read_text(file)))
      if (columns(line.text) > 120) FAIL_CHECK(file.string() << ":" << line.number << " has " << columns(line.text));
}

/// Targets of [text](target) and ![text](target), without their #fragment.
static std::vector<std::string> links_in(const std::string& text) {
  const std::regex link(R"(\]\(([^)#\s]+)[^)]*\))");
  std::vector<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), link); at != std::sregex_iterator(); ++at)
    found.push_back((*at)[1]);
  return found;
}

TEST_CASE("relative links of documents lead to files that exist") {
  for (const fs::path& file : documents())
    for (const std::string& target : links_in(read_text(file)))
      if (target.find("://") == std::string::npos && !fs::exists(file.parent_path() / target))
        FAIL_CHECK(file.string() << " links to " << target);
}

static bool is_source(const fs::path& file) {
  return file.extension() == ".cpp" || file.extension() == ".h" || file.extension() == ".S";
}

// Words of our own that the field's have replaced, in lower case. Only the glossary may still name them.
static const std::regex private_words("oddity|oddities", std::regex::icase);

TEST_CASE("documents and code use the field's words, not private ones") {
  std::vector<fs::path> files = documents();
  for (const char* folder : {"src", "firmware"})
    for (const fs::path& file : files_below(folder))
      if (is_source(file)) files.push_back(file);
  for (const fs::path& file : files) {
    if (file.filename() == "glossary.md") continue;
    std::smatch found;
    const std::string text = read_text(file);
    if (std::regex_search(text, found, private_words))
      FAIL_CHECK(file.string() << " says \"" << found.str() << "\": docs/glossary.md has the field's word");
  }
}
