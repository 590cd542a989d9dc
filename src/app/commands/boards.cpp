#include <fmt/format.h>

#include "app/command.h"
#include "board/board.h"

namespace dragonet {

static Outcome list_boards() {
  Outcome outcome{.text = fmt::format("{:<10} {:<22} {:<14} {:<14} {:>8} {:>16} {:>10}", "id", "board", "chip", "core",
                                      "MHz", "flash usable B", "RAM B"),
                  .json = {{"boards", Json::array()}}};
  for (const Board& board : boards()) {
    outcome.text += fmt::format("\n{:<10} {:<22} {:<14} {:<14} {:>8} {:>16} {:>10}", board.id, board.name, board.chip,
                                board.core, board.clock_hz / 1'000'000, board.flash_usable(), board.ram.bytes);
    outcome.json["boards"].push_back({{"id", board.id},
                                      {"name", board.name},
                                      {"chip", board.chip},
                                      {"core", board.core},
                                      {"clock_hz", board.clock_hz},
                                      {"flash", board.flash_usable()},
                                      {"ram", board.ram.bytes}});
  }
  return outcome;
}

void add_boards(CLI::App& app, Action& action) {
  app.add_subcommand("boards", "the boards that are supported, with their limits")->callback([&] {
    action = list_boards;
  });
}

}  // namespace dragonet
