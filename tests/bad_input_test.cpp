// What a user gets wrong, given to the program itself: a sentence (where, what, what next), exit status 2, and what was
// saved before as it was.
#include <fmt/format.h>

#include <map>
#include <random>

#include "base/hash.h"
#include "golden.h"
#include "model/model_info.h"
#include "small_project.h"
#include "tflite/tflite.h"
#include "tflite_generated.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using nlohmann::json;

/// A project with a trained run, made once; tests work on copies.
static const fs::path& trained_project() {
  static const TemporaryFolder home;
  static const fs::path project = [] {
    const fs::path made = small_project(home.path(), 24, 2);
    json_of(made, "train");
    return made;
  }();
  return project;
}

class Copy {
 public:
  Copy() { fs::copy(trained_project(), folder_.path(), fs::copy_options::recursive); }
  operator const fs::path&() const { return folder_.path(); }
  fs::path operator/(const fs::path& name) const { return folder_.path() / name; }

 private:
  TemporaryFolder folder_;
};

/// All that the program complains of with exit status 2, a line each.
static std::string complaint(const fs::path& folder, const std::string& arguments) {
  std::string text;
  const json answer = json_of(folder, arguments, 2);
  for (const json& problem : answer["error"]["problems"]) {
    for (const char* part : {"where", "what", "next"}) CHECK(problem[part].get<std::string>() != "");
    text += fmt::format("{}: {}; {}\n", problem["where"].get<std::string>(), problem["what"].get<std::string>(),
                        problem["next"].get<std::string>());
  }
  return text;
}

/// `script` in a folder, with $dragonet for the program.
static ProcessResult shell_in(const fs::path& folder, const std::string& script) {
  return run_process({"sh", "-c", fmt::format("cd '{}' && dragonet='{}'; {}", folder.string(), program, script)});
}

static std::map<std::string, Bytes> files_in(const fs::path& folder) {
  std::map<std::string, Bytes> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().string()] = read_bytes(entry.path());
  return files;
}

static int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// --- samples ---

TEST_CASE("a label's folder that is empty is named, by every command that reads samples", "[together]") {
  const Copy project;
  fs::create_directories(project / "samples/triangle");
  for (const char* command : {"train", "data", "convert -o out.tflite", "new other --kind image --samples samples"})
    CHECK_THAT(complaint(project, command),
               Contains("samples/triangle: the folder of this label is empty; put recordings into it, or remove it"));
  CHECK_FALSE(fs::exists(project / "other"));
}

TEST_CASE("a broken picture among good ones is named, skipped and counted", "[together]") {
  const Copy project;
  Bytes half = read_bytes(project / "samples/disc/g0-0.png");
  half.resize(half.size() / 2);
  write_file(project / "samples/disc/half.png", half);
  write_file(project / "samples/square/notes.txt", "no picture");
  const ProcessResult result = dragonet_in(project, "train");
  CHECK(result.status == 0);
  CHECK_THAT(result.output, Contains("skipped: ") && Contains("disc/half.png: ") && Contains("notes.txt: "));
  CHECK_THAT(result.output, Contains("2 file(s) skipped"));
  CHECK_THAT(result.output, !Contains("libpng"));  // in its own words
  CHECK(json_of(project, "train")["skipped"] == 2);
}

TEST_CASE("where no picture of a label can be read, each is named", "[together]") {
  const Copy project;
  for (const auto& entry : fs::directory_iterator(project / "samples/disc")) write_file(entry.path(), "x");
  const std::string said = complaint(project, "train");
  CHECK_THAT(said, Contains("samples/disc: holds nothing that can be read") && Contains("disc/g0-0.png: "));
}

static void append_big_endian(Bytes& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

static void append_chunk(Bytes& file, const std::string& type, const Bytes& data) {
  append_big_endian(file, static_cast<std::uint32_t>(data.size()));
  Bytes checked(type.begin(), type.end());
  checked.insert(checked.end(), data.begin(), data.end());
  file.insert(file.end(), checked.begin(), checked.end());
  append_big_endian(file, static_cast<std::uint32_t>(std::stoul(crc32_of(checked), nullptr, 16)));
}

/// A grey PNG of some sixty bytes that claims a size, and brings no pixels.
static Bytes claiming_png(std::uint32_t width, std::uint32_t height) {
  Bytes file{0x89, 'P', 'N', 'G', 13, 10, 26, 10}, header;
  append_big_endian(header, width);
  append_big_endian(header, height);
  header.insert(header.end(), {8, 0, 0, 0, 0});
  append_chunk(file, "IHDR", header);
  append_chunk(file, "IDAT", {0x78, 0xda, 3, 0, 0, 0, 0, 1});  // zlib's stream of nothing
  append_chunk(file, "IEND", {});
  return file;
}

// Memory of its own (ulimit -d) bounds what the program may take; 60000 x 60000 pixels would be 3.6 GB.
TEST_CASE("a picture that claims 60000 x 60000 pixels is skipped, a large one is used, and memory stays bounded",
          "[together]") {
  const Copy project;
  write_file(project / "samples/disc/claims.png", claiming_png(60000, 60000));
  write_png(project / "samples/disc/large.png", Image{7000, 6000, 1, Bytes(42'000'000, 90)});
  write_png(project / "samples/disc/wide.png", Image{30000, 10, 1, Bytes(300'000, 90)});
  const ProcessResult result = shell_in(project, "ulimit -d 1000000; $dragonet train");
  INFO(result.output);
  CHECK(result.status == 0);
  CHECK_THAT(result.output, Contains("claims.png: it has more than 64 million pixels; replace it"));
  CHECK_THAT(result.output, Contains("1 file(s) skipped"));
  CHECK(json_of(project, "train")["samples"] == 50);
}

// --- models ---

/// Every command that takes a model.
static const std::vector<std::string> with_model{"show {}", "compile {} --board mkrzero", "run {} --board mkrzero",
                                                 "run {} --host --inputs {}",
                                                 "convert {} --samples samples -o out.tflite"};

TEST_CASE("a .tflite that is cut short, hostile, empty or no file is refused by every command that takes one",
          "[together]") {
  const Copy project;
  const Bytes whole = read_bytes(project / "runs/1/float.tflite");
  write_file(project / "cut.tflite", std::span(whole).first(whole.size() / 2));
  Bytes hostile = whole;
  for (std::size_t i = 16; i < 400; i += 8) hostile[i] = 0xff;
  write_file(project / "hostile.tflite", hostile);
  write_file(project / "empty.tflite", "");
  for (const std::string& command : with_model) {
    const auto said = [&](const char* file) {
      return complaint(project, fmt::format(fmt::runtime(command), file, file));
    };
    CHECK_THAT(said("cut.tflite"), Contains("cut.tflite: is damaged: an offset in it points outside the file; export"));
    CHECK_THAT(said("hostile.tflite"), Contains("hostile.tflite"));
    CHECK_THAT(said("empty.tflite"), Contains("empty.tflite: is not a .tflite file"));
    CHECK_THAT(said("samples"), Contains("samples: cannot read: Is a directory; this is a folder: name a file"));
  }
  CHECK_FALSE(fs::exists(project / "out.tflite"));
}

/// x -> lsh_projection -> rnn -> y, written without our writer, which knows neither.
static Bytes strange_model() {
  flatbuffers::FlatBufferBuilder builder;
  const std::vector<std::int32_t> shape{1, 4}, first{0}, second{1}, third{2};
  std::vector<flatbuffers::Offset<tflite::Tensor>> tensors;
  for (const char* name : {"x", "between", "y"})
    tensors.push_back(tflite::CreateTensorDirect(builder, &shape, tflite::TensorType::FLOAT32, 0, name));
  const std::vector nodes{tflite::CreateOperatorDirect(builder, 0, &first, &second),
                          tflite::CreateOperatorDirect(builder, 1, &second, &third)};
  const std::vector graphs{tflite::CreateSubGraphDirect(builder, &tensors, &first, &third, &nodes)};
  const std::vector codes{tflite::CreateOperatorCode(builder, 0, 0, 1, tflite::BuiltinOperator::LSH_PROJECTION),
                          tflite::CreateOperatorCode(builder, 0, 0, 1, tflite::BuiltinOperator::RNN)};
  const std::vector buffers{tflite::CreateBuffer(builder)};
  tflite::FinishModelBuffer(builder, tflite::CreateModelDirect(builder, 3, &codes, &graphs, "", &buffers));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST_CASE("operators that are not supported are all named at once, and show still lists the layers", "[together]") {
  const Copy project;
  write_file(project / "strange.tflite", strange_model());
  write_file(project / "in.bin", Bytes(16));
  for (const char* command :
       {"compile strange.tflite --board mkrzero", "run strange.tflite --board mkrzero",
        "run strange.tflite --host --inputs in.bin", "convert strange.tflite --samples samples -o out.tflite"})
    CHECK_THAT(complaint(project, command), Contains("strange.tflite, node 0 (lsh_projection, between): ") &&
                                                Contains("node 1 (rnn, y): ") &&
                                                Contains("is not supported; `dragonet ops` lists what is"));
  const json shown = json_of(project, "show strange.tflite", 1);
  CHECK(shown["problems"].size() == 2);
  CHECK(shown["layers"].size() == 2);
}

TEST_CASE("a board that is not known is answered with the nearest name, wherever a board is named", "[together]") {
  const Copy project;
  for (const char* command : {"compile --board mkzero", "run --board mkzero", "test --board mkzero",
                              "show --board mkzero", "new x --kind image --board mkzero"})
    CHECK_THAT(complaint(project, command), Contains("mkzero: there is no board of this name; did you mean mkrzero?"));
  replace_setting(project, "board = 'mkrzero'", "board = 'mkzero'");
  CHECK_THAT(complaint(project, "compile"), Contains("did you mean mkrzero?"));
}

// --- dragonet.toml ---

TEST_CASE("what is wrong in dragonet.toml is told with line and column, and what would be right", "[together]") {
  const Copy project;
  const std::string good = read_text(project / "dragonet.toml");
  const auto said = [&](const std::string& from, const std::string& to) {
    write_file(project / "dragonet.toml", good);
    replace_setting(project, from, to);
    return complaint(project, "train");
  };
  const auto line_of = [&](const std::string& text) {
    return 1 + std::count(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(good.find(text)), '\n');
  };
  const std::string at = fmt::format("dragonet.toml, line {}, column ", line_of("epochs = 2"));
  CHECK_THAT(said("epochs = 2", "epochs = = 2"), Contains(at + "10: "));
  CHECK_THAT(said("epochs = 2", "epocs = 2"),
             Contains(at + "9: the setting train.epocs is not known; did you mean train.epochs?"));
  CHECK_THAT(said("epochs = 2", "epochs = 'two'"), Contains(at + "10: train.epochs has a value of the wrong type"));
  CHECK_THAT(said("epochs = 2", "epochs = 2000000"),
             Contains(at + "10: train.epochs is 2000000, not 1 to 100000; choose a value in that range"));
  CHECK_THAT(said("[train]", "[trian]"), Contains("the section [trian] is not known; did you mean [train]?"));
}

// --- files beside the model ---

TEST_CASE("inputs, expected outputs and labels of the wrong size are refused with both sizes, before anything runs",
          "[together]") {
  const Copy project;
  write_file(project / "short.bin", Bytes(100));
  write_file(project / "in.bin", Bytes(2 * 32 * 32));
  write_file(project / "none.bin", "");
  write_file(project / "three.txt", "a\nb\nc\n");
  for (const std::string where : {"--host", "--board mkrzero"}) {
    CHECK_THAT(complaint(project, "run " + where + " --inputs short.bin"),
               Contains("short.bin: holds 100 bytes, and the model's input is 1024; give raw tensors"));
    CHECK_THAT(complaint(project, "run " + where + " --inputs none.bin"), Contains("none.bin: holds 0 bytes"));
    CHECK_THAT(complaint(project, "run " + where + " --inputs in.bin --expect short.bin"),
               Contains("short.bin: holds 100 bytes, and the outputs are 4; give the raw outputs of 2 inference(s)"));
  }
  for (const char* command : {"compile --labels ", "run --labels "}) {
    CHECK_THAT(complaint(project, std::string(command) + "three.txt"),
               Contains("three.txt: holds 3 labels, and the model has 2 outputs; give one label a line"));
    CHECK_THAT(complaint(project, std::string(command) + "none.bin"), Contains("none.bin: holds no label"));
    CHECK_THAT(complaint(project, std::string(command) + "nowhere.txt"), Contains("nowhere.txt: cannot read"));
  }
}

TEST_CASE("labels of a file name the answers of run", "[together]") {
  const Copy project;
  write_file(project / "labels.txt", "round\nangular\n");
  const std::string said = dragonet_in(project, "run --samples samples/disc --labels labels.txt 2>&1").output;
  CHECK((said.find("round ") != std::string::npos || said.find("angular ") != std::string::npos));
  CHECK(said.find("disc  ") == std::string::npos);
}

// --- a project's own files ---

/// The record says that a file is the one that was saved, whatever it holds: as it is where a run's folder was put
/// together from two.
static void bless(const fs::path& run, const std::string& name) {
  json record = json::parse(read_text(run / "run.json"));
  record["files"][name] = sha256_of(read_bytes(run / name));
  write_file(run / "run.json", record.dump());
}

static const char* const that_read_a_run[] = {"test", "compile", "compare", "run", "show"};

TEST_CASE("a run's model that is damaged is refused by every command that reads it", "[together]") {
  for (const std::string name : {"model.tflite", "float.tflite"}) {
    const Copy project;
    Bytes bytes = read_bytes(project / ("runs/1/" + name));
    bytes[bytes.size() / 2] ^= 1;
    write_file(project / ("runs/1/" + name), bytes);
    CHECK_THAT(complaint(project, "test"),
               Contains(name + ": is not the file that this run saved: its SHA-256 is another; put it back"));
  }
}

/// A project of numbers in a table, trained: its models are of another kind, other shapes and other labels.
static const fs::path& other_project() {
  static const TemporaryFolder home;
  static const fs::path project = [] {
    std::mt19937 random(3);
    for (const char* label : {"low", "high"}) {
      std::string rows = "a,b,c\n";
      for (int i = 0; i < 40; ++i)
        rows += fmt::format("{},{},{}\n", random() % 50 + (*label == 'h' ? 40 : 0), random() % 9, i);
      write_file(home.path() / "tables" / label / "rows.csv", rows);
    }
    json_of(home.path(), "new numbers --kind table --samples tables");
    replace_setting(home.path() / "numbers", "epochs = 60", "epochs = 2");
    json_of(home.path() / "numbers", "train");
    return home.path() / "numbers";
  }();
  return project;
}

TEST_CASE("another project's model in a run is refused by every command that reads it, whatever run.json says",
          "[together]") {
  for (const std::string name : {"model.tflite", "float.tflite"}) {
    const Copy project;
    fs::copy_file(other_project() / "runs/1" / name, project / ("runs/1/" + name),
                  fs::copy_options::overwrite_existing);
    for (const bool blessed : {false, true}) {
      if (blessed) bless(project / "runs/1", name);
      for (const std::string command : that_read_a_run) {
        if (name == "float.tflite" && blessed && command != "test" && command != "compare") continue;
        INFO(command << " " << name);
        CHECK_THAT(complaint(project, command),
                   blessed ? Contains(name + ": it is a model of the kind table, and the project's is image")
                           : Contains(name + ": is not the file that this run saved"));
      }
    }
  }
}

TEST_CASE("a float model in the int8 model's place, and one of other labels, are refused", "[together]") {
  const Copy project;
  fs::copy_file(project / "runs/1/float.tflite", project / "runs/1/model.tflite", fs::copy_options::overwrite_existing);
  bless(project / "runs/1", "model.tflite");
  for (const std::string command : that_read_a_run)
    CHECK_THAT(complaint(project, command),
               Contains("model.tflite: its input is float32, and a run's model.tflite has int8; put the run's own"));

  const Copy relabelled;
  Model model = read_tflite(relabelled / "runs/1/model.tflite");
  ModelInfo info = info_of(model);
  info.labels = {"disc", "square", "triangle"};
  set_info(model, info);
  write_file(relabelled / "runs/1/model.tflite", serialize_tflite(model));
  bless(relabelled / "runs/1", "model.tflite");
  CHECK_THAT(complaint(relabelled, "test"), Contains("it names 3 labels, and gives 2 scores"));
}

TEST_CASE("a pipe, a device or a folder as dragonet.toml or a file of a run ends in a sentence, not in waiting",
          "[together]") {
  for (const std::string file : {"dragonet.toml", "runs/1/run.json", "runs/1/model.tflite", "runs/1/float.tflite"})
    for (const std::string put : {"mkfifo", "ln -s /dev/zero", "mkdir"}) {
      const Copy project;
      shell_in(project, "rm " + file + "; " + put + " " + file);
      INFO(put << " " << file);
      const ProcessResult result = shell_in(project, "timeout 60 $dragonet test");
      CHECK(result.status == 2);
      CHECK_THAT(result.output, Contains(fs::path(file).filename().string()) && Contains("cannot read: "));
    }
}

TEST_CASE("a summary that cannot be read is named, and all runs are listed", "[together]") {
  for (const std::string damage :
       {"rm summary.json; mkdir summary.json", "rm summary.json; mkfifo summary.json", "echo '{' > summary.json",
        "echo '{\"state\": 7}' > summary.json", "echo '{\"state\": \"asleep\"}' > summary.json"}) {
    const Copy project;
    fs::copy(project / "runs/1", project / "runs/2", fs::copy_options::recursive);
    shell_in(project, "cd runs/1; " + damage);
    INFO(damage);
    const ProcessResult result = shell_in(project, "timeout 60 $dragonet runs");
    CHECK(result.status == 0);
    CHECK_THAT(result.output, Contains("run 1: ") && Contains("summary.json: "));
    const json runs = json_of(project, "runs")["runs"];
    REQUIRE(runs.size() == 2);
    CHECK(runs[0]["state"] == "finished");
    CHECK(runs[0]["problem"] != "");
    CHECK(runs[1]["problem"] == "");
  }
}

TEST_CASE("a pipe, a device or a folder in the place of the index of runs is named, and runs are listed",
          "[together]") {
  for (const std::string file : {"runs/runs.sqlite", "runs/runs.sqlite-journal", "runs/runs.sqlite-wal"})
    for (const std::string put : {"mkfifo", "ln -s /dev/zero", "mkdir"}) {
      const Copy project;
      const ProcessResult result =
          shell_in(project, "rm -f " + file + "; " + put + " " + file + "; timeout 60 $dragonet runs 2>&1");
      INFO(put << " " << file);
      CHECK(result.status == 0);
      CHECK_THAT(result.output,
                 Contains(fs::path(file).filename().string() + ": is no regular file") && Contains("finished"));
    }
}

TEST_CASE("a training that cannot get its lock leaves no run behind", "[together]") {
  const Copy project;
  fs::remove(project / "runs/lock");
  fs::create_directory(project / "runs/lock");
  CHECK_THAT(complaint(project, "train"), Contains("runs/lock: cannot be locked"));
  CHECK_FALSE(fs::exists(project / "runs/2"));
  CHECK(json_of(project, "runs")["runs"].size() == 1);
}

TEST_CASE("what killed commands have left in a project is gone after the next", "[together]") {
  const Copy project;
  const std::string gone = shell_in(project, "sh -c 'echo $$' | tr -d '\\n'").output;
  for (const std::string& file : {"dragonet.toml." + gone + ".tmp", "runs/1/checkpoint." + gone + ".tmp",
                                  "runs/1/mkrzero/.build-" + gone + "/x", "cache/index." + gone + ".tmp"})
    write_file(project / file, "half");
  write_file(project / "notes.1.tmp", "mine");
  json_of(project, "compile");
  for (const auto& [name, bytes] : files_in(project)) CHECK(name.find(gone + ".tmp") == std::string::npos);
  CHECK_FALSE(fs::exists(project / ("runs/1/mkrzero/.build-" + gone)));
  CHECK(fs::exists(project / "notes.1.tmp"));
}

TEST_CASE("eight compile at once in one project, and none disturbs another", "[together]") {
  const Copy project;
  const ProcessResult result = shell_in(
      project,
      "for i in 1 2 3 4 5 6 7 8; do ($dragonet compile >/dev/null 2>e$i || cat e$i; echo \"done $?\") & done; wait");
  INFO(result.output);
  CHECK(count(result.output, "done 0") == 8);
  CHECK(count(result.output, "dragonet:") == 0);
  const fs::path made = project / "runs/1/mkrzero";
  for (const char* name : {"firmware.elf", "firmware.bin", "shapes.h", "shapes.cpp", "memory.svg", "plan.svg"})
    CHECK(fs::exists(made / name));
  for (const auto& entry : fs::directory_iterator(made))
    CHECK_FALSE(entry.path().filename().string().starts_with(".build-"));
}

TEST_CASE("on a read-only disk a test says how good the model is, from the cache, and that no report is saved",
          "[together]") {
  const Copy project;
  const double accuracy = json_of(project, "test")["int8"]["accuracy"];
  const ProcessResult result = shell_in(project,
                                        "rm -r runs/1/report.html; chmod -R a-w .; trap '' XFSZ; ulimit -f 0; "
                                        "$dragonet test 2>&1; echo status=$?; chmod -R u+w .");
  CHECK_THAT(result.output, Contains("status=0") && Contains("the report is not saved: ") && Contains("no report") &&
                                Contains(fmt::format("{:.0f} %", 100 * accuracy)));
}

TEST_CASE("a model may be called as a file of the programs that run it here", "[together]") {
  const Copy project;
  write_file(project / "in.bin", Bytes(32 * 32));
  for (const std::string name : {"host_main", "capture_main", "main", "program", "host", "capture"}) {
    fs::copy_file(project / "runs/1/model.tflite", project / (name + ".tflite"));
    json_of(project, "run " + name + ".tflite --host --inputs in.bin");
  }
  json_of(project, "compare capture_main.tflite --inputs in.bin --board mkrzero");
}

// --- saving ---

/// Commands that save something, by the file that they are to replace.
static const std::vector<std::string> that_save{"train", "convert -o runs/1/model.tflite", "compile -o code",
                                                "new other --kind image --samples samples"};

static bool is_litter(const std::string& file) {
  return file.find(".tmp") != std::string::npos || file.find(".part") != std::string::npos;
}

/// Files that were there before are as they were, and nothing half written lies beside them.
static void check_intact(const std::map<std::string, Bytes>& before, const fs::path& folder) {
  const std::map<std::string, Bytes> now = files_in(folder);
  for (const auto& [name, bytes] : before) {
    INFO(name);
    if (name.find("runs.sqlite") == std::string::npos) CHECK((now.contains(name) && now.at(name) == bytes));
  }
  for (const auto& [name, bytes] : now) {
    INFO(name);
    CHECK_FALSE(is_litter(name));
  }
}

// With SIGXFSZ ignored, a limit on the size of files fails a write in its middle, as a full disk does.
TEST_CASE("where files cannot grow, every command that saves says so, and what was saved before stays whole",
          "[together]") {
  const Copy project;
  for (const int blocks : {0, 2})  // of 512 bytes
    for (const std::string& command : that_save) {
      const std::map<std::string, Bytes> before = files_in(project);
      const ProcessResult result =
          shell_in(project, fmt::format("trap '' XFSZ; ulimit -f {}; $dragonet {}", blocks, command));
      INFO(blocks << " " << command << ": " << result.output);
      CHECK(result.status == 2);
      CHECK_THAT(result.output, Contains("dragonet: ") && Contains(": File too large; "));
      check_intact(before, project);
      CHECK_FALSE(fs::exists(project / "other"));
    }
}

TEST_CASE("where the compiler's own files cannot grow, that is said, and not that it refuses the code", "[together]") {
  const Copy project;
  CHECK_THAT(shell_in(project, "trap '' XFSZ; ulimit -f 40; $dragonet compile").output,
             Contains("arm-none-eabi-g++ has no room to write; the disk is full, or the one of temporary files"));
}

/// In a file system of its own, of so many KB, which is gone afterwards. `script` finds the project in its folder.
/// None, and a loud line on stderr, where the system does not allow that.
static std::optional<ProcessResult> on_small_disk(const fs::path& project, int kilobytes, const std::string& script) {
  const TemporaryFolder disk;
  const std::string mount = fmt::format("mount -t tmpfs -o size={}k tmpfs {} && cd {} && cp -r {}/* . && ", kilobytes,
                                        disk.path().string(), disk.path().string(), project.string());
  if (run_process({"unshare", "-rm", "sh", "-c", mount + "true"}).status != 0) {
    std::fprintf(stderr, "SKIPPED: this system mounts no file systems for tests, so none was full or read-only\n");
    return std::nullopt;
  }
  return run_process({"unshare", "-rm", "sh", "-c", mount + "dragonet='" + program + "'; " + script});
}

/// Runs every command that saves; `sums` says whether an old file was changed, `litter` what was left half done.
static std::string saving_script() {
  std::string script =
      "sums() { find runs samples -type f -name '*[ltgno]' | sort | xargs sha256sum; }; sums >/dev/shm/$$; ";
  for (const std::string& command : that_save)
    script += fmt::format("$dragonet {} 2>&1 | grep -a '^dragonet:'; $dragonet {} >/dev/null 2>&1; echo status=$?; ",
                          command, command);
  return script +
         "sums | comm -23 /dev/shm/$$ - | sed s/^/changed:/; find . -name '*.tmp*' -o -name '*.part*'; rm /dev/shm/$$";
}

static void check_refusals(const ProcessResult& result, const std::string& why) {
  INFO(result.output);
  CHECK(count(result.output, "status=2") == static_cast<int>(that_save.size()));
  CHECK(count(result.output, why) >= static_cast<int>(that_save.size()));
  CHECK(count(result.output, "changed:") == 0);
  CHECK(count(result.output, ".tmp") + count(result.output, ".part") == 0);
}

TEST_CASE("on a full disk every command that saves says so, and what was saved before stays whole", "[together]") {
  const auto result =
      on_small_disk(trained_project(), 4000, "dd if=/dev/zero of=fill bs=1k 2>/dev/null; " + saving_script());
  if (result) check_refusals(*result, "No space left on device; ");
}

TEST_CASE("on a read-only disk every command that saves says so, and runs can still be listed", "[together]") {
  const auto result = on_small_disk(trained_project(), 4000,
                                    "mount -o remount,ro . && cd . && " + saving_script() + "; $dragonet runs 2>&1");
  if (!result) return;
  check_refusals(*result, "Read-only file system");
  CHECK_THAT(result->output, Contains("finished"));
}

TEST_CASE("a path that leads through a file cannot be saved to, and says so", "[together]") {
  const Copy project;
  write_file(project / "in.bin", Bytes(32 * 32));
  for (const char* command : {"convert -o dragonet.toml/out.tflite", "compile -o dragonet.toml/code",
                              "run --host --inputs in.bin --outputs dragonet.toml/out.bin"})
    CHECK_THAT(complaint(project, command), Contains("dragonet.toml") && Contains("Not a directory"));
  CHECK_THAT(complaint(project, "convert -o /dev/full"), Contains("/dev/full: cannot write: this is no regular file"));
  CHECK_THAT(complaint(project, "convert -o ."), Contains(".: cannot write"));
}

TEST_CASE("answers that nobody can read, because stdout is closed or full, are a failure, help too", "[together]") {
  const Copy project;
  for (const char* command : {"boards", "boards --json", "runs", "--help", "train --help"})
    for (const char* where : {">&-", ">/dev/full"}) {
      const ProcessResult result = shell_in(project, fmt::format("$dragonet {} 2>&1 {}", command, where));
      INFO(command << where);
      CHECK(result.status == 2);
    }
  CHECK_THAT(shell_in(project, "$dragonet boards 2>said >/dev/full; cat said").output,
             Contains("stdout: could not be written; is the disk full, or the pipe closed?"));
}
