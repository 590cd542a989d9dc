#include "data/numbers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "data/sample_folder.h"
#include "data/text_table.h"

namespace dragonet {
namespace {

[[noreturn]] void refuse(const fs::path& where, std::string what, std::string next) {
  throw Error(Problem{where.string(), std::move(what), std::move(next)});
}

std::string place(const fs::path& list, const TextTable& table) {
  return fmt::format("{}, line {}", list.string(), table.line());
}

/// The columns of the list: where the file's name stands, and what each number is called.
struct Columns {
  std::size_t file = 0;
  std::vector<std::string> names;  // of all columns
};

Columns columns_of(TextTable& table, const fs::path& list) {
  Columns columns;
  if (table.next()) columns.names.assign(table.cells().begin(), table.cells().end());
  const auto file = std::ranges::find(columns.names, "file");
  if (file == columns.names.end() || columns.names.size() < 2)
    refuse(list, "its first line must name a column `file` and one for each number",
           "write the names into the first line: file, celsius");
  columns.file = static_cast<std::size_t>(file - columns.names.begin());
  return columns;
}

/// A sample's path is relative to the folder, and goes no way out of it.
fs::path listed_file(const fs::path& folder, const std::string& name, const std::string& where) {
  const fs::path path = fs::path(name).lexically_normal();
  if (!is_file_in(folder, path))
    refuse(where, fmt::format("there is no recording {} in the samples' folder", name),
           "give paths relative to that folder");
  return path;
}

Sample listed_sample(const fs::path& folder, const Columns& columns, const TextTable& table) {
  const std::string where = place(folder / number_list, table);
  if (table.cells().size() != columns.names.size())
    refuse(where, fmt::format("it has {} cells, and there are {} columns", table.cells().size(), columns.names.size()),
           "give every column a value");
  Sample sample{.path = listed_file(folder, std::string(table.cells()[columns.file]), where)};
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    if (i == columns.file) continue;
    const auto number = number_in(table.cells()[i], table.separator());
    if (!number)
      refuse(where, fmt::format("{} is `{}`, which is no number", columns.names[i], table.cells()[i]),
             "give a number, or remove the column");
    sample.targets.push_back(static_cast<float>(*number));
  }
  return sample;
}

Dataset listed_samples(const fs::path& folder) {
  TextTable table(folder / number_list);
  const Columns columns = columns_of(table, folder / number_list);
  Dataset dataset{.folder = folder, .labels = {"numbers"}, .samples = {}, .outputs = columns.names};
  dataset.outputs.erase(dataset.outputs.begin() + static_cast<std::ptrdiff_t>(columns.file));
  while (table.next()) dataset.samples.push_back(listed_sample(folder, columns, table));
  if (dataset.samples.empty()) refuse(folder / number_list, "it names no recording", "write one a line");
  return dataset;
}

float number_of(const fs::path& folder) {
  const auto number = number_in(folder.filename().string(), ',');
  if (!number)
    refuse(folder, "the name of this folder is no number, and no labels.csv says what its recordings' numbers are",
           "name folders after their numbers, as 20 or 25.5, or write a labels.csv: file, celsius");
  return static_cast<float>(*number);
}

void add_folder(Dataset& dataset, SampleFolder& samples, const fs::path& folder) {
  const float number = number_of(folder);
  const std::vector<fs::path> files = samples.files_below(folder);
  if (files.empty()) refuse(folder, "the folder is empty", "put samples into it, or remove it");
  for (const fs::path& file : files)
    dataset.samples.push_back({.path = file.lexically_relative(dataset.folder), .targets = {number}});
}

NumberRange range_of(const Dataset& dataset, std::size_t output) {
  const double first = dataset.samples.at(0).targets[output];
  NumberRange range{.name = dataset.outputs[output], .least = first, .mean = 0, .most = first};
  for (const Sample& sample : dataset.samples) {
    const double number = sample.targets[output];
    range.least = std::min(range.least, number), range.most = std::max(range.most, number);
    range.mean += number / static_cast<double>(dataset.samples.size());
  }
  return range;
}

}  // namespace

std::vector<NumberRange> number_ranges(const Dataset& dataset) {
  std::vector<NumberRange> ranges;
  for (std::size_t i = 0; i < dataset.outputs.size(); ++i) ranges.push_back(range_of(dataset, i));
  return ranges;
}

Dataset samples_in(const Regression&, const fs::path& folder, const DatasetOptions&) {
  if (fs::is_regular_file(folder / number_list)) return listed_samples(folder);
  Dataset dataset{.folder = folder, .labels = {"numbers"}, .samples = {}, .outputs = Regression::first_names()};
  SampleFolder samples(folder);
  for (const fs::path& entry : samples.folders()) add_folder(dataset, samples, entry);
  dataset.notes = samples.notes();
  if (dataset.samples.empty())
    refuse(folder, "nothing says which numbers its recordings have",
           "put them into folders named after their numbers, as 20 or 25.5, or write a labels.csv: file, celsius");
  return dataset;
}

}  // namespace dragonet
