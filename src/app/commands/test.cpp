#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/judging.h"
#include "app/report_page.h"
#include "base/error.h"
#include "judge/text.h"
#include "tflite/tflite.h"

namespace dragonet {

struct TestOptions {
  std::string samples, board;
  int folds = 0;
  bool random_split = false;
};

static Json judgement_json(const Judgement& judgement) {
  Json json{{"samples", judgement.int8.answers.size()},
            {"groups", judgement.int8_score.groups},
            {"float", score_json(judgement.real_score)},
            {"int8", score_json(judgement.int8_score)}};
  if (judgement.board) {
    json["board"] = score_json(*judgement.board_score);
    json["board"]["equal"] = judgement.board->different == 0;
  }
  return json;
}

static std::string judgement_text(const Judgement& judgement, const std::vector<std::string>& labels) {
  std::string text = confusion_text(judgement.int8_score.confusion, labels, {.colour = wants_color()});
  const auto line = [&](const char* name, const Score& score) {
    text += fmt::format("{:<8} accuracy {:<14} balanced {}\n", name, percent(score.accuracy),
                        percent(score.balanced_accuracy));
  };
  line("float", judgement.real_score);
  line("int8", judgement.int8_score);
  if (!judgement.board) return text;
  line("board", *judgement.board_score);
  const BoardJudgement& board = *judgement.board;
  return text + (board.different
                     ? fmt::format("{} of {} outputs differ from the int8 reference\n", board.different,
                                   judgement.int8.answers.size())
                     : fmt::format("all {} outputs on the virtual board equal the int8 reference, byte for byte\n",
                                   judgement.int8.answers.size()));
}

/// Every sample is the test's once.
static Outcome test_folds(const Project& project, const Samples& samples, const TestOptions& options) {
  const auto folds = group_folds(samples.dataset, options.folds, project.train.seed);
  Judgement all;
  Json list = Json::array();
  double sum = 0;
  std::string text, sizes;
  std::size_t different = 0;
  for (int fold = 0; fold < options.folds; ++fold) {
    const Split split = split_of(folds, fold);
    const Trained trained =
        train_and_quantize(project, samples, split, fmt::format("fold {} of {}", fold + 1, options.folds));
    const Board* board = options.board.empty() ? nullptr : &find_board(options.board);
    const TemporaryFolder folder;
    const Judgement part = judge(trained.real, trained.int8, samples, split.test, board, folder.path());
    const double value = part.int8_score.balanced_accuracy.value;
    sum += value;
    list.push_back(value);
    text += fmt::format("fold {}: balanced accuracy {} on {} samples\n", fold + 1, percent(value), split.test.size());
    all.int8.answers.insert(all.int8.answers.end(), part.int8.answers.begin(), part.int8.answers.end());
    all.real.answers.insert(all.real.answers.end(), part.real.answers.begin(), part.real.answers.end());
    if (part.board) different += part.board->different, sizes = use_text(part.board->build.image);
  }
  const int classes = static_cast<int>(samples.dataset.labels.size());
  all.int8_score = score_of(all.int8.answers, classes);
  all.real_score = score_of(all.real.answers, classes);
  Json json = judgement_json(all);
  json["folds"] = list;
  json["mean_balanced_accuracy"] = sum / options.folds;
  text += judgement_text(all, samples.dataset.labels) +
          fmt::format("mean balanced accuracy over {} folds: {:.3f}\n", options.folds, sum / options.folds);
  if (!sizes.empty()) {
    json["board_differences"] = different;
    text += fmt::format("on {}: {}; {} outputs differ from the int8 reference\n", options.board, sizes, different);
  }
  return {.text = text, .json = json, .status = different > 0};
}

static Outcome test_latest(const Project& project, const TestOptions& options) {
  const Run run = latest_run(project);
  const RunRecord record = read_record(run);
  const Model real = read_tflite(run.real_model()), int8 = read_tflite(run.model());
  const fs::path folder = options.samples.empty() ? project.samples_folder() : fs::path(options.samples);
  Samples samples = load_samples(folder, project.labels, info_of(int8).image);
  number_labels(samples.dataset, info_of(int8).labels);
  Indices test = indices_of(samples, record.test);
  if (!options.samples.empty()) {
    test.clear();
    for (std::size_t i = 0; i < samples.dataset.samples.size(); ++i) test.push_back(static_cast<int>(i));
  }
  if (test.empty())
    throw Error({folder.string(),
                 fmt::format("holds none of the {} samples that this run was to be tested on", record.test.size()),
                 "put them back, or `dragonet train` anew"});
  if (options.samples.empty() && test.size() < record.test.size())
    say(fmt::format("{} of the run's {} test samples are gone", record.test.size() - test.size(), record.test.size()));
  const Board* board = options.board.empty() ? nullptr : &find_board(options.board);
  Model named = int8;
  named.name = project.name;
  const Judgement judgement = judge(real, named, samples, test, board, run.folder / (board ? board->id : ""));
  std::optional<Interval> random_split;
  if (options.random_split) random_split = random_split_claim(project, samples);
  const fs::path page = write_report(run, project, samples, test, named, judgement, board, record, random_split);
  Outcome outcome{.text = judgement_text(judgement, samples.dataset.labels),
                  .json = judgement_json(judgement),
                  .status = judgement.board && judgement.board->different > 0};
  if (random_split) {
    outcome.json["random_split"] = {{"balanced_accuracy", random_split->value}};
    outcome.text +=
        fmt::format("a random split would have claimed {}: its test pictures have near duplicates in training\n",
                    percent(*random_split));
  }
  outcome.json["report"] = page.string();
  outcome.text += "report: " + fs::relative(page).string();
  return outcome;
}

static Outcome test_project(const TestOptions& options) {
  if (!options.board.empty()) find_board(options.board);  // a wrong name should not wait for a training
  const Project project = find_project();
  if (options.folds == 0) return test_latest(project, options);
  return test_folds(project,
                    load_samples(options.samples.empty() ? project.samples_folder() : fs::path(options.samples),
                                 project.labels, project.image),
                    options);
}

void add_test(CLI::App& app, Action& action) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command = app.add_subcommand("test", "how good is the latest run, on samples that it never saw?");
  command->add_option("--samples", options->samples, "other samples than the project's; all of them are tested");
  command->add_option("--board", options->board, "also on this virtual board, features included");
  command->add_option("--folds", options->folds, "train and test so many times, until every group was the test once")
      ->check(CLI::Range(3, 100));
  command->add_flag("--random-split", options->random_split,
                    "also say what a careless random split would have claimed");
  command->callback([=, &action] { action = [=] { return test_project(*options); }; });
}

}  // namespace dragonet
