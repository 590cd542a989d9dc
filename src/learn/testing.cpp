#include "learn/testing.h"

#include <fmt/format.h>

#include <numeric>

#include "judge/text.h"
#include "learn/advice.h"
#include "learn/simple_score.h"
#include "model/model_info.h"
#include "project/other_tests.h"
#include "project/run_log.h"

namespace dragonet {

static Json judgement_json(const Judgement& judgement) {
  Json json{{"samples", judgement.int8.outputs.size()},
            {"groups", groups_in(judgement.int8_score)},
            {"float", score_json(judgement.real_score)},
            {"int8", score_json(judgement.int8_score)},
            {"int8_loss", text_or_null(int8_loss_text(judgement.real_score, judgement.int8_score))}};
  if (auto baseline = baseline_json(judgement.int8_score)) json["baseline"] = *baseline;
  if (judgement.board) {
    json["board"] = score_json(*judgement.board_score);
    json["board"]["equal"] = judgement.board->different == 0;
    json["board"]["on_board"] = judgement.board->on_board;
  }
  return json;
}

static std::string board_text(const BoardJudgement& board, std::size_t samples) {
  const bool all = board.on_board == samples;
  const std::string where = all ? "on the virtual board" : "of the emitted code";
  const std::string some = all ? ""
                               : fmt::format(
                                     "; {} of them ran on the virtual board, the rest as the same code on "
                                     "this machine (--all-on-board: all there)",
                                     board.on_board);
  if (board.different > 0)
    return fmt::format("{} of {} outputs {} differ from the int8 reference{}\n", board.different, samples, where, some);
  return fmt::format("all {} outputs {} equal the int8 reference, byte for byte{}\n", samples, where, some);
}

static std::string judgement_text(const Judgement& judgement, const std::vector<std::string>& labels, bool color) {
  const auto of_labels = labels_in(judgement.int8_score);
  std::string text = of_labels ? confusion_text(*of_labels, labels, {.colour = color}) : "";
  text += score_text("float", judgement.real_score) + score_text("int8", judgement.int8_score);
  if (const std::string loss = int8_loss_text(judgement.real_score, judgement.int8_score); !loss.empty())
    text += loss + "\n";
  if (judgement.board) text += score_text("board", *judgement.board_score);
  text += baseline_text(judgement.int8_score);
  return judgement.board ? text + board_text(*judgement.board, judgement.int8.outputs.size()) : text;
}

static std::string report_line(const fs::path& report) {
  return report.empty() ? "no report" : "report: " + fs::relative(report).string();
}

static Json report_json(const fs::path& report) { return report.empty() ? Json(nullptr) : Json(report.string()); }

static const Board* board_of(const TestOptions& options) {
  return options.board.empty() ? nullptr : &find_board(options.board);
}

static BoardTest board_test(const TestOptions& options, const fs::path& folder) {
  return {.board = board_of(options), .folder = folder, .all = options.all_on_board};
}

static fs::path samples_of(const Project& project, const TestOptions& options) {
  return options.samples.empty() ? project.samples_folder() : fs::path(options.samples);
}

/// Only the project's own samples are kept.
static fs::path cache_of(const Project& project, const TestOptions& options) {
  return options.samples.empty() ? project.cache_folder() : fs::path();
}

/// Of other samples the names may be others.
static Samples load(const Project& project, const FeatureSettings& features, const TestOptions& options,
                    const Observer& observer) {
  DatasetOptions labels = project.labels;
  labels.strict = options.samples.empty();
  const Samples samples =
      load_samples(samples_of(project, options), labels, features, cache_of(project, options), observer);
  tell_of(samples, observer);
  return samples;
}

// --- --folds: every sample is the test's once ---

static Judgement judge_fold(const Project& project, const Samples& samples, const Split& split, const std::string& what,
                            const TestOptions& options, const Observer& observer) {
  const Trained trained = train_and_quantize(project, samples, split, random_start(what), observer);
  const TemporaryFolder folder;
  return judge(trained.real, trained.int8, samples, split.test, board_test(options, folder.path()), observer);
}

static void add_fold(TestedFolds& folds, const Indices& tested, const Judgement& part) {
  folds.headlines.push_back(headline_of(part.int8_score));
  folds.samples.push_back(part.int8.outputs.size());
  folds.judged.test.insert(folds.judged.test.end(), tested.begin(), tested.end());
  append(folds.judged.judgement.int8, part.int8);
  append(folds.judged.judgement.real, part.real);
  if (!part.board) return;
  folds.different += part.board->different;
  folds.use = use_text(part.board->build.image);
}

/// "5 folds", "5 folds of /home/ann/others"
static std::string name_of_folds(const TestedFolds& folds, const TestOptions& options) {
  const std::string of = options.samples.empty() ? "" : " of " + fs::weakly_canonical(options.samples).string();
  return fmt::format("{} folds{}", folds.samples.size(), of);
}

static std::string folds_command(const TestOptions& options) {
  return "dragonet test " +
         (options.leave_one_group_out ? "--leave-one-group-out" : fmt::format("--folds {}", options.folds)) +
         (options.samples.empty() ? "" : " --samples '" + options.samples + "'") +
         (options.board.empty() ? "" : " --board " + options.board);
}

/// Of each test sample its name, group and fold, and what was answered. An anomaly is in every fold.
static Json answers_of_folds(const TestedFolds& folds) {
  const JudgedRun& judged = folds.judged;
  const Dataset& dataset = judged.samples.dataset;
  const std::vector<std::string> names = paths_of(judged.samples, judged.test);
  const std::vector<Json> answers = answers_json(judged.judgement.int8.of_task, dataset);
  Json all = Json::array();
  for (std::size_t fold = 0; fold < folds.samples.size(); ++fold)
    for (const std::size_t end = all.size() + folds.samples[fold]; all.size() < end;) {
      const std::size_t i = all.size();
      all.push_back({{"sample", names[i]}, {"group", dataset.samples[judged.test[i]].group}, {"fold", fold + 1}});
      all.back().update(answers[i]);
    }
  return all;
}

/// Where nothing can be saved, what was found out is told all the same.
static fs::path save_folds(const Project& project, const TestedFolds& folds, const TestOptions& options,
                           const Observer& observer) try {
  const std::string models = fmt::format("{} models, one a fold", folds.samples.size());
  const fs::path page = write_folds_report(project, folds.judged, models, folds_command(options));
  write_file(folds.judged.report_folder / "answers.json", json_text(answers_of_folds(folds)));
  save_other_test({.samples = name_of_folds(folds, options),
                   .tested = local_time(),
                   .sentence = score_sentence(folds.judged.judgement.int8_score),
                   .scores = judgement_json(folds.judged.judgement),
                   .folder = folds.judged.report_folder});
  return page;
} catch (const Error& error) {
  observer.say(std::string("the report is not saved: ") + error.what());
  return {};
}

static std::vector<Indices> parts_of(const Project& project, const Dataset& dataset, const TestOptions& options) {
  return options.leave_one_group_out ? leave_one_group_out(dataset)
                                     : group_folds(dataset, options.folds, project.train.seed);
}

TestedFolds test_folds(const Project& project, const TestOptions& options, const Observer& observer) {
  board_of(options);  // a wrong name should not wait for a training
  TestedFolds folds{.judged = {.samples = load(project, project.features, options, observer)}, .board = options.board};
  const Samples& samples = folds.judged.samples;
  const std::vector<Indices> parts = parts_of(project, samples.dataset, options);
  for (int fold = 0; fold < std::ssize(parts); ++fold) {
    const Split split = split_of(samples.dataset, parts, fold);
    const std::string what = fmt::format("fold {} of {}", fold + 1, parts.size());
    add_fold(folds, split.test, judge_fold(project, samples, split, what, options, observer));
  }
  Judgement& all = folds.judged.judgement;
  all.int8_score = score_of(all.int8, samples.dataset);
  all.real_score = score_of(all.real, samples.dataset);
  folds.judged.report_folder = next_fold_test_folder(project.folder);
  folds.report = save_folds(project, folds, options, observer);
  return folds;
}

static std::vector<double> values_of(const std::vector<Headline>& headlines) {
  std::vector<double> values;
  for (const Headline& headline : headlines) values.push_back(headline.value);
  return values;
}

static std::string said_text(const TestedFolds& folds) {
  return said_test_advice(folds.judged.samples.dataset, folds.judged.test);
}

static std::string folds_text(const TestedFolds& folds, bool color) {
  std::string text;
  for (std::size_t i = 0; i < folds.headlines.size(); ++i)
    text += fmt::format("fold {}: {} {} on {} samples\n", i + 1, folds.headlines[i].text, folds.headlines[i].shown,
                        folds.samples[i]);
  text += judgement_text(folds.judged.judgement, folds.judged.samples.dataset.labels, color);
  text += fmt::format("mean {} over {} folds: {:.3f}\n", folds.headlines[0].text, folds.headlines.size(),
                      mean(values_of(folds.headlines)));
  if (!folds.board.empty())
    text +=
        fmt::format("on {}: {}; {} outputs differ from the int8 reference\n", folds.board, folds.use, folds.different);
  if (const std::string said = said_text(folds); !said.empty()) text += said + "\n";
  return text + report_line(folds.report);
}

Outcome outcome_of(const TestedFolds& folds, bool color) {
  Json json = judgement_json(folds.judged.judgement);
  const std::vector<double> values = values_of(folds.headlines);
  json["folds"] = values;
  json["mean_" + folds.headlines[0].key] = mean(values);
  if (!folds.board.empty()) json["board_differences"] = folds.different;
  json["synthesized"] = text_or_null(said_text(folds));
  json["report"] = report_json(folds.report);
  return {.text = folds_text(folds, color), .json = json, .status = folds.different > 0};
}

// --- otherwise: the latest run, on the samples that it never saw ---

static Indices all_of(const Samples& samples) {
  Indices all(samples.dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

static Indices test_of(const Samples& samples, const Run& run, const Observer& observer) {
  const std::vector<std::string> paths = read_record(run).test;
  const Indices test = indices_of(samples, paths);
  if (test.empty())
    throw Error({samples.dataset.folder.string(),
                 fmt::format("holds none of the {} samples that this run was to be tested on", paths.size()),
                 "put them back, or `dragonet train` anew"});
  if (test.size() < paths.size())
    observer.say(fmt::format("{} of the run's {} test samples are gone", paths.size() - test.size(), paths.size()));
  return test;
}

/// Of one training: their metadata could be of two.
static void require_same_input(const Model& real, const Model& int8) {
  if (info_of(real).features != info_of(int8).features || info_of(real).labels != info_of(int8).labels)
    throw Error({real.source, "has other features or labels than " + int8.source + ": they are not of one training",
                 "put both back from a copy, or `dragonet train` anew"});
}

static void require_labels(const Project& project) {
  if (!has_labels(project.task()))
    throw Error({"--random-split",
                 "compares balanced accuracies, and this project's task is " + word_of(project.task()),
                 "leave it out"});
}

static void keep_other_test(const JudgedRun& judged) {
  save_other_test({.samples = judged.other_samples,
                   .tested = local_time(),
                   .sentence = score_sentence(judged.judgement.int8_score),
                   .scores = judgement_json(judged.judgement),
                   .folder = judged.report_folder});
}

/// Where nothing can be saved, what was found out is told all the same.
static fs::path save_test(const Project& project, const JudgedRun& judged, const Observer& observer) try {
  if (!judged.other_samples.empty()) keep_other_test(judged);
  return write_report(project, judged);
} catch (const Error& error) {
  observer.say(std::string("the report is not saved: ") + error.what());
  return {};
}

/// Of the samples that are still there.
static std::string simpler_text(const Project& project, const JudgedRun& judged, const Observer& observer) {
  const RunRecord record = read_record(judged.run);
  const Split split{.train = indices_of(judged.samples, record.train),
                    .validation = indices_of(judged.samples, record.validation),
                    .test = judged.test};
  return simple_score_text(project, judged.samples, split, judged.judgement.int8_score, observer);
}

TestedRun test_latest(const Project& project, const TestOptions& options, const Observer& observer) {
  if (options.random_split) require_labels(project);
  JudgedRun judged{.run = latest_run(project), .board = board_of(options)};
  judged.report_folder = judged.run.folder;
  if (!options.samples.empty()) {
    judged.other_samples = fs::weakly_canonical(options.samples).string();
    judged.report_folder = other_test_folder(judged.run, options.samples);
  }
  judged.int8 = read_int8_model(judged.run, project);
  const Model real = read_real_model(judged.run, project);
  require_same_input(real, judged.int8);
  const ModelInfo info = info_of(judged.int8);
  judged.samples = load(project, info.features, options, observer);
  number_labels(judged.samples.dataset, info.labels);
  judged.test = options.samples.empty() ? test_of(judged.samples, judged.run, observer) : all_of(judged.samples);
  judged.judgement = judge(real, judged.int8, judged.samples, judged.test,
                           board_test(options, judged.run.folder / options.board), observer);
  if (judged.board) record_board(judged.run, judged.judgement.board->build.image, *judged.board, observer);
  if (options.random_split) judged.random_split = random_split_claim(project, judged.samples, observer);
  TestedRun tested{.simpler = options.samples.empty() ? simpler_text(project, judged, observer) : ""};
  tested.report = save_test(project, judged, observer);
  tested.judged = std::move(judged);
  return tested;
}

static void add_random_split(Outcome& outcome, const Score& honest, const Interval& claim) {
  outcome.json["random_split"] = {{"balanced_accuracy", claim.value}};
  const std::string more = random_split_text(honest.balanced_accuracy, claim);
  outcome.text += more.empty() ? fmt::format("a random split claims no more: {}\n", percent(claim)) : more + "\n";
}

static void add_sentence(Outcome& outcome, const char* key, const std::string& sentence) {
  outcome.json[key] = text_or_null(sentence);
  if (!sentence.empty()) outcome.text += sentence + "\n";
}

Outcome outcome_of(const TestedRun& tested, bool color) {
  const JudgedRun& judged = tested.judged;
  const Judgement& judgement = judged.judgement;
  Outcome outcome{.text = judgement_text(judgement, judged.samples.dataset.labels, color),
                  .json = judgement_json(judgement),
                  .status = judgement.board && judgement.board->different > 0};
  if (judged.random_split) add_random_split(outcome, std::get<Score>(judgement.int8_score), *judged.random_split);
  add_sentence(outcome, "simpler", tested.simpler);
  if (judged.other_samples.empty())
    add_sentence(outcome, "advice", folds_advice(judgement.int8_score, judged.samples.dataset));
  add_sentence(outcome, "synthesized", said_test_advice(judged.samples.dataset, judged.test));
  if (!judged.other_samples.empty()) {
    outcome.json["tested_on"] = judged.other_samples;
    outcome.text += fmt::format("these are all samples of {}\n", judged.other_samples);
  }
  outcome.json["report"] = report_json(tested.report);
  outcome.text += report_line(tested.report);
  return outcome;
}

}  // namespace dragonet
