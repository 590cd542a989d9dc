#include "board/elf.h"

#include <cxxabi.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <tuple>

#include "base/error.h"

namespace dragonet {
namespace {

// A file open in libelf, with the bytes it reads from.
class Reader {
 public:
  explicit Reader(const fs::path& path) : path_(path), bytes_(read_bytes(path)) {
    elf_version(EV_CURRENT);
    elf_.reset(elf_memory(reinterpret_cast<char*>(bytes_.data()), bytes_.size()));
    const bool is_arm = elf_ && elf_kind(elf_.get()) == ELF_K_ELF && gelf_getehdr(elf_.get(), &header_) &&
                        header_.e_machine == EM_ARM && header_.e_ident[EI_DATA] == ELFDATA2LSB;
    if (!is_arm) fail("this is no little-endian Arm ELF file");
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error({path_.string(), what, "compile it again with `dragonet compile`"});
  }

  template <typename Use>  // use(Elf_Scn*, const GElf_Shdr&)
  void for_each_section(Use use) const {
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_.get(), section));) {
      GElf_Shdr header;
      if (!gelf_getshdr(section, &header)) fail(fmt::format("a section is broken: {}", elf_errmsg(-1)));
      use(section, header);
    }
  }

  template <typename Use>  // use(const GElf_Sym&, name)
  void for_each_symbol(Use use) const {
    for_each_section([&](Elf_Scn* section, const GElf_Shdr& header) {
      if (header.sh_type != SHT_SYMTAB || header.sh_entsize == 0) return;
      Elf_Data* const data = elf_getdata(section, nullptr);
      GElf_Sym symbol;
      for (int i = 0; data && i < static_cast<int>(header.sh_size / header.sh_entsize); ++i)
        if (gelf_getsym(data, i, &symbol)) use(symbol, text(header.sh_link, symbol.st_name));
    });
  }

  std::string section_name(const GElf_Shdr& header) const {
    std::size_t names = 0;
    return elf_getshdrstrndx(elf_.get(), &names) == 0 ? text(names, header.sh_name) : "";
  }

  // Does the section lie in the board's memory? What describes a program to a debugger does not.
  bool is_loaded(std::size_t section) const {
    Elf_Scn* const found = elf_getscn(elf_.get(), section);
    GElf_Shdr header;
    return found && gelf_getshdr(found, &header) && (header.sh_flags & SHF_ALLOC);
  }

  // Physical minus virtual address, by the segment that holds this virtual address.
  std::uint64_t load_offset(std::uint64_t address) const {
    GElf_Phdr segment;
    for (int i = 0; i < header_.e_phnum; ++i)
      if (gelf_getphdr(elf_.get(), i, &segment) && segment.p_type == PT_LOAD &&
          address - segment.p_vaddr < segment.p_memsz)
        return segment.p_paddr - segment.p_vaddr;
    return 0;
  }

 private:
  std::string text(std::size_t section, std::size_t at) const {
    const char* const found = elf_strptr(elf_.get(), section, at);
    return found ? found : "";
  }

  fs::path path_;
  Bytes bytes_;
  std::unique_ptr<::Elf, decltype(&elf_end)> elf_{nullptr, elf_end};
  GElf_Ehdr header_{};
};

Bytes contents_of(Elf_Scn* section, const Reader& reader) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  if (!data) reader.fail(fmt::format("a section is broken: {}", elf_errmsg(-1)));
  const auto* const first = static_cast<const std::uint8_t*>(data->d_buf);
  return first ? Bytes(first, first + data->d_size) : Bytes{};
}

ElfSection section_of(Elf_Scn* section, const GElf_Shdr& header, const Reader& reader) {
  const bool in_file = header.sh_type != SHT_NOBITS;
  return {.name = reader.section_name(header),
          .address = static_cast<std::uint32_t>(header.sh_addr),
          .load_address = static_cast<std::uint32_t>(header.sh_addr + reader.load_offset(header.sh_addr)),
          .bytes = static_cast<std::uint32_t>(header.sh_size),
          .in_file = in_file,
          .writable = (header.sh_flags & SHF_WRITE) != 0,
          .executable = (header.sh_flags & SHF_EXECINSTR) != 0,
          .contents = in_file ? contents_of(section, reader) : Bytes{}};
}

ElfSymbol symbol_of(const GElf_Sym& symbol, const std::string& name) {
  const bool is_function = GELF_ST_TYPE(symbol.st_info) == STT_FUNC;
  return {.name = name,
          .address = static_cast<std::uint32_t>(symbol.st_value) & (is_function ? ~1u : ~0u),  // bit 0: Thumb
          .bytes = static_cast<std::uint32_t>(symbol.st_size),
          .is_function = is_function,
          .is_local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL};
}

bool is_thing(const GElf_Sym& symbol) {
  const int type = GELF_ST_TYPE(symbol.st_info);
  return symbol.st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_OBJECT);
}

void sort_without_aliases(std::vector<ElfSymbol>& symbols) {
  std::sort(symbols.begin(), symbols.end(), [](const ElfSymbol& a, const ElfSymbol& b) {
    return std::tie(a.address, b.bytes, a.is_local, a.name) < std::tie(b.address, a.bytes, b.is_local, b.name);
  });
  const auto is_alias = [](const ElfSymbol& a, const ElfSymbol& b) { return a.address == b.address; };
  symbols.erase(std::unique(symbols.begin(), symbols.end(), is_alias), symbols.end());
}

// Hand-written assembly may leave sizes out: such a function reaches to the next symbol.
void give_sizes(Elf& elf) {
  for (std::size_t i = 0; i < elf.symbols.size(); ++i) {
    ElfSymbol& symbol = elf.symbols[i];
    const ElfSection* const section = elf.section_at(symbol.address);
    if (!symbol.is_function || symbol.bytes || !section) continue;
    const std::uint32_t section_end = section->address + section->bytes;
    const bool is_last = i + 1 == elf.symbols.size();
    symbol.bytes = (is_last ? section_end : std::min(section_end, elf.symbols[i + 1].address)) - symbol.address;
  }
}

}  // namespace

const ElfSection* Elf::section_at(std::uint32_t address) const {
  const auto found = std::find_if(sections.begin(), sections.end(), [&](const auto& s) { return s.contains(address); });
  return found == sections.end() ? nullptr : &*found;
}

const ElfSymbol* Elf::function_at(std::uint32_t address) const {
  const auto after = std::upper_bound(symbols.begin(), symbols.end(), address,
                                      [](std::uint32_t at, const ElfSymbol& symbol) { return at < symbol.address; });
  for (auto it = after; it != symbols.begin();)
    if ((--it)->is_function) return address - it->address < it->bytes ? &*it : nullptr;
  return nullptr;
}

Elf read_elf(const fs::path& path) {
  const Reader reader(path);
  Elf elf{.source = path.string(), .sections = {}, .symbols = {}, .marks = {}};
  reader.for_each_section([&](Elf_Scn* section, const GElf_Shdr& header) {
    if ((header.sh_flags & SHF_ALLOC) && header.sh_size) elf.sections.push_back(section_of(section, header, reader));
  });
  reader.for_each_symbol([&](const GElf_Sym& symbol, const std::string& name) {
    const auto address = static_cast<std::uint32_t>(symbol.st_value);
    const bool is_mark = name.starts_with("$t") || name.starts_with("$d");
    if (is_mark && reader.is_loaded(symbol.st_shndx))
      elf.marks.push_back({address, name[1] == 't'});
    else if (is_mark)
      return;  // libgcc's .debug_frame has some, whose values would be addresses of the flash
    else if (is_thing(symbol))
      elf.symbols.push_back(symbol_of(symbol, name));
  });
  sort_without_aliases(elf.symbols);
  std::sort(elf.marks.begin(), elf.marks.end());
  give_sizes(elf);
  return elf;
}

std::set<std::string> defined_names(const fs::path& object) {
  std::set<std::string> names;
  Reader(object).for_each_symbol([&](const GElf_Sym& symbol, const std::string& name) {
    if (is_thing(symbol)) names.insert(name);
  });
  return names;
}

// "f(int) const::table" -> "f::table". "(anonymous namespace)" is part of a name.
static std::string without_parameters(const std::string& name) {
  std::string kept;
  int depth = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool is_name = name.compare(at, 21, "(anonymous namespace)") == 0;
    if (depth == 0 && is_name)
      kept += name.substr(at, 21), at += 20;
    else if (name[at] == '(')
      ++depth;
    else if (name[at] == ')' && --depth == 0 && name.compare(at + 1, 6, " const") == 0)
      at += 6;
    else if (depth == 0 && name[at] != ')')
      kept += name[at];
  }
  return kept;
}

// A template's demangled name begins with what it returns: up to the last space outside of <> and ().
static std::size_t end_of_return_type(const std::string& name) {
  int depth = 0;
  for (std::size_t at = name.size(); at-- > 0;) {
    if (name[at] == '>' || name[at] == ')') ++depth;
    if (name[at] == '<' || name[at] == '(') --depth;
    if (name[at] == ' ' && depth == 0) return at + 1;
  }
  return 0;
}

std::string readable_name(const std::string& mangled) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), std::free);
  if (!demangled) return mangled;
  const std::string whole = demangled.get();
  const std::string name = without_parameters(whole.substr(0, whole.find(" [clone")));
  return name.substr(end_of_return_type(name));
}

}  // namespace dragonet
