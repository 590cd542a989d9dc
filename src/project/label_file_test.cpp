#include "project/label_file.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static std::vector<std::string> labels_in(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "labels.txt", text);
  return read_labels(folder.path() / "labels.txt");
}

TEST_CASE("labels are the lines of a file, without numbers that only count them") {
  CHECK(labels_in("dragon\r\nother\r\n") == std::vector<std::string>{"dragon", "other"});
  CHECK(labels_in("0 dragon\n1 a lion\n") == std::vector<std::string>{"dragon", "a lion"});
  CHECK(labels_in("7 seas\n1 lake\n") == std::vector<std::string>{"7 seas", "1 lake"});
}

TEST_CASE("a file of labels that has not one per output is refused with both numbers") {
  Model model{.outputs = {0}};
  model.tensors = {{.name = "scores", .dtype = DType::int8, .shape = {1, 3}}};
  const TemporaryFolder folder;
  const std::string file = folder.path() / "labels.txt";
  write_file(file, "a\nb\n");
  CHECK_THROWS_WITH(take_labels(model, file), Catch::Contains("2 labels") && Catch::Contains("3 outputs"));
  write_file(file, "a\nb\nc\n");
  take_labels(model, file);
  CHECK(info_of(model).labels == std::vector<std::string>{"a", "b", "c"});
}
