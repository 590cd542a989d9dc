// Decodes a JPEG to an eighth of its size, which is all of the entropy coding and little else, to see its warnings.
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <vector>
// libjpeg's headers want <cstdio> first.
#include <jerror.h>
#include <jpeglib.h>

#include "data/jpeg_check.h"

namespace dragonet {
namespace {

constexpr std::uint64_t most_pixels = 64'000'000;

/// What libjpeg calls back with; its own error manager comes first, so that a pointer to it is one to all.
struct Listener {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  char damage[JMSG_LENGTH_MAX], oddness[JMSG_LENGTH_MAX];
};

Listener& listener_of(j_common_ptr info) { return *reinterpret_cast<Listener*>(info->err); }

/// Bytes that are too many, or an end that is missing behind the last pixel, as cheap cameras write them.
bool is_odd_only(int message) { return message == JWRN_EXTRANEOUS_DATA || message == JWRN_JPEG_EOF; }

void take_message(j_common_ptr info, int level) {
  Listener& listener = listener_of(info);
  if (level >= 0) return;  // a trace
  char* const text = is_odd_only(info->err->msg_code) ? listener.oddness : listener.damage;
  if (!*text) info->err->format_message(info, text);
}

void stop(j_common_ptr info) {
  Listener& listener = listener_of(info);
  if (!*listener.damage) info->err->format_message(info, listener.damage);
  std::longjmp(listener.back, 1);
}

void stay_silent(j_common_ptr) {}

/// No objects with destructors here: libjpeg's errors jump out of it.
void decode(const Bytes& file, jpeg_decompress_struct& info, Listener& listener, std::vector<JSAMPLE>& row) {
  if (setjmp(listener.back)) return;
  jpeg_mem_src(&info, file.data(), file.size());
  jpeg_read_header(&info, TRUE);
  if (std::uint64_t{info.image_width} * info.image_height > most_pixels) return;  // which OpenCV refuses
  info.scale_num = 1, info.scale_denom = 8;
  info.dct_method = JDCT_IFAST;
  info.out_color_space = info.jpeg_color_space;
  jpeg_start_decompress(&info);
  row.resize(std::size_t{info.output_width} * static_cast<std::size_t>(info.output_components));
  JSAMPROW rows[] = {row.data()};
  while (info.output_scanline < info.output_height) jpeg_read_scanlines(&info, rows, 1);
  jpeg_finish_decompress(&info);
}

}  // namespace

JpegFaults jpeg_faults(const Bytes& file) {
  Listener listener{};
  jpeg_decompress_struct info{};
  info.err = jpeg_std_error(&listener.manager);
  listener.manager.emit_message = take_message;
  listener.manager.error_exit = stop;
  listener.manager.output_message = stay_silent;
  std::vector<JSAMPLE> row;
  jpeg_create_decompress(&info);
  decode(file, info, listener, row);
  jpeg_destroy_decompress(&info);
  return {listener.damage, listener.oddness};
}

}  // namespace dragonet
