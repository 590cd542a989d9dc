// A row of numbers is a sample: a gas sensor's channels, a battery's voltages, whatever has no time in it.
#include <algorithm>

#include "data/number_table.h"
#include "features/table_settings.h"
#include "project/drawn_sample.h"
#include "project/kinds.h"
#include "project/sample_file.h"

namespace dragonet {

static const TableFeatureSettings& table_of(const FeatureSettings& settings) {
  return std::get<TableFeatureSettings>(settings);
}

/// For a project that has no files yet.
static TableFeatureSettings usual_features() {
  return {.columns = {"temperature", "humidity"}, .low = {0, 0}, .high = {50, 100}};
}

/// Of every file once, however many rows of it are samples.
static FeatureSettings features_for(const Dataset& dataset, double) {
  Dataset files = dataset;
  const auto rest = std::ranges::unique(files.samples, {}, &Sample::path);
  files.samples.erase(rest.begin(), rest.end());
  const auto examples =
      some_examples(files, 1000, [&](const Sample& sample) { return read_number_table(files.folder / sample.path); });
  return examples.empty() ? usual_features() : default_table_features(examples);
}

/// As small as two hidden layers can be that tell apart what straight lines do not.
static Network network(int height, int width, int columns, int labels) {
  const Layer hidden{.type = "Dense", .filters = 32, .activation = "relu"};
  return {height,
          width,
          columns,
          {{.type = "Flatten"}, hidden, hidden, {.type = "Dense", .filters = labels, .activation = "softmax"}}};
}

static void keep_numbers(Augmentation& augmentation) { std::get<TableAugmentation>(augmentation).noise = 0; }

/// Many samples lie in one file, one after another: it is read once for all of them that a thread asks for.
static const NumberTable& table_at(const fs::path& path) {
  thread_local fs::path known;
  thread_local FileStamp stamp;
  thread_local NumberTable table;
  const FileStamp now = stamp_of(path);
  if (path != known || now != stamp) {
    table = read_number_table(path);
    known = path, stamp = now;
  }
  return table;
}

/// The rows of the sample's range, or all.
static RawSample raw(const fs::path& path, const Sample& sample, const Bytes&, const FeatureSettings& settings) {
  const NumberTable& table = table_at(path);
  const bool is_range = sample.last_s > sample.first_s;
  const std::size_t first = is_range ? static_cast<std::size_t>(sample.first_s) : 0;
  const std::size_t last = is_range ? static_cast<std::size_t>(sample.last_s) : table.rows();
  RawSample raw;
  if (first == 0) {  // once a file
    raw.notes = table_notes(table, table_of(settings));
    raw.notes.insert(raw.notes.end(), table.notes.begin(), table.notes.end());
  }
  for (Readings& row : table_readings(table, first, std::min(last, table.rows()), table_of(settings)))
    raw.windows.emplace_back(std::move(row));
  return raw;
}

static Bytes picture(const fs::path&, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  std::vector<double> values;
  for (const std::int8_t feature : features) values.push_back(feature / 128.0);
  return drawn_bars(table_of(settings).columns, values);
}

extern const Kind table_kind;
const Kind table_kind{.name = TableFeatureSettings::name,
                      .files = "tables (CSV, TSV) with a row of numbers for each sample",
                      .settings = TableFeatureSettings{},
                      .augmentation = TableAugmentation{},
                      .answers = {.average = 1, .threshold = 0, .debounce = 1},  // every row stands for itself
                      .rows_stand_alone = true,
                      .own_labels = labelled_rows,
                      .default_features = features_for,
                      .default_network = network,
                      .default_statistics = default_value_statistics,
                      .default_training = nullptr,
                      .fit = nullptr,
                      .keep_numbers = keep_numbers,
                      .raw_sample = raw,
                      .whole_recording = nullptr,
                      .picture = picture};

}  // namespace dragonet
