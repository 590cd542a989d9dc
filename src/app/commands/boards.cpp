#include <CLI/CLI.hpp>

#include "app/command.h"
#include "board/board.h"
#include "judge/table.h"

namespace dragonet {

static Outcome list_boards(const Context&) {
  std::vector<std::vector<std::string>> rows{{"id", "board", "chip", "core", "MHz", "flash usable B", "RAM B"}};
  Outcome outcome{.json = {{"boards", Json::array()}}};
  for (const Board& board : boards()) {
    rows.push_back({board.id, board.name, board.part, board.core, std::to_string(board.clock_hz / 1'000'000),
                    std::to_string(board.flash_usable()), std::to_string(board.ram.bytes)});
    outcome.json["boards"].push_back({{"id", board.id},
                                      {"name", board.name},
                                      {"chip", board.part},
                                      {"core", board.core},
                                      {"clock_hz", board.clock_hz},
                                      {"flash", board.flash_usable()},
                                      {"ram", board.ram.bytes}});
  }
  outcome.text = table_text(rows, {false, false, false, false, true, true, true});
  outcome.text.pop_back();  // the last line ends where it is printed
  return outcome;
}

void add_boards(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("boards", "the boards that are supported, with their limits");
  tell_json(*command, "{boards: [{id, name, chip, core, clock_hz, flash, ram}]}; sizes in bytes");
  command->callback([&] { action = list_boards; });
}

}  // namespace dragonet
