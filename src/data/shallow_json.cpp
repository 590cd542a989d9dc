#include "data/shallow_json.h"

#include <fmt/format.h>

#include "base/error.h"
#include "data/cbor_depth.h"
#include "data/text_table.h"

namespace dragonet {
namespace {

using PlainJson = nlohmann::json;

constexpr std::uintmax_t largest_file_bytes = 64u << 20;  // some 20 times that in memory
constexpr int deepest = 16;                               // what is read of Edge Impulse needs 6

/// nlohmann's own builder, which stops where arrays lie in arrays without end.
class ShallowBuilder : public nlohmann::detail::json_sax_dom_parser<PlainJson> {
 public:
  using Base = nlohmann::detail::json_sax_dom_parser<PlainJson>;
  explicit ShallowBuilder(PlainJson& root) : Base(root, true) {}
  bool start_object(std::size_t size) { return goes_deeper() && Base::start_object(size); }
  bool start_array(std::size_t size) { return goes_deeper() && Base::start_array(size); }
  bool end_object() { return --depth_, Base::end_object(); }
  bool end_array() { return --depth_, Base::end_array(); }

 private:
  bool goes_deeper() {
    if (++depth_ > deepest) throw std::runtime_error(fmt::format("it is nested deeper than {} levels", deepest));
    return true;
  }
  int depth_ = 0;
};

}  // namespace

PlainJson shallow_json(const fs::path& path, bool is_cbor) {
  const Bytes bytes = read_at_most(path, largest_file_bytes);
  using Format = PlainJson::input_format_t;
  PlainJson json;
  ShallowBuilder builder(json);
  try {
    if (is_cbor) check_cbor_depth(bytes, deepest);  // nlohmann's reader recurses
    PlainJson::sax_parse(bytes, &builder, is_cbor ? Format::cbor : Format::json, !is_cbor);  // devices pad CBOR
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(Problem{.where = path.string(),
                        .what = fmt::format("it is no {}: {}", is_cbor ? "CBOR" : "JSON", error.what()),
                        .next = "export or record it again"});
  }
  return json;
}

}  // namespace dragonet
