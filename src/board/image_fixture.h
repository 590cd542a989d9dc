// Small programs for tests, compiled and linked by the cross compiler for the MKR Zero's addresses.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "base/files.h"
#include "base/process.h"

namespace dragonet {

struct Fixture {
  std::shared_ptr<TemporaryFolder> folder;
  fs::path object, elf;
};

inline const char* const fixture_script = R"(
MEMORY {
  FLASH (rx) : ORIGIN = 0x2000, LENGTH = 0x3E000
  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 0x8000
}
ENTRY(Reset_Handler)
SECTIONS {
  .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) } > FLASH
  .data : { *(.data*) } > RAM AT > FLASH
  .bss (NOLOAD) : { *(.bss*) } > RAM
}
)";

inline const char* const fixture_vectors = R"(
  extern "C" void Reset_Handler();
  __attribute__((section(".vectors"), used)) static void (*const vectors[])() = {Reset_Handler};
)";

// `source` defines Reset_Handler; its .ci file lies beside the object.
inline Fixture link_fixture(const std::string& source, const std::string& optimization = "-O2") {
  auto folder = std::make_shared<TemporaryFolder>();
  const fs::path& path = folder->path();
  Fixture fixture{folder, path / "fixture.o", path / "fixture.elf"};
  write_file(path / "fixture.cpp", fixture_vectors + source);
  write_file(path / "fixture.ld", fixture_script);
  const ProcessResult compiled =
      run_process({"arm-none-eabi-g++", "-std=gnu++11", optimization, "-mcpu=cortex-m0plus", "-mthumb",
                   "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-fcallgraph-info=su", "-ffunction-sections",
                   "-fdata-sections", "-c", (path / "fixture.cpp").string(), "-o", fixture.object.string()});
  INFO(compiled.output);
  REQUIRE(compiled.status == 0);
  const ProcessResult linked =
      run_process({"arm-none-eabi-g++", "-mcpu=cortex-m0plus", "-mthumb", "-nostdlib", "-Wl,--no-warn-rwx-segments",
                   "-T", (path / "fixture.ld").string(), fixture.object.string(), "-lgcc", "-o", fixture.elf.string()});
  INFO(linked.output);
  REQUIRE(linked.status == 0);
  return fixture;
}

}  // namespace dragonet
