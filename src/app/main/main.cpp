#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "app/command.h"
#include "app/messages.h"
#include "app/terminal_progress.h"
#include "base/error.h"
#include "base/files.h"
#include "base/printable.h"

namespace dragonet {

static void add_commands(CLI::App& app, Action& action) {
  for (const auto add : {add_new, add_data, add_train, add_test, add_convert, add_show, add_compile, add_run,
                         add_compare, add_boards, add_ops, add_runs, add_demo})
    add(app, action);
}

/// Colour for people at a terminal, and not where NO_COLOR is set.
static bool wants_color() { return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR"); }

static void print(const std::string& text) {
  if (std::puts(text.c_str()) < 0 || std::fflush(stdout) != 0)
    throw Error({"stdout", "could not be written", "is the disk full, or the pipe closed?"});
}

/// Names of files may hold any bytes; JSON only UTF-8.
static void print(const Json& json) { print(json_text(json, 2)); }

static int report(const Error& error, bool json, int status = 2) {
  for (const Problem& problem : error.problems)
    std::fprintf(messages(), "dragonet: %s\n", printable(sentence(problem)).c_str());
  if (json) std::puts(json_text({{"error", {{"problems", problems_json(error.problems)}}}}, 2).c_str());
  return status;
}

static Outcome outcome_of(const Action& action) {
  TerminalProgress terminal;  // ends its bar before an error is told
  return action(
      {.project_file = find_project_file(fs::current_path()), .observer = terminal.observer(), .color = wants_color()});
}

static int run(const Action& action, bool json) {
  try {
    const Outcome outcome = outcome_of(action);
    json ? print(outcome.json) : print(printable(outcome.text, wants_color()));
    return outcome.status;
  } catch (const Refusal& refusal) {
    return report(refusal, json, 1);
  } catch (const Error& error) {
    return report(error, json);
  } catch (const fs::filesystem_error& error) {
    return report(
        Error({error.path1().string(), error.code().message(), "check the disk, the path and its permissions"}), json);
  } catch (const std::exception& error) {
    return report(Error({"dragonet", error.what(), "this is a fault of Dragonet's: please report it with the command"}),
                  json);
  }
}

/// CLI11 would only say that a command is missing.
static void check_command(const CLI::App& app, int count, char** arguments) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  const auto word = std::find_if(arguments + 1, arguments + count, [](const char* text) { return text[0] != '-'; });
  if (word == arguments + count || std::ranges::count(names, *word)) return;
  throw Error({"command line", std::string("there is no command ") + *word, choice_of(*word, names)});
}

static int main_of(int count, char** arguments) {
  CLI::App app{
      "Dragonet: from a folder of images, motion recordings or sounds to a microcontroller that recognises them."};
  app.footer(
      "`dragonet COMMAND --help` says more. Exit status: 0: done; 1: it ran, and the answer is no; 2: bad usage or "
      "input.");
  app.set_version_flag("--version", DRAGONET_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  bool json = false;
  app.add_flag("--json", json, "one JSON object on stdout, and nothing else there");
  Action action;
  add_commands(app, action);
  try {
    check_command(app, count, arguments);
    app.parse(count, arguments);
  } catch (const Error& error) {
    return report(error, std::find(arguments, arguments + count, std::string("--json")) != arguments + count);
  } catch (const CLI::CallForHelp& help) {
    action = [&](const Context&) { return Outcome{.text = app.help()}; };  // of the command that was named
    json = false;
  } catch (const CLI::CallForVersion& version) {
    action = [&](const Context&) { return Outcome{.text = std::string("dragonet ") + version.what()}; };
    json = false;
  } catch (const CLI::ParseError& error) {
    return report(Error({"command line", error.what(), "`dragonet --help` lists the commands"}), json);
  }
  return run(action, json);
}

}  // namespace dragonet

int main(int count, char** arguments) {
  dragonet::keep_libraries_quiet();
  return dragonet::main_of(count, arguments);
}
