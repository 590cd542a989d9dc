#include "board/elf.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/image_fixture.h"

using namespace dragonet;
using Catch::Matchers::Contains;

TEST_CASE("a readable name has neither parameters nor what a template returns") {
  CHECK(readable_name("_ZN6dragonL16layer_03_conv_2dERNS_5ModelE") == "dragon::layer_03_conv_2d");
  CHECK(readable_name("_ZN6dragonL16layer_03_conv_2dERNS_5ModelE.constprop.0") == "dragon::layer_03_conv_2d");
  CHECK(readable_name("_ZN7kernels3rowILi3EEEvPa") == "kernels::row<3>");
  CHECK(readable_name("_ZN12_GLOBAL__N_14leafEi") == "(anonymous namespace)::leaf");
  CHECK(readable_name("_ZZN8dragonet9print_hexEhE6digits") == "dragonet::print_hex::digits");
  CHECK(readable_name("_ZNK1C1fEv") == "C::f");
  CHECK(readable_name("__aeabi_idiv") == "__aeabi_idiv");
}

TEST_CASE("sections and symbols are where binutils' readelf and nm say") {
  const Fixture fixture = link_fixture(R"(
    extern "C" { int counter = 7; int zeros[25]; extern const short table[3] = {1, 2, 3}; }
    extern "C" void Reset_Handler() { zeros[counter] = table[zeros[0]]; }
  )");
  const Elf elf = read_elf(fixture.elf);
  const std::string nm = run_process({"arm-none-eabi-nm", "-S", fixture.elf.string()}).output;
  int things = 0;
  for (const ElfSymbol& symbol : elf.symbols)
    if (symbol.bytes) {
      CHECK_THAT(nm, Contains(fmt::format("{:08x} {:08x}", symbol.address, symbol.bytes)));
      ++things;
    }
  CHECK(things == 5);  // vectors, Reset_Handler, table, counter, zeros
  REQUIRE(elf.section_at(0x2000'0000));
  CHECK(elf.section_at(0x2000'0000)->name == ".data");
  CHECK(elf.section_at(0x2000'0000)->contents == Bytes{7, 0, 0, 0});
  CHECK(elf.section_at(0x2000'0000)->load_address > 0x2000);
  CHECK(elf.section_at(0x2000'0000)->load_address < 0x3000);
  CHECK(elf.section_at(0x1000'0000) == nullptr);
}

TEST_CASE("marks of code and data are those of the board's memory: what is for debuggers has others") {
  const Fixture fixture = link_fixture(R"(
    asm(".pushsection .debug_frame\n .word 1, 2, 3\n .popsection");
    extern "C" void Reset_Handler() {}
  )");
  const Elf elf = read_elf(fixture.elf);
  CHECK(!elf.marks.empty());
  for (const ElfMark& mark : elf.marks) CHECK(elf.section_at(mark.address));
}

TEST_CASE("a function is found by any address in it, and none by the address behind") {
  const Fixture fixture = link_fixture(R"(extern "C" void Reset_Handler() { asm volatile("nop\n nop"); })");
  const Elf elf = read_elf(fixture.elf);
  for (const ElfSymbol& symbol : elf.symbols)
    if (symbol.name == "Reset_Handler") {
      CHECK(elf.function_at(symbol.address + symbol.bytes - 2) == &symbol);
      CHECK(elf.function_at(symbol.address + symbol.bytes) == nullptr);
    }
}

TEST_CASE("a file that is no Arm program is refused by name, and so is half of one") {
  CHECK_THROWS_WITH(read_elf("/proc/self/exe"), Contains("/proc/self/exe: this is no little-endian Arm ELF file"));
  const Fixture fixture = link_fixture(R"(extern "C" void Reset_Handler() {})");
  const Bytes whole = read_bytes(fixture.elf);
  for (std::size_t size : {0, 10, 60, 300}) try {
      write_file(fixture.elf, std::span(whole).first(size));
      const Elf elf = read_elf(fixture.elf);
      CHECK(elf.symbols.empty());
    } catch (const Error& error) {
      CHECK_THAT(error.what(), Contains("fixture.elf"));
    }
}
