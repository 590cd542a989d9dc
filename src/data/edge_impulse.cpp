#include "data/edge_impulse.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "data/column_names.h"
#include "data/shallow_json.h"
#include "data/text_table.h"

namespace dragonet {
namespace {

using PlainJson = nlohmann::json;

constexpr std::size_t sensors_at_most = 64;

class AcquisitionFile {
 public:
  explicit AcquisitionFile(std::string source) : source_(std::move(source)) {}

  [[noreturn]] void refuse(const std::string& where, std::string what) const {
    throw Error(Problem{.where = fmt::format("{}, {}", source_, where),
                        .what = std::move(what),
                        .next = "docs/motion-recordings.md shows Edge Impulse's format"});
  }

  const PlainJson& part(const PlainJson& of, const std::string& where, const char* name) const {
    const auto found = of.is_object() ? of.find(name) : of.end();
    if (!of.is_object() || found == of.end()) refuse(where, fmt::format("it has no \"{}\"", name));
    return *found;
  }

  std::string text(const PlainJson& of, const std::string& where, const char* name) const {
    const PlainJson& value = part(of, where, name);
    if (!value.is_string()) refuse(where, fmt::format("its \"{}\" is no text", name));
    return value;
  }

  double number(const PlainJson& value, const std::string& where) const {
    const double number = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (!(std::abs(number) <= std::numeric_limits<float>::max())) refuse(where, "it is no finite number");
    return number;
  }

 private:
  std::string source_;
};

void take_sensors(const AcquisitionFile& file, const PlainJson& payload, TimedReadings& readings) {
  const PlainJson& sensors = file.part(payload, "payload", "sensors");
  if (!sensors.is_array() || sensors.empty() || sensors.size() > sensors_at_most)
    file.refuse("payload.sensors", fmt::format("it is no list of 1 to {} sensors", sensors_at_most));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    const std::string where = fmt::format("payload.sensors[{}]", i);
    readings.axes.push_back(file.text(sensors[i], where, "name"));
    if (!seen.insert(readings.axes.back()).second) file.refuse(where, "another sensor has the same name");
    readings.units.push_back(file.text(sensors[i], where, "units"));
  }
}

/// Rows of one number a sensor; of a single sensor, also the plain numbers.
void take_values(const AcquisitionFile& file, const PlainJson& payload, TimedReadings& readings) {
  const PlainJson& values = file.part(payload, "payload", "values");
  if (!values.is_array()) file.refuse("payload.values", "it is no list");
  const std::size_t axes = readings.axes.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string where = fmt::format("payload.values[{}]", i);
    const PlainJson& row = values[i];
    if (axes == 1 && row.is_number()) {
      readings.values.push_back(static_cast<float>(file.number(row, where)));
      continue;
    }
    if (!row.is_array() || row.size() != axes)
      file.refuse(where, fmt::format("it is no list of {} numbers, one for each sensor", axes));
    for (std::size_t a = 0; a < axes; ++a)
      readings.values.push_back(static_cast<float>(file.number(row[a], fmt::format("{}[{}]", where, a))));
  }
}

double rate_of(const AcquisitionFile& file, const PlainJson& payload) {
  const double interval_ms = file.number(file.part(payload, "payload", "interval_ms"), "payload.interval_ms");
  if (!(interval_ms > 0)) file.refuse("payload.interval_ms", "it is not above 0");
  return 1000 / interval_ms;
}

}  // namespace

EdgeImpulseReadings read_edge_impulse(const fs::path& path) {
  const PlainJson json = shallow_json(path, lower(path.extension().string()) == ".cbor");
  const AcquisitionFile file(path.string());
  const PlainJson& payload = file.part(json, "the whole", "payload");
  EdgeImpulseReadings out;
  out.readings.source = path.string();
  out.rate_hz = rate_of(file, payload);
  take_sensors(file, payload, out.readings);
  take_values(file, payload, out.readings);
  if (json.contains("signature")) out.readings.notes.push_back("its signature was not checked");
  return out;
}

}  // namespace dragonet
