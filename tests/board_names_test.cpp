#include <catch2/catch.hpp>
#include <cctype>

#include "base/files.h"
#include "board/chip.h"

using namespace dragonet;

static std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// As a word of its own, in letters of either case. `text` is in lower case.
static bool names(const std::string& text, const std::string& id) {
  const auto is_part = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
  };
  for (std::size_t at = text.find(id); at != std::string::npos; at = text.find(id, at + 1))
    if (!(at > 0 && is_part(at - 1)) && !is_part(at + id.size())) return true;
  return false;
}

/// The tables, a chip's and a board's own rooms, and tests.
static bool may_name(const fs::path& file, const std::string& id) {
  const std::string path = file.generic_string();
  return path == "src/board/boards.cpp" || path == "src/board/chips.cpp" || path.ends_with("_test.cpp") ||
         path.starts_with("firmware/chips/" + id + "/") || path.starts_with("firmware/boards/" + id + "/") ||
         path.starts_with("src/board/chips/" + id + "_");
}

static std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const Chip& chip : chips()) ids.push_back(chip.id);
  for (const Board& board : boards()) ids.push_back(board.id);
  return ids;
}

TEST_CASE("no source names a board or a chip but the two tables and what is the board's or the chip's own") {
  int files = 0;
  for (const char* folder : {"src", "firmware"})
    for (const fs::path& file : files_below(folder)) {
      const std::string text = lower_case(read_text(file));
      ++files;
      for (const std::string& id : all_ids()) {
        INFO(file << " names " << id);
        CHECK((may_name(file, id) || !names(text, id)));
      }
    }
  CHECK(files > 300);
}

TEST_CASE("a name is found as a word of its own, in letters of either case") {
  CHECK(names(lower_case("a Pico's pins"), "pico"));
  CHECK(names("virtual-m4f", "virtual-m4f"));
  CHECK_FALSE(names("picoseconds, pico_2", "pico"));
}
