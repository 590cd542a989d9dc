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

// 40 x 24 grey pixels as libjpeg 6b writes them, and the same in several scans.
constexpr std::string_view baseline_jpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931"
    "302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fffc0000b080018002801011100ffc400170001"
    "01010100000000000000000000000005060407ffc4002910000201030302060203000000000000000102110304210012310522064151"
    "6171a113f0148191ffda0008010100003f0096b0a414c430638dd18ff3d67ef4e5a5025d44850a2448e0fc1f8f7d3f636f04928c8399"
    "da7ebd0e9bb7d9494d6adb168a24b3b342aa8064924631e7a9eeb7d793f0752e9f756b6ab5bf8a2a0adba8a96c97a4ad4aae4c089044"
    "824c28904cd59d0088a144b76c62413f33edc7c69fb4a34cb82380d260718279f2e7d74c5a515658236a622449cfae7dff00635a3aaa"
    "9a7d32bad3ab7b69144d4a9794117b10c8ceee632c761dd0bc82541e73e23ead7bd52ee925e5cd37a629ad45fc745a931524b2ef0792"
    "15f105841c1249254b0a246d6782de609071e7ce99b0a32cac0019121467fad52585223bb77bf240f78fad4cf88fc47d2e8137168d55"
    "ef2bdba5347a170f48846eeee5c01d95651a1bb899036ea06d693a2a1d860c0e663f675fffd9";
constexpr std::string_view progressive_jpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931"
    "302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fffc2000b080018002801011100ffc400170001"
    "01010100000000000000000000000005040306ffda00080101000000012ae42d3cc42cd39caac48c03ffc40019100003010101000000"
    "0000000000000000000102030421ffda0008010100010502844a2249f0db7f21129128d7ccfa35bd6a1108847474648947ffc4001f10"
    "000201030501000000000000000000000111020012210310203181f0ffda0008010100063f02dd9eab534e518bb5bc7983c0a338e199"
    "8a17c824f0170ba2ef315892fbbdbfffc4002010010003000105000300000000000000000100112131415161718191b1f0ffda000801"
    "0100013f21abbdf79b9d2a7893e4a0cc26ab810eb7eba6fa87f8f1290ae725efb0d3b1053e06261f7f39b9ea1922816aae4bf8f99c6b"
    "ccdc7f53ad7375420b61dd3d61ddf5180c9fffda0008010100000010d41fffc400201001010002010403010000000000000000011121"
    "31004151617191a1f081ffda0008010100013f10352058c31f1defdf1d2a014a69f4faf3c82a9776bebb3cad9271003554c63af31600"
    "2864e73612894560a28985d18a2fbbe35eb8c29a2986b0bbe9befc904d3295cf7cf9fd38d19d646e99ea995786c284aeaa024b0bb4c3"
    "111c2aaac60bd428e3aef9600192833fce39f26d0f33eb8eaad5d9e201be591a1c2edc61bb3f5e7fffd9";

static Bytes bytes_of_hex(std::string_view hex) {
  Bytes file;
  for (std::size_t i = 0; i < hex.size(); i += 2) file.push_back(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return file;
}

/// What is said of it: the error, or the notes.
static std::string said_of(const Bytes& file, const char* name) try {
  std::string text;
  for (const std::string& note : decode_image(file, name).notes) text += note;
  return text;
} catch (const Error& error) {
  return error.what();
}

TEST_CASE("a JPEG that is cut off, wherever, is refused or noted; a whole one is neither") {
  for (const std::string_view hex : {baseline_jpeg, progressive_jpeg}) {
    const Bytes whole = bytes_of_hex(hex);
    CHECK(said_of(whole, "a.jpg").empty());
    CHECK(decode_image(whole, "a.jpg").width == 40);
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
      INFO(bytes);
      CHECK_FALSE(said_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)}, "a.jpg").empty());
    }
  }
}

TEST_CASE("half a JPEG is refused by name, and one that lacks only its end marker is used with a note") {
  const Bytes whole = bytes_of_hex(baseline_jpeg);
  const auto first = [&](std::size_t bytes) { return Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(bytes)); };
  CHECK_THROWS_WITH(decode_image(first(whole.size() / 2), "s/dragon/1.jpg"),
                    Catch::Contains("s/dragon/1.jpg: it is cut off or damaged"));
  CHECK_THAT(said_of(first(whole.size() - 2), "a.jpg"), Catch::Contains("it may be cut off or damaged"));
}

TEST_CASE("a PNG that is cut off, wherever, or has a wrong byte is refused") {
  const Bytes whole = encode_png({.width = 9, .height = 7, .channels = 3, .pixels = Pixels(9 * 7 * 3, 77)});
  CHECK(said_of(whole, "a.png").empty());
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    INFO(bytes);
    CHECK_THAT(said_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)}, "a.png"),
               Catch::Contains("a.png: it is broken"));
    Bytes changed = whole;
    changed[bytes] ^= 0x10;
    CHECK_FALSE(said_of(changed, "a.png").empty());
  }
}
