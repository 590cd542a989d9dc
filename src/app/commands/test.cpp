#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <numeric>

#include "app/command.h"
#include "app/judging.h"
#include "app/report_page.h"
#include "app/run_log.h"
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
  Json json{{"samples", judgement.int8.outputs.size()},
            {"groups", groups_in(judgement.int8_score)},
            {"float", score_json(judgement.real_score)},
            {"int8", score_json(judgement.int8_score)}};
  if (auto baseline = baseline_json(judgement.int8_score)) json["baseline"] = *baseline;
  if (judgement.board) {
    json["board"] = score_json(*judgement.board_score);
    json["board"]["equal"] = judgement.board->different == 0;
  }
  return json;
}

static std::string judgement_text(const Judgement& judgement, const std::vector<std::string>& labels) {
  const Score* score = std::get_if<Score>(&judgement.int8_score);
  std::string text = score ? confusion_text(score->confusion, labels, {.colour = wants_color()}) : "";
  text += score_text("float", judgement.real_score) + score_text("int8", judgement.int8_score);
  if (judgement.board) text += score_text("board", *judgement.board_score);
  text += baseline_text(judgement.int8_score);
  if (!judgement.board) return text;
  const BoardJudgement& board = *judgement.board;
  return text + (board.different
                     ? fmt::format("{} of {} outputs differ from the int8 reference\n", board.different,
                                   judgement.int8.outputs.size())
                     : fmt::format("all {} outputs on the virtual board equal the int8 reference, byte for byte\n",
                                   judgement.int8.outputs.size()));
}

static const Board* board_of(const TestOptions& options) {
  return options.board.empty() ? nullptr : &find_board(options.board);
}

static fs::path samples_of(const Project& project, const TestOptions& options) {
  return options.samples.empty() ? project.samples_folder() : fs::path(options.samples);
}

/// Only the project's own samples are kept.
static fs::path cache_of(const Project& project, const TestOptions& options) {
  return options.samples.empty() ? project.cache_folder() : fs::path();
}

/// Of other samples the names may be others.
static Samples load(const Project& project, const FeatureSettings& features, const TestOptions& options) {
  DatasetOptions labels = project.labels;
  labels.strict = options.samples.empty();
  const Samples samples = load_samples(samples_of(project, options), labels, features, cache_of(project, options));
  tell_of(samples);
  return samples;
}

// --- --folds: every sample is the test's once ---

struct Folds {
  Judgement all;
  std::vector<Headline> headlines;   // of the int8 model, fold by fold
  std::vector<std::size_t> samples;  // tested in each fold
  std::size_t different = 0;         // outputs on the board that were not the reference's
  std::string use;                   // of the board, by the last fold's firmware
};

static Judgement judge_fold(const Project& project, const Samples& samples, const Split& split, const std::string& what,
                            const Board* board) {
  const Trained trained = train_and_quantize(project, samples, split, what);
  const TemporaryFolder folder;
  return judge(trained.real, trained.int8, samples, split.test, board, folder.path());
}

template <typename T>
static void append(std::vector<T>& all, const std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
}

/// Every fold has a threshold of its own, and scores are told in multiples of it.
static void append(Answers& all, const Answers& part) {
  append(all.answers, part.answers);
  append(all.estimates, part.estimates);
  append(all.oddities, in_thresholds(part.oddities, part.threshold));
  all.threshold = 1;
  append(all.outputs, part.outputs);
}

static void add_fold(Folds& folds, const Judgement& part) {
  folds.headlines.push_back(headline_of(part.int8_score));
  folds.samples.push_back(part.int8.outputs.size());
  append(folds.all.int8, part.int8);
  append(folds.all.real, part.real);
  if (!part.board) return;
  folds.different += part.board->different;
  folds.use = use_text(part.board->build.image);
}

static Folds judge_folds(const Project& project, const Samples& samples, const TestOptions& options) {
  const std::vector<Indices> parts = group_folds(samples.dataset, options.folds, project.train.seed);
  Folds folds;
  for (int fold = 0; fold < options.folds; ++fold)
    add_fold(folds, judge_fold(project, samples, split_of(samples.dataset, parts, fold),
                               fmt::format("fold {} of {}", fold + 1, options.folds), board_of(options)));
  folds.all.int8_score = score_of(folds.all.int8, samples.dataset);
  folds.all.real_score = score_of(folds.all.real, samples.dataset);
  return folds;
}

static std::vector<double> values_of(const std::vector<Headline>& headlines) {
  std::vector<double> values;
  for (const Headline& headline : headlines) values.push_back(headline.value);
  return values;
}

static std::string folds_text(const Folds& folds, const std::vector<std::string>& labels, const TestOptions& options) {
  std::string text;
  for (std::size_t i = 0; i < folds.headlines.size(); ++i)
    text += fmt::format("fold {}: {} {} on {} samples\n", i + 1, folds.headlines[i].text, folds.headlines[i].shown,
                        folds.samples[i]);
  text += judgement_text(folds.all, labels);
  text += fmt::format("mean {} over {} folds: {:.3f}\n", folds.headlines[0].text, options.folds,
                      mean(values_of(folds.headlines)));
  if (!options.board.empty())
    text += fmt::format("on {}: {}; {} outputs differ from the int8 reference\n", options.board, folds.use,
                        folds.different);
  return text;
}

static Outcome test_folds(const Project& project, const TestOptions& options) {
  const Samples samples = load(project, project.features, options);
  const Folds folds = judge_folds(project, samples, options);
  Json json = judgement_json(folds.all);
  const std::vector<double> values = values_of(folds.headlines);
  json["folds"] = values;
  json["mean_" + folds.headlines[0].key] = mean(values);
  if (!options.board.empty()) json["board_differences"] = folds.different;
  return {.text = folds_text(folds, samples.dataset.labels, options), .json = json, .status = folds.different > 0};
}

// --- otherwise: the latest run, on the samples that it never saw ---

static Indices all_of(const Samples& samples) {
  Indices all(samples.dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

static Indices test_of(const Samples& samples, const Run& run) {
  const std::vector<std::string> paths = read_record(run).test;
  const Indices test = indices_of(samples, paths);
  if (test.empty())
    throw Error({samples.dataset.folder.string(),
                 fmt::format("holds none of the {} samples that this run was to be tested on", paths.size()),
                 "put them back, or `dragonet train` anew"});
  if (test.size() < paths.size())
    say(fmt::format("{} of the run's {} test samples are gone", paths.size() - test.size(), paths.size()));
  return test;
}

static void require_task(Task task, const Project& project, const Run& run) {
  if (task != project.task())
    throw Error({run.folder.string(),
                 fmt::format("its task is {}, and the project's is now {}", word_of(task), word_of(project.task())),
                 "`dragonet train` anew"});
}

static JudgedRun judge_latest(const Project& project, const TestOptions& options) {
  JudgedRun judged{.run = latest_run(project), .board = board_of(options)};
  judged.int8 = read_tflite(judged.run.model());
  judged.int8.name = project.name;
  check_features(judged.int8);
  const ModelInfo info = info_of(judged.int8);
  require_task(info.task, project, judged.run);
  judged.samples = load(project, info.features, options);
  number_labels(judged.samples.dataset, info.labels);
  judged.test = options.samples.empty() ? test_of(judged.samples, judged.run) : all_of(judged.samples);
  judged.judgement = judge(read_tflite(judged.run.real_model()), judged.int8, judged.samples, judged.test, judged.board,
                           judged.run.folder / options.board);
  if (judged.board) record_board(judged.run, judged.judgement.board->build.image, *judged.board);
  if (options.random_split) judged.random_split = random_split_claim(project, judged.samples);
  return judged;
}

static void add_random_split(Outcome& outcome, const Interval& claim) {
  outcome.json["random_split"] = {{"balanced_accuracy", claim.value}};
  outcome.text += fmt::format(
      "a random split would have claimed {}: its test pictures have near duplicates in training\n", percent(claim));
}

static Outcome test_latest(const Project& project, const TestOptions& options) {
  const JudgedRun judged = judge_latest(project, options);
  const Judgement& judgement = judged.judgement;
  Outcome outcome{.text = judgement_text(judgement, judged.samples.dataset.labels),
                  .json = judgement_json(judgement),
                  .status = judgement.board && judgement.board->different > 0};
  if (judged.random_split) add_random_split(outcome, *judged.random_split);
  const fs::path page = write_report(project, judged);
  outcome.json["report"] = page.string();
  outcome.text += "report: " + fs::relative(page).string();
  return outcome;
}

static Outcome test_project(const TestOptions& options) {
  board_of(options);  // a wrong name should not wait for a training
  const Project project = find_project();
  if (options.random_split && project.task() != Task::classification)
    throw Error({"--random-split",
                 "compares balanced accuracies, and this project's task is " + word_of(project.task()),
                 "leave it out"});
  return options.folds > 0 ? test_folds(project, options) : test_latest(project, options);
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
