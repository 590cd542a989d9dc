#include "app/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"

namespace dragonet {

bool wants_color() { return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR"); }

static Optimize optimize_named(const std::string& name) {
  for (const Optimize each : {Optimize::ram, Optimize::balanced, Optimize::speed})
    if (name == name_of(each)) return each;
  throw Error({"--optimize", "there is no `" + name + "`", "give ram, balanced or speed"});
}

void add_optimize(CLI::App& command, Optimize& optimize) {
  command
      .add_option_function<std::string>(
          "--optimize", [&](const std::string& name) { optimize = optimize_named(name); },
          "what the plan is to be good at: ram, balanced or speed")
      ->default_str(name_of(optimize));
}

void say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

}  // namespace dragonet
