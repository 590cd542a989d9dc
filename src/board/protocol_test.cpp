#include <catch2/catch.hpp>
#include <cstdio>
#include <numeric>
#include <regex>

#include "board/tiny_model.h"

namespace dragonet {
namespace {

// Rows of 1 to 6, 7 to 12, ... 24: their sum is 300 = 0x12c, their exclusive or 24 (0 ^ ... ^ n is n for n = 4k).
const std::string one_to_24 = "0102030405060708090a0b0c0d0e0f101112131415161718";

const TinyFirmware& buffered() {
  static const TinyFirmware firmware;
  return firmware;
}
const TinyFirmware& streamed() {
  static const TinyFirmware firmware({.streamed = true});
  return firmware;
}

// 24 rows of 12 pixels, all of this grey.
void send_picture(VirtualBoard& board, const std::string& grey) {
  REQUIRE(board.send("image 12 8") == "m-[Expecting 96 bytes]\r\nm-ready\r\n");
  std::string row;
  for (int x = 0; x < 12; ++x) row += grey;
  for (int y = 0; y < 8; ++y) CHECK(board.send("px " + row) == (y == 7 ? "m-load-done\r\nm-ready\r\n" : "m-ready\r\n"));
}

std::string error(const std::string& text) { return "e-[" + text + "]\r\nm-ready\r\n"; }

}  // namespace

TEST_CASE("The firmware answers name and profile as MLPerf Tiny's runner expects") {
  VirtualBoard board = buffered().start();
  CHECK(board.send("name") == "m-name-dut-[dragonet]\r\nm-ready\r\n");
  CHECK(board.send("profile") == "m-profile-[Dragonet firmware for mkrzero]\r\nm-model-[tiny c0ffee]\r\nm-ready\r\n");
  CHECK(std::regex_match(board.send("timestamp"), std::regex("m-lap-us-[0-9]+\r\nm-ready\r\n")));
  CHECK(board.send("reset") == "m-ready\r\n");
  CHECK_THAT(board.send("help"), Catch::Contains("image W H") && Catch::EndsWith("m-ready\r\n"));
}

TEST_CASE("A buffered input is loaded, printed, inferred and answered in the published messages") {
  VirtualBoard board = buffered().start();
  CHECK(board.send("db load 24") == "m-[Expecting 24 bytes]\r\nm-ready\r\n");
  CHECK(board.send("db 010203") == "m-ready\r\n");
  CHECK(board.send("db print") == "m-buffer-01-02-03\r\nm-ready\r\n");
  CHECK(board.send("db " + one_to_24.substr(6)) == "m-load-done\r\nm-ready\r\n");
  CHECK(board.send("db print") ==
        "m-buffer-01-02-03-04-05-06-07-08\r\nm-buffer-09-0a-0b-0c-0d-0e-0f-10\r\n"
        "m-buffer-11-12-13-14-15-16-17-18\r\nm-ready\r\n");
  CHECK(std::regex_match(board.send("infer 3 1"),
                         std::regex("m-warmup-start-1\r\nm-warmup-done\r\nm-infer-start-3\r\nm-lap-us-[0-9]+\r\n"
                                    "m-lap-us-[0-9]+\r\nm-infer-done\r\nm-results-\\[0.672,0.594\\]\r\nm-ready\r\n")));
  CHECK(board.send("results") == "m-results-[0.672,0.594]\r\nm-ready\r\n");  // (0x2c + 128) / 256, (24 + 128) / 256
  CHECK(board.send("outputs") == "m-outputs-[2c,18]\r\nm-ready\r\n");
}

TEST_CASE("Without a warmup count ten run first, as published") {
  VirtualBoard board = buffered().start();
  load(board, one_to_24);
  CHECK_THAT(board.send("infer 1"), Catch::StartsWith("m-warmup-start-10\r\n"));
}

TEST_CASE("Streamed rows give the same result when the load is done, for infer 1 0 alone") {
  VirtualBoard board = streamed().start();
  CHECK(load(board, one_to_24) == "m-load-done\r\nm-ready\r\n");
  CHECK_THAT(board.send("infer 1 0"), Catch::Contains("m-infer-start-1\r\nm-lap-us-") &&
                                          Catch::EndsWith("m-results-[0.672,0.594]\r\nm-ready\r\n"));
  CHECK(board.send("outputs") == "m-outputs-[2c,18]\r\nm-ready\r\n");
  for (const char* command : {"infer 2 0", "infer 1 1", "infer 1", "infer"})
    CHECK(board.send(command) == error("Streamed: only 'infer 1 0' is possible"));
  CHECK_THAT(board.send("db print"), Catch::StartsWith("e-["));
}

TEST_CASE("A second load starts from nothing") {
  for (const TinyFirmware* firmware : {&buffered(), &streamed()}) {
    VirtualBoard board = firmware->start();
    load(board, std::string(48, '7'));
    board.send("db load 24");
    board.send("db 999999");
    CHECK(board.send("outputs") == error("No result yet"));
    load(board, one_to_24);
    board.send("infer 1 0");
    CHECK(board.send("outputs") == "m-outputs-[2c,18]\r\nm-ready\r\n");
  }
}

TEST_CASE("A picture goes row by row through the features into the model, in both modes") {
  for (const TinyFirmware* firmware : {&buffered(), &streamed()}) {
    VirtualBoard board = firmware->start();
    send_picture(board, "83");  // grey 131 is 3 in int8; 24 of them are 72
    CHECK_THAT(board.send("infer 1 0"), Catch::EndsWith("m-results-[0.781,0.500]\r\nm-ready\r\n"));
    CHECK(board.send("outputs") == "m-outputs-[48,00]\r\nm-ready\r\n");
    CHECK_THAT(board.send("infer 2 0"), Catch::StartsWith("e-[Streamed"));
  }
}

TEST_CASE("A picture wider than the firmware's row of pixels, or with no side, is refused") {
  VirtualBoard board = buffered().start();
  CHECK(board.send("image 160 3") == "m-[Expecting 480 bytes]\r\nm-ready\r\n");
  CHECK(board.send("image 161 3") == error("Wider than what is kept"));
  CHECK(board.send("image 3 2049") == error("Higher than 2048 rows"));
  CHECK(board.send("image 0 3") == error("Command 'image' requires width and height"));
  CHECK(board.send("image 3") == error("Command 'image' requires width and height"));
  CHECK(board.send("px 00") == "m-ready\r\n");  // the picture of 160 x 3 is still being loaded
}

TEST_CASE("Bad input is answered by an error, and the load goes on as if it had not been sent") {
  for (const TinyFirmware* firmware : {&buffered(), &streamed()}) {
    VirtualBoard board = firmware->start();
    CHECK(board.send("results") == error("No result yet"));
    CHECK(board.send("infer 1 0") == error("The load is not done"));
    CHECK(board.send("db 00") == error("'db load N' comes first"));
    board.send("db load 24");
    CHECK(board.send("db " + one_to_24.substr(0, 20)) == "m-ready\r\n");
    CHECK(board.send("db 123") == error("Insufficient number of hex digits"));
    CHECK(board.send("db 112x") == error("Invalid hex digit"));
    CHECK(board.send("db " + std::string(30, '0')) == error("More bytes than expected"));
    CHECK(board.send("db") == error("Command 'db' requires a subcommand"));
    CHECK(board.send("db load") == error("Command 'db load' requires the # of bytes"));
    CHECK(board.send("db load 12x") == error("Command 'db load' requires the # of bytes"));
    CHECK(board.send("db load 4294967320") == error("Command 'db load' requires the # of bytes"));  // 24 modulo 2^32
    CHECK(board.send("db load 25") == error("Not the size of its input"));
    CHECK(board.send("infer 1 0") == error("The load is not done"));
    CHECK(board.send("infer 0") == error("Inference iterations must be >0"));
    CHECK(board.send("infer x") == error("Inference iterations must be >0"));
    CHECK(board.send("infer 1 -1") == error("Inference warmup must be >=0"));
    CHECK(board.send("results") == error("No result yet"));
    CHECK(board.send("px 00") == error("'image W H' comes first"));
    CHECK(board.send("roar 7") == error("Unknown command: roar"));
    CHECK(board.send("") == error("Unknown command: "));
    CHECK(board.send(std::string(96, 'a')) == error("Longer than 95 characters"));
    CHECK(board.send("db " + std::string(2000, '0')) == error("Longer than 95 characters"));
    CHECK(board.send("db " + one_to_24.substr(20)) == "m-load-done\r\nm-ready\r\n");
    board.send("infer 1 0");
    CHECK(board.send("outputs") == "m-outputs-[2c,18]\r\nm-ready\r\n");
    CHECK(board.send("db 00") == error("More bytes than expected"));
  }
}

TEST_CASE("Ctrl-C stops a huge number of inferences, and the next command is answered") {
  VirtualBoard board = buffered().start();
  load(board, one_to_24);
  const std::string stopped = "\r\ne-[Stopped by Ctrl-C]\r\nm-ready\r\n";
  CHECK_THAT(board.send("infer 999999999 0%\x03name"),
             Catch::Contains(stopped) && Catch::EndsWith("m-name-dut-[dragonet]\r\nm-ready\r\n"));
  CHECK_THAT(board.send("infer 1 999999999%\x03name"), Catch::Contains(stopped));
  CHECK(board.send("nonsense\x03name") == "m-name-dut-[dragonet]\r\nm-ready\r\n");
}

TEST_CASE("A command that comes while inferences run is answered after them, and many inferences are no waiting") {
  VirtualBoard board = buffered().start();
  load(board, one_to_24);
  CHECK_THAT(board.send("infer 500 0%name"), Catch::Contains("m-results-[0.672,0.594]\r\nm-ready\r\nm-name-dut"));
  CHECK_THAT(board.send("infer 500 0"), Catch::EndsWith("m-results-[0.672,0.594]\r\nm-ready\r\n"));
}

TEST_CASE("A command may be typed with line ends, capitals in hex and spaces") {
  VirtualBoard board = buffered().start();
  CHECK(board.send("\r\n  name ") == "m-name-dut-[dragonet]\r\nm-ready\r\n");
  board.send("db load 24");
  CHECK(board.send("db ABCDEF") == "m-ready\r\n");
  CHECK(board.send("db print") == "m-buffer-ab-cd-ef\r\nm-ready\r\n");
}

TEST_CASE("A model without image features has no image commands") {
  const TinyFirmware firmware({.takes_images = false});
  VirtualBoard board = firmware.start();
  CHECK(board.send("image 12 8") == error("Unknown command: image"));
  CHECK(load(board, one_to_24) == "m-load-done\r\nm-ready\r\n");
}

// The sum takes any value: the first byte of 24, the others zero.
static void check_all_results(const std::string& scale_text, float scale) {
  const TinyFirmware firmware({.output_scale = scale_text});
  VirtualBoard board = firmware.start();
  for (int q = -128; q < 128; q += 5) {
    load(board, fmt::format("{:02x}", q & 255) + std::string(46, '0'));
    board.send("infer 1 0");
    char expected[80];
    const double real = static_cast<double>(scale) * (q + 128);
    std::snprintf(expected, sizeof expected, "m-results-[%.3f,%.3f]\r\nm-ready\r\n", real, real);
    CHECK(board.send("results") == expected);
  }
}

TEST_CASE("Results are printed as printf would, without floating point") {
  check_all_results("0.00390625f", 0.00390625f);  // 1/256: many ties, to even
  check_all_results("12.3456789f", 12.3456789f);
  check_all_results("1.5e-4f", 1.5e-4f);
}

// Of the compiler's library, the features ask for the division.
static std::uint32_t division_bytes(const FirmwareImage& image) {
  std::uint32_t bytes = 0;
  for (const Symbol& symbol : image.symbols) bytes += symbol.name.find("div") != std::string::npos ? symbol.bytes : 0;
  return bytes;
}

TEST_CASE("The firmware without its model is smaller than 4 KB of flash and 1 KB of RAM") {
  for (const TinyFirmware* firmware : {&buffered(), &streamed()}) {
    CHECK(firmware->image().flash.firmware_code - division_bytes(firmware->image()) < 4096);
    CHECK(firmware->image().ram.static_ < 1024);
  }
}

}  // namespace dragonet
