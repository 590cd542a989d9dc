// CBOR walked without recursion. RFC 8949: an item's first byte has its major type in three bits, and in five what says
// how long the number behind it is, which counts what the item holds.
#include "data/cbor_depth.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <vector>

namespace dragonet {
namespace {

enum Major { bytes_of = 2, text_of = 3, list_of = 4, map_of = 5, tag_of = 6 };
constexpr std::uint8_t ends = 0xff, of_any_length = 31;

/// Items that are still to come in what is open; none: until an end.
using Open = std::optional<std::uint64_t>;

struct Head {
  int major = 0, info = 0;
  std::uint64_t number = 0;
};

class Walk {
 public:
  Walk(std::span<const std::uint8_t> bytes, std::size_t deepest) : rest_(bytes), deepest_(deepest) {}

  void run() {
    while (!rest_.empty()) {
      if (rest_[0] == ends) {
        if (open_.empty()) return;
        rest_ = rest_.subspan(1);
        close();
        continue;
      }
      const std::optional<Head> head = take_head();
      if (!head || !enter(*head) || open_.empty()) return;  // cut off, or the one item is over
    }
  }

 private:
  std::optional<Head> take_head() {
    Head head{.major = rest_[0] >> 5, .info = rest_[0] & 31, .number = rest_[0] & 31u};
    const std::size_t more = head.info < 24 || head.info > 27 ? 0 : std::size_t{1} << (head.info - 24);
    if (rest_.size() <= more) return std::nullopt;
    if (more) head.number = 0;
    for (std::size_t i = 1; i <= more; ++i) head.number = head.number << 8 | rest_[i];
    rest_ = rest_.subspan(1 + more);
    return head;
  }

  /// False: what it holds is cut off.
  bool enter(const Head& head) {
    const bool is_text = head.major == bytes_of || head.major == text_of, is_open = head.info == of_any_length;
    if (in_chunks_ && (!is_text || is_open)) throw std::runtime_error("chunks of a text are no texts themselves");
    if (is_text && is_open) {
      in_chunks_ = true;
      return open(std::nullopt);
    }
    if (is_text && head.number > rest_.size()) return false;
    if (is_text) rest_ = rest_.subspan(static_cast<std::size_t>(head.number));
    if (head.major == list_of) return open(is_open ? Open() : Open(head.number));
    if (head.major == map_of) return open(is_open ? Open() : Open(head.number * 2));
    if (head.major == tag_of) return open(1);
    count_down();
    return true;
  }

  bool open(Open items) {
    open_.push_back(items);
    if (open_.size() > deepest_) throw std::runtime_error(fmt::format("it is nested deeper than {} levels", deepest_));
    if (items == 0u) close();
    return true;
  }

  void close() {
    in_chunks_ = false;  // they lie in nothing else
    open_.pop_back();
    count_down();
  }

  /// An item is over, and with the last one what it lies in.
  void count_down() {
    while (!open_.empty() && open_.back()) {
      if (--*open_.back() > 0) return;
      open_.pop_back();
    }
  }

  std::span<const std::uint8_t> rest_;
  std::size_t deepest_;
  std::vector<Open> open_;
  bool in_chunks_ = false;
};

}  // namespace

void check_cbor_depth(std::span<const std::uint8_t> bytes, std::size_t deepest) { Walk(bytes, deepest).run(); }

}  // namespace dragonet
