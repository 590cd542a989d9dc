#include "board/memory_map.h"

#include <catch2/catch.hpp>

using namespace dragonet;
using Catch::Matchers::Contains;
using Kind = MemoryBlock::Kind;
using Room = Symbol::Room;

// 64 B of vectors, 1 000 of model code, 40 000 of constants, 24 of nameless text; activations, variables and stack.
static FirmwareImage example(std::uint32_t constants = 40'000, std::uint32_t activations = 20'000) {
  FirmwareImage image;
  image.symbols = {{"vectors", 0x2000, 64, false, Room::firmware_code},
                   {"m::layer_00_conv_2d", 0x2040, 600, true, Room::model_code},
                   {"m::invoke", 0x2298, 400, true, Room::model_code},
                   {"m::layer_00_conv_2d_weights", 0x2428, constants, false, Room::constants},
                   {"io::model_state", 0x2000'0000, activations, false, Room::activations},
                   {"io::session", 0x2000'0000 + activations, 100, false, Room::other_ram}};
  image.flash.total = 0x428 + constants + 24;
  image.ram = {.activations = activations, .static_ = 100, .stack = 500, .total = activations + 600, .limit = 32'768};
  return image;
}

static std::vector<std::pair<Kind, std::uint32_t>> kinds_and_bytes(const MemoryColumn& column) {
  std::vector<std::pair<Kind, std::uint32_t>> all;
  for (const MemoryBlock& block : column.blocks) all.push_back({block.kind, block.bytes});
  return all;
}

TEST_CASE("a column's blocks are the memory, in order of address and without a gap") {
  const std::vector<MemoryColumn> columns = memory_columns(example(), find_board("mkrzero"));
  CHECK(kinds_and_bytes(columns[0]) == std::vector<std::pair<Kind, std::uint32_t>>{{Kind::bootloader, 0x2000},
                                                                                   {Kind::firmware, 64},
                                                                                   {Kind::model_code, 1000},
                                                                                   {Kind::constants, 40'000},
                                                                                   {Kind::firmware, 24},
                                                                                   {Kind::free, 253'952 - 41'088}});
  CHECK(kinds_and_bytes(columns[1]) ==
        std::vector<std::pair<Kind, std::uint32_t>>{
            {Kind::activations, 20'000}, {Kind::variables, 100}, {Kind::free, 12'168}, {Kind::stack, 500}});
  for (const MemoryColumn& column : columns)
    for (std::size_t i = 1; i < column.blocks.size(); ++i)
      CHECK(column.blocks[i].start == column.blocks[i - 1].start + column.blocks[i - 1].bytes);
}

TEST_CASE("what does not fit stands above the memory's end") {
  const std::vector<MemoryColumn> columns = memory_columns(example(300'000, 33'000), find_board("mkrzero"));
  CHECK(columns[0].blocks.back().kind == Kind::beyond);
  CHECK(columns[0].blocks.back().start == 0x4'0000);
  CHECK(columns[0].blocks.back().bytes == 0x2428 + 300'024 - 0x4'0000);
  CHECK(columns[1].blocks.back().kind == Kind::beyond);
  CHECK(columns[1].blocks.back().bytes == 33'600 - 32'768);
}

static std::size_t columns_of(const std::string& line) {  // of UTF-8: every byte but those that continue a character
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

TEST_CASE("the map in text is 80 columns wide, from the highest address to the lowest, with what is free") {
  const std::string map = memory_map_text(example(), find_board("mkrzero"), false);
  std::istringstream lines(map);
  for (std::string line; std::getline(lines, line);) CHECK(columns_of(line) <= 80);
  CHECK(map.find("0x40000 ┌") < map.find("0x2000 ├"));
  CHECK(map.find("0x2000 ├") < map.find("0x0 └"));
  CHECK_THAT(map, Contains("free         212 864 B") && Contains("free          12 168 B") && Contains("vectors"));
  CHECK_THAT(map, Contains("──↓↓──") && Contains("* smaller than its line") && !Contains("\033["));
  CHECK_THAT(memory_map_text(example(), find_board("mkrzero"), true), Contains("\033["));
}

TEST_CASE("the map in text is to scale: activations of 20 000 B stand three lines for every two of 12 168 B free") {
  const std::string map = memory_map_text(example(), find_board("mkrzero"), false);
  std::istringstream lines(map);
  int activations = 0, free = 0;
  bool in_free = false;
  for (std::string line; std::getline(lines, line);) {
    const bool is_edge = line.ends_with("┤") || line.ends_with("┘");
    if (is_edge)
      in_free = line.find("↓↓") != std::string::npos;
    else if (in_free)
      ++free;
    else if (line.ends_with("│") && line.rfind("██") > 60)
      ++activations;
  }
  CHECK(free == 8);  // of 22 lines, of which stack and variables take one each
  CHECK(activations >= 12);
}

TEST_CASE("the picture is to scale to a hundredth of a point, and whole by itself") {
  const std::string svg = memory_map_svg(example(), find_board("mkrzero"));
  CHECK_THAT(svg, Contains("height=\"280.76\" class=\"activations\""));  // 460 * 20 000 / 32 768
  CHECK_THAT(svg, Contains("height=\"70.19\" class=\"constants\""));     // 460 * 40 000 / 262 144
  CHECK_THAT(svg, Contains("prefers-color-scheme: dark") && !Contains("href") && !Contains("url("));
  CHECK_THAT(svg, Contains("0x20008000") && Contains("Arduino MKR Zero"));
}

TEST_CASE("map and picture call a layer by the name that reports have for it") {
  FirmwareImage image = example();
  image.emitted.layers = {"layer_00_conv_2d"};
  image.emitted.layer_names = {"conv1d_3"};
  for (const std::string& map :
       {memory_map_text(image, find_board("mkrzero"), false), memory_map_svg(image, find_board("mkrzero"))})
    CHECK_THAT(map, Contains("conv1d_3") && !Contains("layer_00"));
}
