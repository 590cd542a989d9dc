#pragma once

#include <flatbuffers/flatbuffers.h>

#include <string>

#include "model/model.h"

namespace dragonet {

// An operator's options are read and written by the field names that flatc keeps in its type tables, so that a new
// operator needs its options table in tflite.fbs and no code here.

/// All fields that the table holds, by name. `options_name`: "Conv2DOptions". Verified already.
Attributes read_options(const std::string& options_name, const flatbuffers::Table& table);

/// A table with the attributes that `options_name` knows; others are left out.
flatbuffers::Offset<flatbuffers::Table> write_options(flatbuffers::FlatBufferBuilder& builder,
                                                      const std::string& options_name, const Attributes& attributes);

}  // namespace dragonet
