// MLPerf Tiny's serial protocol, so that the same host programs can drive this firmware: EEMBC EnergyRunner, and the
// runner of github.com/mlcommons/tiny (benchmark/api/internally_implemented.cpp says what the messages are).
//
//   name%  profile%  timestamp%  help%     who this is, what it runs, microseconds
//   db load N%  db HEX%  db print%         the model's own input, int8, N bytes of it
//   infer N [W]%  results%                 N inferences after W to warm up (10 if left out, as published)
//   Ctrl-C                                 ours: forgets what has been typed since the last %, and stops inferences
//   outputs%                               ours: the output tensor's bytes in hex
//   reset%                                 ours: what a model keeps from one inference to the next begins anew
//   image W H%  px HEX%                    ours: a raw picture, uint8 [H, W, channels], row by row through the features
//                                          into the model
//   listen N%  rd HEX%                     ours: N readings of a sensor, int16 [axes] each, little-endian; whenever the
//                                          model answers: "m-heard-[readings so far,label's number,output bytes in
//                                          hex]"
//
// The answer to every command ends with "m-ready". A command that cannot be carried out is answered "e-[why]" and
// changes nothing.
#pragma once

#include <stdint.h>

namespace dragonet {

/// Prints the line "m-heard-[...]" with the listener's present answer. readings: how many have come so far.
void print_heard(uint32_t readings);

/// Answers commands for ever, after board_start().
[[noreturn]] void serve();

}  // namespace dragonet
