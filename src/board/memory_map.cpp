#include "board/memory_map.h"

#include <fmt/format.h>

#include <algorithm>

namespace dragonet {
namespace {

using Kind = MemoryBlock::Kind;

Kind kind_of(Symbol::Room room) {
  switch (room) {
    case Symbol::Room::constants:
      return Kind::constants;
    case Symbol::Room::model_code:
      return Kind::model_code;
    case Symbol::Room::activations:
      return Kind::activations;
    case Symbol::Room::features:
      return Kind::features;
    case Symbol::Room::input:
      return Kind::input;
    case Symbol::Room::other_ram:
      return Kind::variables;
    case Symbol::Room::firmware_code:
      break;
  }
  return Kind::firmware;
}

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::bootloader:
      return "bootloader";
    case Kind::firmware:
      return "firmware";
    case Kind::model_code:
      return "model code";
    case Kind::constants:
      return "constants";
    case Kind::activations:
      return "activations";
    case Kind::features:
      return "features";
    case Kind::input:
      return "input";
    case Kind::variables:
      return "variables";
    case Kind::stack:
      return "stack";
    case Kind::free:
      return "free";
    case Kind::beyond:
      break;
  }
  return "does not fit";
}

std::string last_part(const std::string& name) { return name.substr(name.rfind(':') + 1); }

MemoryBlock block(Kind kind, std::uint32_t start, std::uint32_t end) {
  return {.kind = kind, .name = name_of(kind), .start = start, .bytes = end - start};
}

// Neighbours of one kind become one block, alignment between them included. A larger gap holds what has no name, such
// as the texts of the protocol: it is of the kind `nameless`.
class Runs {
 public:
  Runs(std::uint32_t start, std::uint32_t end, Kind nameless) : end_(start), limit_(end), nameless_(nameless) {}

  void add(const Symbol& symbol) {
    if (symbol.address < end_ || symbol.address >= limit_) return;
    if (symbol.address - end_ >= alignment_max) extend(nameless_, symbol.address, "");
    const Kind kind = kind_of(symbol.room);
    // Alone, a piece of the firmware goes by its own name: the vector table.
    extend(kind, symbol.address + symbol.bytes, kind == Kind::firmware ? last_part(symbol.name) : "");
  }

  std::vector<MemoryBlock> finish() {
    if (limit_ - end_ >= alignment_max || blocks_.empty()) extend(nameless_, limit_, "");
    blocks_.back().bytes = limit_ - blocks_.back().start;
    return blocks_;
  }

 private:
  static constexpr std::uint32_t alignment_max = 8;

  void extend(Kind kind, std::uint32_t end, const std::string& name) {
    const bool is_new = blocks_.empty() || blocks_.back().kind != kind;
    if (is_new) blocks_.push_back(block(kind, end_, end));
    if (is_new && !name.empty()) blocks_.back().name = name;
    if (!is_new) blocks_.back() = block(kind, blocks_.back().start, end);
    end_ = end;
  }

  std::vector<MemoryBlock> blocks_;
  std::uint32_t end_, limit_;
  const Kind nameless_;
};

std::vector<MemoryBlock> runs(const std::vector<Symbol>& symbols, std::uint32_t start, std::uint32_t end,
                              Kind nameless) {
  Runs found(start, end, nameless);
  for (const Symbol& symbol : symbols) found.add(symbol);
  return found.finish();
}

// What lies above the memory's end becomes one block, so that the picture shows how much it is.
void cut_at(std::vector<MemoryBlock>& blocks, std::uint32_t end) {
  const std::uint32_t top = blocks.back().start + blocks.back().bytes;
  if (top <= end) return;
  std::erase_if(blocks, [&](const MemoryBlock& b) { return b.start >= end; });
  blocks.back().bytes = end - blocks.back().start;
  blocks.push_back(block(Kind::beyond, end, top));
}

MemoryColumn flash_column(const FirmwareImage& image, const Board& board) {
  const std::uint32_t used = board.application + image.flash.total;
  const std::uint32_t end = board.flash.base + board.flash.bytes;
  MemoryColumn column{fmt::format("Flash {} KB", board.flash.bytes / 1024), {}};
  if (board.application > board.flash.base)
    column.blocks.push_back(block(Kind::bootloader, board.flash.base, board.application));
  for (const MemoryBlock& run : runs(image.symbols, board.application, used, Kind::firmware))
    column.blocks.push_back(run);
  if (used < end) column.blocks.push_back(block(Kind::free, used, end));
  cut_at(column.blocks, end);
  return column;
}

MemoryColumn ram_column(const FirmwareImage& image, const Board& board) {
  const std::uint32_t variables_end = board.ram.base + image.ram.total - image.ram.stack;
  const std::uint32_t end = board.ram.base + board.ram.bytes;
  const std::uint32_t stack_start = std::max(variables_end, end - std::min(end, image.ram.stack));
  MemoryColumn column{fmt::format("RAM {} KB", board.ram.bytes / 1024), {}};
  column.blocks = runs(image.symbols, board.ram.base, variables_end, Kind::variables);
  if (variables_end < stack_start) column.blocks.push_back(block(Kind::free, variables_end, stack_start));
  column.blocks.push_back(block(Kind::stack, stack_start, stack_start + image.ram.stack));
  cut_at(column.blocks, end);
  return column;
}

}  // namespace

std::vector<MemoryColumn> memory_columns(const FirmwareImage& image, const Board& board) {
  return {flash_column(image, board), ram_column(image, board)};
}

}  // namespace dragonet
