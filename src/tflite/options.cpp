#include "tflite/options.h"

#include <cassert>
#include <cstring>

#include "tflite_generated.h"

namespace dragonet {

using flatbuffers::ElementaryType;
using flatbuffers::TypeTable;

static const TypeTable& table_of(const std::string& options_name) {
  const TypeTable& options = *tflite::BuiltinOptionsTypeTable();
  for (std::size_t i = 0; i < options.num_elems; ++i)
    if (options_name == options.names[i]) return *options.type_refs[options.type_codes[i].sequence_ref]();
  assert(!"the operator's options are not in tflite.fbs");
  std::abort();
}

static flatbuffers::voffset_t field_offset(std::size_t field) {
  return static_cast<flatbuffers::voffset_t>(2 * sizeof(flatbuffers::voffset_t) +
                                             field * sizeof(flatbuffers::voffset_t));
}

static Attribute read_scalar(ElementaryType type, const std::uint8_t* value) {
  using flatbuffers::ReadScalar;
  switch (type) {
    case flatbuffers::ET_BOOL:
    case flatbuffers::ET_UCHAR:
      return std::int64_t{*value};
    case flatbuffers::ET_CHAR:
      return std::int64_t{ReadScalar<std::int8_t>(value)};
    case flatbuffers::ET_INT:
      return std::int64_t{ReadScalar<std::int32_t>(value)};
    case flatbuffers::ET_FLOAT:
      return double{ReadScalar<float>(value)};
    default:
      assert(!"a type that no options table in tflite.fbs uses");
      std::abort();
  }
}

static Attribute read_vector(const flatbuffers::Table& table, flatbuffers::voffset_t field) {
  const auto& elements = *table.GetPointer<const flatbuffers::Vector<std::int32_t>*>(field);
  return std::vector<std::int64_t>(elements.begin(), elements.end());
}

Attributes read_options(const std::string& options_name, const flatbuffers::Table& table) {
  const TypeTable& type = table_of(options_name);
  Attributes attributes;
  for (std::size_t i = 0; i < type.num_elems; ++i) {
    const flatbuffers::voffset_t field = field_offset(i);
    if (!table.CheckField(field)) continue;
    const auto code = type.type_codes[i];
    attributes[type.names[i]] =
        code.is_repeating ? read_vector(table, field)
                          : read_scalar(static_cast<ElementaryType>(code.base_type), table.GetAddressOf(field));
  }
  return attributes;
}

static void write_scalar(flatbuffers::FlatBufferBuilder& builder, flatbuffers::voffset_t field, ElementaryType type,
                         const Attribute& value) {
  switch (type) {
    case flatbuffers::ET_FLOAT:
      builder.AddElement(field, static_cast<float>(std::get<double>(value)));
      break;
    case flatbuffers::ET_INT:
      builder.AddElement(field, static_cast<std::int32_t>(std::get<std::int64_t>(value)));
      break;
    default:
      builder.AddElement(field, static_cast<std::int8_t>(std::get<std::int64_t>(value)));
  }
}

/// Vectors must be in the buffer before the table that points to them is begun.
static std::map<std::string, flatbuffers::uoffset_t> write_vectors(flatbuffers::FlatBufferBuilder& builder,
                                                                   const Attributes& attributes) {
  std::map<std::string, flatbuffers::uoffset_t> offsets;
  for (const auto& [name, value] : attributes)
    if (const auto* elements = std::get_if<std::vector<std::int64_t>>(&value))
      offsets[name] = builder.CreateVector(std::vector<std::int32_t>(elements->begin(), elements->end())).o;
  return offsets;
}

flatbuffers::Offset<flatbuffers::Table> write_options(flatbuffers::FlatBufferBuilder& builder,
                                                      const std::string& options_name, const Attributes& attributes) {
  const TypeTable& type = table_of(options_name);
  const auto vectors = write_vectors(builder, attributes);
  builder.ForceDefaults(true);  // the type tables do not tell a field's default
  const auto start = builder.StartTable();
  for (std::size_t i = 0; i < type.num_elems; ++i) {
    const auto found = attributes.find(type.names[i]);
    if (found == attributes.end()) continue;
    if (const auto vector = vectors.find(found->first); vector != vectors.end())
      builder.AddOffset(field_offset(i), flatbuffers::Offset<void>(vector->second));
    else
      write_scalar(builder, field_offset(i), static_cast<ElementaryType>(type.type_codes[i].base_type), found->second);
  }
  const auto end = builder.EndTable(start);
  builder.ForceDefaults(false);
  return {end};
}

}  // namespace dragonet
