#include "learn/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "board/costs.h"
#include "board/fit.h"
#include "board/memory_map.h"
#include "judge/card.h"
#include "judge/report.h"
#include "model/model_info.h"
#include "project/kinds.h"

namespace dragonet {

static constexpr std::size_t most_pictures = 48;

static std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::localtime(&now));
  return text;
}

static Bytes picture_of(const Samples& samples, int sample) {
  return sample_picture(samples.dataset.folder / samples.dataset.samples[sample].path, samples.features_of(sample),
                        samples.settings);
}

static void add_mistakes(Report& report, const JudgedRun& judged, const ClassAnswers& answers) {
  const Dataset& dataset = judged.samples.dataset;
  const std::vector<std::size_t> mistakes = mistakes_in(answers);
  report.mistakes_total = mistakes.size();
  for (const std::size_t i : std::span(mistakes).first(std::min(most_pictures, mistakes.size()))) {
    const Answer& answer = answers.answers[i];
    const fs::path path = dataset.samples[judged.test[i]].path;
    report.mistakes.push_back({path.generic_string(), dataset.labels[answer.truth], dataset.labels[answer.predicted],
                               answers.confidences[i], picture_of(judged.samples, judged.test[i])});
  }
}

static void add_board(Report& report, const BoardJudgement& judged, const Board& board) {
  const FirmwareImage& image = judged.build.image;
  report.board = fmt::format("{} ({})", board.name, board.part);
  report.fits = image.fits();
  report.flash = image.flash;
  report.ram = image.ram;
  report.memory_map_svg = memory_map_svg(image, board);
  constexpr std::size_t most_constants = 6;
  for (const LayerBytes& layer : constants_by_layer(image))
    if (report.largest_constants.size() < most_constants)
      report.largest_constants.emplace_back(layer.layer, static_cast<std::uint32_t>(layer.bytes));
  report.ms = milliseconds(judged.counts.inference, board);
  report.instructions = judged.counts.inference.instructions;
  report.cycles = judged.counts.inference.cycles;
  const Json layers = layers_json(judged.build.emitted, judged.counts);
  for (const EmittedLayer& layer : judged.build.emitted.layers) {
    if (layer.function.empty()) continue;
    const Json& row = layers[&layer - judged.build.emitted.layers.data()];
    report.layers.push_back({layer.output, layer.op, layer.macs, row["instructions"], row["cycles"]});
  }
}

static Report headed_report(const Project& project, const JudgedRun& judged) {
  return {.title = project.name,
          .model = fmt::format("run {}, model.tflite", judged.run.number),
          .board = "",
          .date = today(),
          .labels = judged.samples.dataset.labels,
          .positive = project.labels.positive,
          .grouped = !project.labels.group.empty(),
          .samples = judged.other_samples};
}

/// Of labels, the scores with all that charts show, and mistakes.
static void add_scores(Report& report, const JudgedRun& judged, const Score& int8) {
  const Judgement& judgement = judged.judgement;
  report.int8 = int8;
  report.float32 = std::get<Score>(judgement.real_score);
  if (judgement.board_score) report.board_score = std::get<Score>(*judgement.board_score);
  report.random_split = judged.random_split;
  add_mistakes(report, judged, std::get<ClassAnswers>(judgement.int8.of_task));
}

/// Of anomalies, every score.
static void add_anomalies(Report& report, const TaskAnswers& answers) {
  const auto* scored = std::get_if<AnomalyAnswers>(&answers);
  if (!scored) return;
  report.anomalies.threshold = scored->threshold;
  for (const ScoredSample& sample : scored->scored)
    (sample.is_anomaly ? report.anomalies.anomalies : report.anomalies.normals).push_back(sample.score);
}

/// Of every other task, a sentence and a table.
template <typename OtherScore>
static void add_scores(Report& report, const JudgedRun& judged, const OtherScore&) {
  const Judgement& judgement = judged.judgement;
  report.measured = "The model " + score_sentence(judgement.int8_score) + ".";
  report.table = {score_heading(judgement.int8_score)};
  const auto add = [&](const std::string& name, const TaskScore& score) {
    for (std::vector<std::string>& row : score_rows(name, score)) report.table.push_back(std::move(row));
  };
  add("int8, the model that is compiled", judgement.int8_score);
  if (judgement.board_score) add("on the virtual board", *judgement.board_score);
  add("float, before quantization", judgement.real_score);
  add_anomalies(report, judgement.int8.of_task);
}

/// What repeats the run, and tells it from others.
static void add_origin(Report& report, const JudgedRun& judged, const RunRecord& record) {
  const ModelInfo info = info_of(judged.int8);
  report.provenance = {{"seed", std::to_string(record.seed)},
                       {"samples (SHA-256)", info.data_hash},
                       {"weights (SHA-256)", info.model_hash}};
  report.command = "dragonet train && dragonet test" + (judged.board ? " --board " + judged.board->id : "") +
                   (judged.other_samples.empty() ? "" : " --samples '" + judged.other_samples + "'");
  report.settings = read_text(judged.run.folder / "dragonet.toml");
}

/// What is there of one model and of many.
static Report scored_report(const Project& project, const JudgedRun& judged) {
  Report report = headed_report(project, judged);
  report.remark = int8_loss_text(judged.judgement.real_score, judged.judgement.int8_score);
  std::visit([&](const auto& int8) { add_scores(report, judged, int8); }, judged.judgement.int8_score);
  return report;
}

static fs::path write_page(const Report& report, const fs::path& folder) {
  const fs::path page = folder / "report.html";
  write_file(page, report_html(report));
  if (report.measured.empty()) write_file(folder / "result.svg", result_card_svg(report));
  return page;
}

fs::path write_report(const Project& project, const JudgedRun& judged) {
  const RunRecord record = read_record(judged.run);
  Report report = scored_report(project, judged);
  report.history = record.history;
  if (judged.board) add_board(report, *judged.judgement.board, *judged.board);
  add_origin(report, judged, record);
  return write_page(report, judged.report_folder.empty() ? judged.run.folder : judged.report_folder);
}

fs::path write_folds_report(const Project& project, const JudgedRun& judged, const std::string& models,
                            const std::string& command) {
  Report report = scored_report(project, judged);
  report.model = models;
  report.provenance = {{"seed", std::to_string(project.train.seed)}, {"samples (SHA-256)", judged.samples.hash}};
  report.command = command;
  report.settings = project_text(project);
  return write_page(report, judged.report_folder);
}

}  // namespace dragonet
