// A row of numbers is a sample: a gas sensor's channels, a battery's voltages, whatever has no time in it.
#include "data/number_table.h"
#include "features/table_settings.h"
#include "project/kinds.h"

namespace dragonet {

static const TableFeatureSettings& table_of(const FeatureSettings& settings) {
  return std::get<TableFeatureSettings>(settings);
}

/// For a project that has no files yet.
static TableFeatureSettings usual_features() {
  return {.columns = {"temperature", "humidity"}, .low = {0, 0}, .high = {50, 100}};
}

static FeatureSettings features_for(const Dataset& dataset) {
  const auto examples = some_examples(
      dataset, 1000, [&](const Sample& sample) { return read_number_table(dataset.folder / sample.path); });
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

/// The rows of the sample's range, or all.
static RawSample raw(const fs::path& path, const Sample& sample, const Bytes&, const FeatureSettings& settings) {
  const NumberTable table = read_number_table(path);
  const std::vector<Readings> rows = table_readings(table, table_of(settings));
  const bool is_range = sample.last_s > sample.first_s;
  const std::size_t first = is_range ? static_cast<std::size_t>(sample.first_s) : 0;
  const std::size_t last = is_range ? std::min(static_cast<std::size_t>(sample.last_s), rows.size()) : rows.size();
  RawSample raw{.windows = {}, .notes = table.notes};
  for (std::size_t row = first; row < last; ++row) raw.windows.emplace_back(rows[row]);
  return raw;
}

static Bytes picture(const fs::path&, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  return features_picture(features, shape_of(settings));
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
                      .default_training = nullptr,
                      .fit = nullptr,
                      .keep_numbers = keep_numbers,
                      .raw_sample = raw,
                      .whole_recording = nullptr,
                      .picture = picture};

}  // namespace dragonet
