#include "app/report_page.h"

#include <fmt/format.h>

#include <ctime>

#include "board/memory_map.h"
#include "judge/card.h"
#include "judge/report.h"

namespace dragonet {

static constexpr std::size_t most_pictures = 48;

static std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::localtime(&now));
  return text;
}

static void add_mistakes(Report& report, const Samples& samples, const Indices& test, const Answers& answers) {
  for (std::size_t i = 0; i < test.size(); ++i) {
    const Answer& answer = answers.answers[i];
    if (answer.truth == answer.predicted) continue;
    ++report.mistakes_total;
    if (report.mistakes.size() == most_pictures) continue;
    const fs::path path = samples.dataset.samples[test[i]].path;
    report.mistakes.push_back({path.generic_string(), samples.dataset.labels[answer.truth],
                               samples.dataset.labels[answer.predicted], answers.confidences[i],
                               read_bytes(samples.dataset.folder / path)});
  }
}

static void add_board(Report& report, const BoardJudgement& judged, const Board& board) {
  const FirmwareImage& image = judged.build.image;
  report.board = fmt::format("{} ({})", board.name, board.chip);
  report.fits = image.fits();
  report.flash = image.flash;
  report.ram = image.ram;
  report.memory_map_svg = memory_map_svg(image, board);
  report.ms = static_cast<double>(judged.counts.inference.cycles) * 1e3 / board.clock_hz;
  const Json layers = layers_json(judged.build.emitted, judged.counts);
  for (const EmittedLayer& layer : judged.build.emitted.layers) {
    if (layer.function.empty()) continue;
    const Json& row = layers[&layer - judged.build.emitted.layers.data()];
    report.layers.push_back({layer.output, layer.op, layer.macs, row["instructions"], row["cycles"]});
  }
}

fs::path write_report(const Run& run, const Project& project, const Samples& samples, const Indices& test,
                      const Model& int8, const Judgement& judgement, const Board* board, const RunRecord& record,
                      const std::optional<Interval>& random_split) {
  const ModelInfo info = info_of(int8);
  Report report{.title = project.name,
                .model = fmt::format("run {}, model.tflite", run.number),
                .board = "",
                .date = today(),
                .labels = samples.dataset.labels,
                .positive = project.labels.positive,
                .grouped = !project.labels.group.empty(),
                .int8 = judgement.int8_score};
  report.float32 = judgement.real_score;
  report.board_score = judgement.board_score;
  report.random_split = random_split;
  report.history = record.history;
  add_mistakes(report, samples, test, judgement.int8);
  if (judgement.board) add_board(report, *judgement.board, *board);
  report.provenance = {{"seed", std::to_string(record.seed)},
                       {"samples (SHA-256)", info.data_hash},
                       {"weights (SHA-256)", info.model_hash}};
  report.command = "dragonet train && dragonet test" + (board ? " --board " + board->id : "");
  report.settings = read_text(run.folder / "dragonet.toml");
  const fs::path page = run.folder / "report.html";
  write_file(page, report_html(report));
  write_file(run.folder / "result.svg", result_card_svg(report));
  return page;
}

}  // namespace dragonet
