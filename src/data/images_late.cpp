// OpenCV's side of reading images: libdragonet_images.so, and nothing else, is linked with it.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>

#include "base/error.h"
#include "data/image_codec.h"
#include "data/jpeg_check.h"
#include "data/png_chunks.h"

namespace dragonet {

static Error unreadable(const std::string& where, const std::string& what) {
  return Error(Problem{.where = where, .what = what, .next = "replace it with a PNG, JPEG or BMP, or remove it"});
}

static int silent(int, const char*, const char*, const char*, int, void*) { return 0; }

/// OpenCV writes its complaints to stderr besides throwing them; ours are sentences.
static void quieten_opencv() {
  cv::redirectError(silent);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
}

static bool is_jpeg(const Bytes& file) { return file.size() > 2 && file[0] == 0xff && file[1] == 0xd8; }  // T.81, B.2.1

/// JPEG files are turned as their camera was held (OpenCV does that only where it may also choose the channels, which
/// for JPEG changes nothing); all others keep their alpha.
static int flags_for(const Bytes& file) { return is_jpeg(file) ? cv::IMREAD_ANYCOLOR : cv::IMREAD_UNCHANGED; }

/// Throws Error where pixels are missing or wrong: OpenCV fills them in and says nothing.
static std::vector<std::string> jpeg_notes(const Bytes& file, const std::string& where) {
  if (!is_jpeg(file)) return {};
  const JpegFaults faults = jpeg_faults(file);
  if (!faults.damage.empty()) throw unreadable(where, fmt::format("it is cut off or damaged ({})", faults.damage));
  if (faults.oddness.empty()) return {};
  return {fmt::format("it may be cut off or damaged ({}); look at it, and remove it if so", faults.oddness)};
}

static cv::Mat decode(const Bytes& file, const std::string& where) try {
  cv::Mat decoded = file.empty() ? cv::Mat() : cv::imdecode(file, flags_for(file));
  if (decoded.empty()) throw unreadable(where, "it is broken, or no kind of image that OpenCV reads");
  return decoded;
} catch (const cv::Exception& exception) {
  if (exception.err.find("CV_IO_MAX_IMAGE_PIXELS") != std::string::npos)  // image.cpp sets it before OpenCV is loaded
    throw unreadable(where, "it has more than 64 million pixels");
  throw unreadable(where, fmt::format("OpenCV cannot decode it ({})", exception.err));
}

/// 16-bit samples to 8: 65535 / 255 = 257.
static cv::Mat to_8_bits(const cv::Mat& decoded, const std::string& where) {
  if (decoded.depth() == CV_8U) return decoded;
  if (decoded.depth() != CV_16U) throw unreadable(where, "its pixels are neither 8 nor 16 bits deep");
  cv::Mat bytes;
  decoded.convertTo(bytes, CV_8U, 1.0 / 257);
  return bytes;
}

/// OpenCV orders channels blue, green, red (and alpha); ours begin with red. The same exchange leads back.
static void exchange_red_and_blue(Image& image) {
  if (image.channels < 3) return;
  for (std::size_t i = 0; i < image.pixels.size(); i += image.channels) std::swap(image.pixels[i], image.pixels[i + 2]);
}

static Image image_of(const cv::Mat& bytes) {
  Image image{bytes.cols, bytes.rows, bytes.channels(), {}};
  for (int y = 0; y < bytes.rows; ++y) {
    const auto* row = bytes.ptr<std::uint8_t>(y);
    image.pixels.insert(image.pixels.end(), row, row + std::size_t(bytes.cols) * bytes.channels());
  }
  exchange_red_and_blue(image);
  return image;
}

}  // namespace dragonet

using namespace dragonet;

void dragonet_decode_image(const Bytes& file, const std::string& where, Image& image) {
  quieten_opencv();
  const std::vector<std::string> notes = jpeg_notes(file, where);
  const cv::Mat decoded = decode(is_png(file) ? pixel_chunks(file, where) : file, where);
  image = image_of(to_8_bits(decoded, where));
  image.notes = notes;
}

void dragonet_encode_png(const Image& image, Bytes& file) {
  Image swapped = image;
  exchange_red_and_blue(swapped);
  cv::imencode(".png", cv::Mat(image.height, image.width, CV_8UC(image.channels), swapped.pixels.data()), file);
}
