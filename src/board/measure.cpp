#include "board/measure.h"

#include <algorithm>

namespace dragonet {
namespace {

using Room = Symbol::Room;

Room room_of_variable(const std::string& name) {
  const std::string object = unqualified(name);
  if (object == firmware_object::model) return Room::activations;
  if (object == firmware_object::listener) return Room::features;
  return object == firmware_object::input ? Room::input : Room::other_ram;
}

Room room_of(const ElfSymbol& symbol, const std::string& name, const Elf& elf,
             const std::set<std::string>& model_names) {
  const ElfSection* const section = elf.section_at(symbol.address);
  if (section && section->writable) return room_of_variable(name);
  if (!model_names.contains(symbol.name)) return Room::firmware_code;
  return symbol.is_function ? Room::model_code : Room::constants;
}

std::vector<Symbol> symbols_of(const Elf& elf, const std::set<std::string>& model_names) {
  std::vector<Symbol> symbols;
  for (const ElfSymbol& symbol : elf.symbols) {
    if (symbol.bytes == 0) continue;  // marks of the linker script
    const std::string name = readable_name(symbol.name);
    symbols.push_back({.name = name,
                       .address = symbol.address,
                       .bytes = symbol.bytes,
                       .is_function = symbol.is_function,
                       .room = room_of(symbol, name, elf, model_names)});
  }
  return symbols;
}

std::uint32_t bytes_in(const std::vector<Symbol>& symbols, Room room) {
  std::uint32_t bytes = 0;
  for (const Symbol& symbol : symbols) bytes += symbol.room == room ? symbol.bytes : 0;
  return bytes;
}

std::uint32_t flash_end(const Elf& elf, const Board& board) {
  std::uint32_t end = board.application;
  for (const ElfSection& section : elf.sections)
    if (section.in_file) end = std::max(end, section.load_address + section.bytes);
  return end;
}

// Too many variables may lie behind the end of RAM, but still in the addresses from its start.
std::uint32_t ram_end(const Elf& elf, const Board& board) {
  std::uint32_t end = board.ram.base;
  for (const ElfSection& section : elf.sections)
    if (section.writable && section.address >= board.ram.base) end = std::max(end, section.address + section.bytes);
  return end;
}

FlashUse flash_use(const FirmwareImage& image, const Elf& elf, const Board& board) {
  FlashUse use{.constants = bytes_in(image.symbols, Room::constants),
               .model_code = bytes_in(image.symbols, Room::model_code)};
  use.total = flash_end(elf, board) - board.application;
  use.firmware_code = use.total - use.constants - use.model_code;
  use.limit = board.flash_usable();
  return use;
}

RamUse ram_use(const FirmwareImage& image, const Elf& elf, const Board& board, std::uint32_t stack) {
  RamUse use{.activations = bytes_in(image.symbols, Room::activations),
             .features = bytes_in(image.symbols, Room::features),
             .input = bytes_in(image.symbols, Room::input)};
  const std::uint32_t variables = ram_end(elf, board) - board.ram.base;
  use.static_ = variables - use.activations - use.features - use.input;
  use.stack = stack;
  use.total = variables + stack;
  use.limit = board.ram.bytes;
  return use;
}

}  // namespace

FirmwareImage measure(const fs::path& path, const Board& board, const std::set<std::string>& model_names,
                      const Frames& frames) {
  const Elf elf = read_elf(path);
  const StackDepth stack = deepest_stack(elf, frames, "Reset_Handler");
  FirmwareImage image;
  image.elf = path;
  image.symbols = symbols_of(elf, model_names);
  image.flash = flash_use(image, elf, board);
  image.ram = ram_use(image, elf, board, stack.bytes);
  image.stack_chain = stack.chain;
  return image;
}

}  // namespace dragonet
