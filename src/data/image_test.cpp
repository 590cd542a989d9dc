#include "data/image.h"

#include <catch2/catch.hpp>
#include <string_view>

#include "base/error.h"

using namespace dragonet;
using Pixels = std::vector<std::uint8_t>;

TEST_CASE("transparent pixels show the background, half transparent ones a mixture") {
  const Image image{3, 1, 4, {255, 10, 0, 255, 255, 10, 0, 0, 200, 100, 0, 128}};
  CHECK(over_background(image, 50).pixels ==
        Pixels{255, 10, 0, 50, 50, 50, 125, 75, 25});  // (200*128 + 50*127) / 255 = 125.3
}

TEST_CASE("grey is BT.601 luma, and grey as RGB is three times the same") {
  const Image colours{3, 1, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255}};
  CHECK(with_channels(colours, 1).pixels == Pixels{76, 150, 29});
  CHECK(with_channels(Image{2, 1, 1, {3, 9}}, 3).pixels == Pixels{3, 3, 3, 9, 9, 9});
}

TEST_CASE("cropping keeps the box of all that is not transparent; a wholly transparent image stays") {
  Image image{4, 3, 4, Pixels(4 * 3 * 4, 0)};
  CHECK(crop_to_opaque(image).width == 4);
  image.at(1, 1)[3] = 255;
  image.at(2, 2)[3] = 1;
  const Image cropped = crop_to_opaque(image);
  CHECK(cropped.width == 2);
  CHECK(cropped.height == 2);
  CHECK(cropped.at(0, 0)[3] == 255);
  CHECK(cropped.at(1, 1)[3] == 1);
}

TEST_CASE("padding to a square centres the image") {
  const Image padded = pad_to_square(Image{3, 1, 1, {1, 2, 3}}, 9);
  CHECK(padded.height == 3);
  CHECK(padded.pixels == Pixels{9, 9, 9, 1, 2, 3, 9, 9, 9});
}

TEST_CASE("shrinking takes means of whole blocks, and leaves alone what is small enough") {
  const Image image{3, 2, 1, {0, 10, 7, 20, 30, 8}};
  CHECK(shrink_to(image, 2).pixels == Pixels{15, 8});  // (7 + 8) / 2 rounded up, of a block cut by the edge
  CHECK(shrink_to(image, 3).pixels == image.pixels);
}

TEST_CASE("an image is grey if no pixel that can be seen has a colour") {
  CHECK(is_grey(Image{1, 1, 1, {5}}));
  CHECK(is_grey(Image{1, 1, 3, {5, 5, 5}}));
  CHECK_FALSE(is_grey(Image{1, 1, 3, {5, 5, 6}}));
  CHECK(is_grey(Image{1, 1, 4, {5, 5, 6, 0}}));
}

TEST_CASE("a PNG that was written reads back the same, whatever its channels") {
  const TemporaryFolder folder;
  for (const Image& image :
       {Image{2, 1, 1, {1, 2}}, Image{1, 2, 3, {1, 2, 3, 4, 5, 6}}, Image{1, 1, 4, {1, 2, 3, 4}}}) {
    write_png(folder.path() / "image.png", image);
    const Image again = read_image(folder.path() / "image.png");
    CHECK(again.channels == image.channels);
    CHECK(again.width == image.width);
    CHECK(again.pixels == image.pixels);
  }
}

/// Writes a file given in hexadecimal, and reads it as an image.
static Image read_hex(std::string_view hex) {
  const TemporaryFolder folder;
  Bytes file;
  for (std::size_t i = 0; i < hex.size(); i += 2) file.push_back(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  write_file(folder.path() / "image.png", file);
  return read_image(folder.path() / "image.png");
}

// PNG files made with Python's zlib and struct alone, by the PNG specification (ISO/IEC 15948).
constexpr std::string_view grey_16_bit =
    "89504e470d0a1a0a0000000d49484452000000030000000110000000006e1b972b0000000f4944415478da6360606860f8ff"
    "1f000504027f5afbf7a70000000049454e44ae426082";
constexpr std::string_view grey_alpha =
    "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d4944415478da6338f19fcb0100"
    "06760212606a3fcf0000000049454e44ae426082";
constexpr std::string_view palette =
    "89504e470d0a1a0a0000000d4948445200000002000000010803000000c3fc8fb800000006504c5445ff00000000ff6ca1fd"
    "8e0000000b4944415478da63606400000005000242c2449f0000000049454e44ae426082";
constexpr std::string_view palette_alpha =
    "89504e470d0a1a0a0000000d4948445200000002000000010803000000c3fc8fb800000006504c5445ff00000000ff6ca1fd"
    "8e0000000274524e5300ff5b9122b50000000b4944415478da63606400000005000242c2449f0000000049454e44ae426082";
constexpr std::string_view one_bit =
    "89504e470d0a1a0a0000000d4948445200000003000000010100000000339b29190000000a4944415478da6358000000a200"
    "a17105cb410000000049454e44ae426082";
constexpr std::string_view rgba_16_bit =
    "89504e470d0a1a0a0000000d49484452000000010000000110060000004f8518ca000000114944415478da63f8ff9f919181"
    "a1a101001085030159d0e4c10000000049454e44ae426082";
constexpr std::string_view claims_10000_x_10000 =
    "89504e470d0a1a0a0000000d49484452000027100000271008000000009f253dfb000000094944415478da63000000010001"
    "b10db6930000000049454e44ae426082";

TEST_CASE("palettes, 16 bits, one bit and grey with alpha come out as 8-bit grey, RGB or RGBA") {
  CHECK(read_hex(grey_16_bit).pixels == Pixels{0, 128, 255});
  CHECK(read_hex(grey_alpha).pixels == Pixels{200, 200, 200, 255, 10, 10, 10, 64});
  CHECK(read_hex(palette).pixels == Pixels{0, 0, 255, 255, 0, 0});
  CHECK(read_hex(palette_alpha).pixels == Pixels{0, 0, 255, 255, 255, 0, 0, 0});
  CHECK(read_hex(one_bit).pixels == Pixels{255, 0, 255});
  CHECK(read_hex(rgba_16_bit).pixels == Pixels{255, 1, 0, 128});
}

TEST_CASE("a file that is no image, and one cut short, are refused by name") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "cat.png";
  for (const Bytes& file : {Bytes{}, Bytes{'n', 'o'}, Bytes{0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0}}) {
    write_file(path, file);
    CHECK_THROWS_WITH(read_image(path), Catch::Contains("cat.png") && Catch::Contains("broken"));
  }
}

TEST_CASE("a small file that claims more than 64 million pixels is refused before memory is taken for them") {
  CHECK_THROWS_WITH(read_hex(claims_10000_x_10000), Catch::Contains("more than 64 million pixels"));
}
