#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "learn/testing.h"

namespace dragonet {

static Outcome test(const Context& context, const TestOptions& options) {
  const Project project = context.project();
  return options.folds > 0 || options.leave_one_group_out
             ? outcome_of(test_folds(project, options, context.observer), context.color)
             : outcome_of(test_latest(project, options, context.observer), context.color);
}

void add_test(CLI::App& app, Action& action) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command = app.add_subcommand("test", "how good the latest run is, on samples that it never saw");
  command->add_option("--samples", options->samples,
                      "other samples than the project's: all of them are tested, with a report of their own");
  CLI::Option* board =
      command->add_option("--board", options->board, "tests on this virtual board, too, features included");
  command
      ->add_flag("--all-on-board", options->all_on_board,
                 "runs every sample there; left out: some of many, and the rest as the same code on this machine")
      ->needs(board);
  CLI::Option* folds =
      command
          ->add_option("--folds", options->folds,
                       "group k-fold: trains and tests K times, until every group was in the test once")
          ->check(CLI::Range(3, 100));
  command
      ->add_flag("--leave-one-group-out", options->leave_one_group_out,
                 "trains and tests once for each group, with all others; two are enough")
      ->excludes(folds);
  command->add_flag("--random-split", options->random_split,
                    "also says what a careless random split would have claimed");
  tell_json(
      *command,
      "{samples, groups, float: SCORE, int8: SCORE, int8_loss, board?: SCORE, equal and on_board, baseline?, "
      "random_split?, tested_on?, simpler, advice, synthesized, report}; int8_loss, simpler, advice, synthesized: "
      "a sentence, or null; report: null, it could "
      "not be saved; with --folds or --leave-one-group-out {..., folds: [one number each], mean_<its name>, "
      "board_differences?} and no advice",
      "1: an output on the board differs, or the model does not fit there");
  command->callback([=, &action] { action = [=](const Context& context) { return test(context, *options); }; });
}

}  // namespace dragonet
