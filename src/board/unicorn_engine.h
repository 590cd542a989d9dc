#pragma once

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <cstdint>

#include "base/error.h"
#include "board/core.h"

namespace dragonet {

/// Unicorn with a core, as nothing but that: no memory, no registers.
struct UnicornEngine {
  explicit UnicornEngine(const Core& core) {
    // Without UC_MODE_MCLASS: with it, Unicorn 2.0.1 runs a Cortex-M33 whatever model is asked for.
    check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &uc));
    check(uc_ctl_set_cpu_model(uc, core.unicorn_model));
  }
  ~UnicornEngine() { uc_close(uc); }
  UnicornEngine(const UnicornEngine&) = delete;
  UnicornEngine& operator=(const UnicornEngine&) = delete;

  static void check(uc_err error) {
    if (error != UC_ERR_OK)
      throw Error({"virtual board", fmt::format("Unicorn answers: {}", uc_strerror(error)),
                   "is libunicorn 2.0.1 or later installed?"});
  }
  std::uint32_t get(uc_arm_reg reg) const {
    std::uint32_t value = 0;
    uc_reg_read(uc, reg, &value);
    return value;
  }
  void set(uc_arm_reg reg, std::uint32_t value) const { uc_reg_write(uc, reg, &value); }

  uc_engine* uc = nullptr;
};

}  // namespace dragonet
