// Samples as people have them, through the program itself.
#include <fmt/format.h>
#include <sys/stat.h>

#include <cmath>

#include "data/dataset.h"
#include "drawn_samples.h"
#include "program.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using nlohmann::json;

namespace {

ProcessResult said(const fs::path& folder, const std::string& arguments) {
  return dragonet_in(folder, arguments + " 2>&1");
}

/// A movement that depends on the label, with that beginning of each line.
std::string movement(const std::string& header, int label, int rows, const std::function<std::string(int)>& begin) {
  std::string text = header + "\n";
  for (int i = 0; i < rows; ++i)
    text += fmt::format("{}{:.3f},{:.3f},{:.3f}\n", begin(i), std::sin(i * (0.2 + label)), label + std::cos(i * 0.2),
                        9.8 + std::sin(i * 0.7));
  return text;
}

/// s/a and s/b, with four recordings each.
void write_movements(const fs::path& folder, const std::string& header, const std::function<std::string(int)>& begin) {
  for (int label = 0; label < 2; ++label)
    for (int n = 0; n < 4; ++n)
      write_file(folder / "s" / (label ? "b" : "a") / fmt::format("{}.csv", n), movement(header, label, 80 + n, begin));
}

bool holds(const json& list, const std::string& words) {
  for (const auto& text : list)
    if (text.get<std::string>().find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("new asks for the rate of recordings without times, names their axes, and takes it") {
  const TemporaryFolder home;
  write_movements(home.path(), "aX,aY,aZ", [](int) { return ""; });
  const ProcessResult asked = said(home.path(), "new p --kind motion --samples s");
  CHECK(asked.status == 2);
  CHECK_THAT(asked.output,
             Contains("no column of times") && Contains("its axes are aX, aY, aZ") && Contains("--rate HZ"));
  CHECK_FALSE(fs::exists(home.path() / "p"));
  const json made = json_of(home.path(), "new p --kind motion --samples s --rate 40");
  CHECK(holds(made["notes"], "its readings are taken to come at 40 Hz"));
  const std::string toml = read_text(home.path() / "p" / "dragonet.toml");
  CHECK_THAT(toml, Contains("axes = ['aX', 'aY', 'aZ']") && Contains("rate_hz = 40 "));
  CHECK(json_of(home.path() / "p", "data")["unreadable"] == 0);
  CHECK_THAT(said(home.path(), "new q --kind image --rate 40").output, Contains("--rate: samples of kind image"));
  CHECK_THAT(said(home.path(), "new q --kind motion --rate -1").output, Contains("--rate: -1 is no number of Hz"));
}

TEST_CASE("clocks and numbers of persons are no axes of a new project, and data says so, too") {
  const TemporaryFolder home;
  const auto begin = [](int i) { return fmt::format("{},{:.2f},{},", 1700000000000 + 20 * i, 0.02 * i, 7); };
  write_movements(home.path(), "t,since_start,proband,x,y,z", begin);
  write_file(home.path() / "s" / "b" / "0.csv", movement("t,since_start,proband,x,y,z", 1, 80, [](int i) {
               return fmt::format("{},{:.2f},{},", 1700000000000 + 20 * i, 0.02 * i, 8);
             }));
  json_of(home.path(), "new p --kind motion --samples s");
  CHECK_THAT(read_text(home.path() / "p" / "dragonet.toml"), Contains("axes = ['x', 'y', 'z']"));
  const json data = json_of(home.path() / "p", "data");
  CHECK(holds(data["notes"], "column 2 (since_start) grows with time"));
  CHECK(holds(data["notes"], "column proband is left out: it is none of `axes` in dragonet.toml"));
}

TEST_CASE("one reading of 1e38 neither flattens the others nor goes unsaid") {
  const TemporaryFolder home;
  const auto begin = [](int i) { return fmt::format("{},", 20 * i); };
  write_movements(home.path(), "t_ms,x,y,z", begin);
  const fs::path file = home.path() / "s" / "a" / "0.csv";
  write_file(file, read_text(file) + fmt::format("{},1e38,0,9.8\n", 20 * 80));
  json_of(home.path(), "new p --kind motion --samples s");
  CHECK_THAT(read_text(home.path() / "p" / "dragonet.toml"), Contains("full_scale = [15, 15, 15]"));
  CHECK(
      holds(json_of(home.path() / "p", "data")["notes"], "readings of x beyond its full_scale, the largest of 1e+38,"));
}

TEST_CASE("new says at once what is unreadable, twice there, or no label, with names and in JSON") {
  const TemporaryFolder home, outside;
  draw_samples(home.path() / "s", 4);
  const fs::path samples = home.path() / "s";
  const Bytes picture = read_bytes(files_below(samples / "disc").front());
  write_file(samples / "disc" / "cut.png", std::span(picture).first(picture.size() / 2));
  write_file(samples / "disc" / "notes.txt", "nothing to see");
  write_file(samples / "Disc" / "same.png", picture);
  const Bytes other = read_bytes(samples / "disc" / "g0-1.png");
  write_png(samples / "square" / "again.png", decode_image(other, "other"));  // other bytes, the same pixels
  write_file(samples / "square" / "again.png", [&] {
    Bytes changed = read_bytes(samples / "square" / "again.png");
    changed.push_back('\n');
    return changed;
  }());
  write_file(samples / "_continuous" / "x.png", picture);
  write_file(outside.path() / "secret.png", picture);
  fs::create_symlink(outside.path() / "secret.png", samples / "disc" / "link.png");
  fs::create_symlink("loop", samples / "loop");
  REQUIRE(::mkfifo((samples / "disc" / "pipe").c_str(), 0600) == 0);
  const json made = json_of(home.path(), "new p --kind image --samples s");
  CHECK(made["unreadable"] == 2);
  CHECK_THAT(made["problems"][0]["where"].get<std::string>(), Contains("disc/cut.png"));
  CHECK(holds(made["warnings"], "labels Disc and disc differ only in capitals"));
  CHECK(holds(made["warnings"], "the same sample has 2 labels: Disc/same.png and disc/"));
  CHECK(holds(made["warnings"], "and square/again.png; remove it"));
  CHECK(holds(made["notes"], "left out: _continuous: a folder whose name says that it is no label"));
  CHECK(holds(made["notes"], "left out: disc/link.png: a link out of the folder"));
  CHECK(holds(made["notes"], "left out: loop: a link that leads nowhere"));
  CHECK(holds(made["notes"], "left out: disc/pipe: a pipe or a device"));
  CHECK_FALSE(fs::exists(home.path() / "p" / "samples" / "disc" / "link.png"));
  CHECK_FALSE(fs::exists(home.path() / "p" / "samples" / "_continuous"));
  const ProcessResult text = said(home.path(), "new q --kind image --samples s");
  CHECK_THAT(text.output, Contains("cannot be read: q/samples/disc/cut.png: it is broken") &&
                              Contains("2 file(s) cannot be read") &&
                              Contains("warning: the same sample has 2 labels"));
}

TEST_CASE("samples that are all of another kind are refused, and nothing is made") {
  const TemporaryFolder home;
  draw_samples(home.path() / "s", 3);
  for (const char* kind : {"sound", "motion", "table"}) {
    const ProcessResult result = said(home.path(), std::string("new p --samples s --kind ") + kind);
    INFO(result.output);
    CHECK(result.status == 2);
    CHECK_THAT(result.output, Contains("s: none of the 6 file(s) that were looked at can be read"));
    CHECK_FALSE(fs::exists(home.path() / "p"));
  }
}

TEST_CASE("an export of Edge Impulse becomes a project with its labels, and its testing files test") {
  const TemporaryFolder home;
  json files = json::array();
  for (int i = 0; i < 20; ++i) {
    const std::string part = i < 14 ? "training" : "testing", label = i % 2 ? "run" : "walk";
    const std::string path = fmt::format("{}/{}.{}.csv", part, label, i);
    write_file(home.path() / "e" / path,
               movement("timestamp,x,y,z", i % 2, 60 + i, [](int n) { return fmt::format("{},", 20 * n); }));
    files.push_back({{"path", path}, {"category", part}, {"label", {{"type", "label"}, {"label", label}}}});
  }
  write_file(home.path() / "e" / "info.labels", json{{"version", 1}, {"files", files}}.dump());
  const json made = json_of(home.path(), "new p --kind motion --samples e");
  REQUIRE(made["labels"].size() == 2);
  CHECK(made["labels"][0]["label"] == "run");
  CHECK(made["labels"][0]["samples"] == 10);
  CHECK(holds(made["notes"], "are those of info.labels"));
  CHECK(json_of(home.path() / "p", "data")["labels"] == made["labels"]);
}

TEST_CASE("what would spoil a project of another kind is refused") {
  const TemporaryFolder home;
  json_of(home.path(), "new pictures --kind image");
  json_of(home.path(), "new sounds --kind sound");
  const ProcessResult say = said(home.path() / "pictures", "data say yes --count 1");
  CHECK(say.status == 2);
  CHECK_THAT(say.output, Contains("makes sounds, and this project is of kind image"));
  for (const char* project : {"pictures", "sounds"}) {
    const ProcessResult record = said(home.path() / project, "data record --port /dev/null --label x");
    CHECK(record.status == 2);
    CHECK_THAT(record.output, Contains("makes recordings of motion, and this project is of kind"));
    CHECK(fs::is_empty(home.path() / project / "samples"));
  }
}

TEST_CASE("control characters in names reach no terminal") {
  const TemporaryFolder home;
  draw_samples(home.path() / "s", 3);
  fs::rename(home.path() / "s" / "disc", home.path() / "s" / "di\033[2Jsc");
  const ProcessResult named = said(home.path(), "new p --kind image --samples s");
  CHECK(named.status == 2);
  CHECK_THAT(named.output, Contains("di\\x1b[2Jsc") && Contains("its name holds a control character"));
  CHECK_THAT(named.output, !Contains("\033"));
  CHECK_THAT(said(home.path(), "show 'a\033[2J.tflite'").output, Contains("a\\x1b[2J.tflite") && !Contains("\033"));
}

TEST_CASE("one value of 1e38 neither flattens a table nor goes unsaid") {
  const TemporaryFolder home;
  for (const char* label : {"wet", "dry"}) {
    std::string text = "a,b\n";
    for (int i = 0; i < 60; ++i) text += fmt::format("{},{}\n", i % 7, label[0] == 'w' && i == 20 ? "1e38" : "40.5");
    for (int i = 0; i < 60; ++i) text += fmt::format("{},{}\n", i % 5, 30 + i % 11);
    write_file(home.path() / "s" / label / "t.csv", text);
  }
  const json made = json_of(home.path(), "new p --kind table --samples s");
  CHECK(holds(made["notes"], "b goes from 30 to 1e+38, and what is beyond low and high in dragonet.toml is cut"));
  CHECK_THAT(read_text(home.path() / "p" / "dragonet.toml"), Contains("high = [6.6, 41.5]"));
}
