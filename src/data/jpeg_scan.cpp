// ITU-T T.81, "Digital compression and coding of continuous-tone still images": sequential DCT with Huffman coding
// (annex F), all components in one scan. Damaged data is mostly sound Huffman code, since every bit string is nearly;
// but then blocks have coefficients behind their last, brightness runs out of its range, or data remains when the
// picture is full.
#include "data/jpeg_scan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace dragonet {
namespace {

enum Marker { sof_baseline = 0xc0, sof_extended = 0xc1, dht = 0xc4, sos = 0xda, dri = 0xdd, rst0 = 0xd0, eoi = 0xd9 };

struct HuffmanTable {
  std::array<int, 17> count{}, first_code{}, first_value{};  // of each length
  std::vector<std::uint8_t> values;
};

struct Component {
  int id = 0, across = 1, down = 1;  // blocks in a unit of the scan
  int dc_table = 0, ac_table = 0;
  int brightness = 0;  // of the last block: the mean, in steps of the quantization table
  int quant_table = 0;
};

struct Frame {
  int width = 0, height = 0, restart_units = 0;
  std::vector<Component> components;
  std::array<std::optional<HuffmanTable>, 4> dc, ac;
  std::array<int, 4> dc_step{};  // of each quantization table; 0: none
};

int number_at(std::span<const std::uint8_t> bytes, std::size_t at) { return bytes[at] << 8 | bytes[at + 1]; }

/// Annex C: codes of one length follow each other.
std::optional<HuffmanTable> huffman_table(std::span<const std::uint8_t> counts, std::span<const std::uint8_t> values) {
  HuffmanTable table;
  int code = 0, value = 0;
  for (int length = 1; length <= 16; ++length) {
    table.count[length] = counts[length - 1];
    table.first_code[length] = code, table.first_value[length] = value;
    code = (code + table.count[length]) << 1, value += table.count[length];
  }
  if (value > std::ssize(values)) return std::nullopt;
  table.values.assign(values.begin(), values.begin() + value);
  return table;
}

bool take_huffman(std::span<const std::uint8_t> segment, Frame& frame) {
  while (segment.size() >= 17) {
    const int place = segment[0] & 15;
    const auto table = huffman_table(segment.subspan(1, 16), segment.subspan(17));
    if (!table || place > 3) return false;
    (segment[0] >> 4 ? frame.ac : frame.dc)[place] = table;
    segment = segment.subspan(17 + table->values.size());
  }
  return segment.empty();
}

bool take_quantization(std::span<const std::uint8_t> segment, Frame& frame) {
  while (!segment.empty()) {
    const bool is_wide = segment[0] >> 4;
    const std::size_t bytes = is_wide ? 129 : 65;
    if (segment.size() < bytes || (segment[0] & 15) > 3) return false;
    frame.dc_step[segment[0] & 15] = is_wide ? number_at(segment, 1) : segment[1];
    segment = segment.subspan(bytes);
  }
  return true;
}

bool take_frame(std::span<const std::uint8_t> segment, Frame& frame) {
  if (segment.size() < 6 || segment[0] != 8) return false;
  frame.height = number_at(segment, 1), frame.width = number_at(segment, 3);
  if (segment.size() != 6u + 3u * segment[5] || !frame.width || !frame.height) return false;
  for (std::size_t at = 6; at < segment.size(); at += 3)
    frame.components.push_back({.id = segment[at],
                                .across = segment[at + 1] >> 4,
                                .down = segment[at + 1] & 15,
                                .quant_table = segment[at + 2] & 3});
  return std::ranges::all_of(frame.components, [](const Component& c) {
    return c.across >= 1 && c.across <= 4 && c.down >= 1 && c.down <= 4;
  });
}

/// False: not all components, or tables that are not there.
bool take_scan(std::span<const std::uint8_t> segment, Frame& frame) {
  if (segment.empty() || segment[0] != frame.components.size() || segment.size() != 4u + 2u * segment[0]) return false;
  for (std::size_t i = 0; i < frame.components.size(); ++i) {
    Component& component = frame.components[i];
    component.dc_table = segment[2 + 2 * i] >> 4, component.ac_table = segment[2 + 2 * i] & 15;
    const bool has_tables = component.dc_table < 4 && component.ac_table < 4 && frame.dc[component.dc_table] &&
                            frame.ac[component.ac_table];
    if (component.id != segment[1 + 2 * i] || !has_tables) return false;
  }
  return !frame.components.empty();
}

/// Bits of the scan; a 0 behind an 0xff is none of them, and a marker ends them.
class Bits {
 public:
  explicit Bits(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// -1: there are no more.
  int next() {
    if (left_ == 0 && !load()) return -1;
    return byte_ >> --left_ & 1;
  }

  int take(int count) {
    int number = 0;
    for (; count > 0; --count) {
      const int bit = next();
      if (bit < 0) return -1;
      number = number << 1 | bit;
    }
    return number;
  }

  bool are_over() const { return at_ >= bytes_.size(); }

  /// The rest of the last byte is filled with ones, by some writers with zeros; and a marker follows, which is taken.
  int marker() {
    const int rest = byte_ & ((1 << left_) - 1);
    const bool is_filled = rest == 0 || rest == (1 << left_) - 1;
    left_ = 0;
    while (at_ + 2 < bytes_.size() && bytes_[at_] == 0xff && bytes_[at_ + 1] == 0xff) ++at_;
    if (!is_filled || at_ + 1 >= bytes_.size() || bytes_[at_] != 0xff || bytes_[at_ + 1] == 0) return -1;
    at_ += 2;
    return bytes_[at_ - 1];
  }

 private:
  bool load() {
    if (at_ >= bytes_.size()) return false;
    byte_ = bytes_[at_];
    if (byte_ == 0xff) {
      if (at_ + 1 >= bytes_.size() || bytes_[at_ + 1] != 0) return false;
      ++at_;
    }
    ++at_, left_ = 8;
    return true;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  int byte_ = 0, left_ = 0;
};

/// -1: no code, or no more bits.
int decoded(Bits& bits, const HuffmanTable& table) {
  int code = 0;
  for (int length = 1; length <= 16; ++length) {
    const int bit = bits.next();
    if (bit < 0) return -1;
    code = code << 1 | bit;
    const int place = code - table.first_code[length];
    if (place >= 0 && place < table.count[length]) return table.values[table.first_value[length] + place];
  }
  return -1;
}

/// F.2.2.1: the number that so many bits stand for.
int extended(int bits, int count) { return count > 0 && bits < 1 << (count - 1) ? bits - (1 << count) + 1 : bits; }

class Scan {
 public:
  Scan(Frame& frame, std::span<const std::uint8_t> data) : frame_(frame), bits_(data) {}

  JpegFaults faults() {
    const int units = units_across() * units_down();
    for (int unit = 0; unit < units; ++unit) {
      if (unit > 0 && frame_.restart_units > 0 && unit % frame_.restart_units == 0 && !restart(unit))
        return {.damage = "data between two restart markers is not as long as it should be"};
      if (!take_unit()) return {.damage = "its data is no picture from some place on"};
    }
    const bool has_rest = !bits_.are_over() && bits_.marker() < 0;
    return {.damage = "", .oddness = has_rest ? "data is left over where the picture is full" : ""};
  }

 private:
  bool is_single() const { return frame_.components.size() == 1; }
  int blocks(int pixels, int most) const { return (pixels + 8 * most - 1) / (8 * most); }
  int most(int Component::*of) const {
    return is_single() ? 1 : (*std::ranges::max_element(frame_.components, {}, of)).*of;
  }
  int units_across() const { return blocks(frame_.width, most(&Component::across)); }
  int units_down() const { return blocks(frame_.height, most(&Component::down)); }

  bool restart(int unit) {
    for (Component& component : frame_.components) component.brightness = 0;
    return bits_.marker() == rst0 + (unit / frame_.restart_units - 1) % 8;
  }

  bool take_unit() {
    for (Component& component : frame_.components)
      for (int block = is_single() ? 1 : component.across * component.down; block > 0; --block)
        if (!take_block(component)) return false;
    return true;
  }

  bool take_block(Component& component) {
    const int size = decoded(bits_, *frame_.dc[component.dc_table]);
    if (size < 0 || size > 11) return false;
    const int bits = bits_.take(size);
    component.brightness += extended(bits, size);
    // The mean of 8 x 8 pixels of -128 to 127 is 8 times as much here; quantization adds half a step at most.
    const int step = std::max(1, frame_.dc_step[component.quant_table]);
    if (bits < 0 || std::abs(component.brightness) * step > 1024 + step) return false;
    return take_coefficients(*frame_.ac[component.ac_table]);
  }

  bool take_coefficients(const HuffmanTable& table) {
    for (int k = 1; k < 64; ++k) {
      const int symbol = decoded(bits_, table), zeros = symbol >> 4, size = symbol & 15;
      if (symbol < 0 || size > 10) return false;
      if (size == 0 && zeros != 15) return zeros == 0;  // the rest is 0; other runs mean nothing here
      k += zeros;
      if (k > 63 || bits_.take(size) < 0) return false;
    }
    return true;
  }

  Frame& frame_;
  Bits bits_;
};

/// What of a segment is of use; false: it is one that this does not look at, or none that can be.
bool take_segment(int marker, std::span<const std::uint8_t> segment, Frame& frame) {
  if (marker == dht) return take_huffman(segment, frame);
  if (marker == 0xdb) return take_quantization(segment, frame);
  if (marker == sof_baseline || marker == sof_extended) return take_frame(segment, frame);
  if (marker == dri && segment.size() == 2) frame.restart_units = number_at(segment, 0);
  const bool is_other_frame = marker >= 0xc2 && marker <= 0xcf && marker != 0xc8;  // progressive, arithmetic, lossless
  return !is_other_frame;
}

}  // namespace

JpegFaults scan_faults(const Bytes& file) {
  const std::span<const std::uint8_t> bytes = file;
  Frame frame;
  for (std::size_t at = 2; at + 4 <= bytes.size();) {
    if (bytes[at] != 0xff) return {};
    if (bytes[at + 1] == 0xff) {
      ++at;
      continue;
    }
    const int marker = bytes[at + 1], length = number_at(bytes, at + 2);
    if (length < 2 || at + 2 + length > bytes.size()) return {};
    const auto segment = bytes.subspan(at + 4, static_cast<std::size_t>(length) - 2);
    at += 2 + static_cast<std::size_t>(length);
    if (marker == sos) return take_scan(segment, frame) ? Scan(frame, bytes.subspan(at)).faults() : JpegFaults{};
    if (!take_segment(marker, segment, frame)) return {};
  }
  return {};
}

}  // namespace dragonet
