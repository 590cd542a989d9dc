#include "board/stack_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <span>

#include "base/error.h"
#include "board/instruction.h"

namespace dragonet {
namespace {

constexpr int unbounded = 1 << 20;  // more stack than any board's: a loop that pushes

// One instruction, as far as calls and the stack go.
struct Step {
  enum class Kind { plain, branch, call, leave, table_jump, pointer_call, unreadable } kind = Kind::plain;
  std::uint32_t address = 0;
  bool may_go_on = true;  // to the instruction that follows
  std::uint32_t target = 0;
  std::optional<int> pushed = 0;  // bytes; negative: popped; none: a computed amount
};

int bytes_of_registers(std::span<const cs_arm_op> list) {
  int bytes = 0;
  for (const cs_arm_op& op : list) bytes += op.reg >= ARM_REG_D0 && op.reg <= ARM_REG_D31 ? 8 : 4;
  return bytes;
}

bool loads_from_table(const cs_insn& insn) {
  const auto ops = operands(insn);
  return insn.id == ARM_INS_LDR && ops[1].type == ARM_OP_MEM && ops[1].mem.index;
}

// Registers that hold a literal, as gcc loads one before `add sp, r4` where a frame is larger than 508 bytes; or what
// was loaded from a table, as gcc does before `mov pc, r3`, with other instructions in between.
class Literals {
 public:
  explicit Literals(const Elf& elf) : elf_(elf) {}

  void see(const cs_insn& insn) {
    const auto ops = operands(insn);
    if (ops.empty() || ops[0].type != ARM_OP_REG) return;
    values_.erase(ops[0].reg);
    from_table_.erase(ops[0].reg);
    if (loads_from_table(insn)) from_table_.insert(ops[0].reg);
    if (insn.id == ARM_INS_LDR && ops[1].type == ARM_OP_MEM && ops[1].mem.base == ARM_REG_PC)
      load(ops[0].reg,
           (static_cast<std::uint32_t>(insn.address) & ~3u) + 4 + static_cast<std::uint32_t>(ops[1].mem.disp));
  }

  bool is_from_table(int reg) const { return from_table_.contains(reg); }
  std::optional<int> value(int reg) const {
    const auto found = values_.find(reg);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void load(int reg, std::uint32_t address) {
    const ElfSection* const section = elf_.section_at(address);
    if (!section || address - section->address + 4 > section->contents.size()) return;
    std::memcpy(&values_[reg], &section->contents[address - section->address], 4);  // both little-endian
  }

  const Elf& elf_;
  std::map<int, int> values_;
  std::set<int> from_table_;
};

// `add sp, #8`, `sub sp, sp, #8`, `add sp, r4`: bytes added to the stack pointer.
std::optional<int> added_to_sp(const cs_insn& insn, const Literals& literals) {
  const cs_arm_op& amount = operands(insn).back();
  if (amount.type == ARM_OP_IMM) return amount.imm;
  return amount.type == ARM_OP_REG ? literals.value(amount.reg) : std::nullopt;
}

std::optional<int> pushed_by(const cs_insn& insn, const Literals& literals) {
  const auto ops = operands(insn);
  const bool first_is_sp = !ops.empty() && is_register(ops[0], ARM_REG_SP);
  const bool moves_sp = first_is_sp && insn.detail->arm.writeback;
  switch (insn.id) {
    case ARM_INS_PUSH:
    case ARM_INS_VPUSH:
      return bytes_of_registers(ops);
    case ARM_INS_POP:
    case ARM_INS_VPOP:
      return -bytes_of_registers(ops);
    case ARM_INS_STMDB:
      return moves_sp ? bytes_of_registers(ops.subspan(1)) : 0;
    case ARM_INS_LDM:
      return moves_sp ? -bytes_of_registers(ops.subspan(1)) : 0;
    case ARM_INS_SUB:
      if (!first_is_sp) return 0;
      return added_to_sp(insn, literals);
    case ARM_INS_ADD:
      if (!first_is_sp) return 0;
      if (const auto added = added_to_sp(insn, literals)) return -*added;
      return std::nullopt;
    case ARM_INS_STR:  // str lr, [sp, #-4]!
      if (insn.detail->arm.writeback && ops[1].type == ARM_OP_MEM && ops[1].mem.base == ARM_REG_SP)
        return -ops[1].mem.disp;
      return 0;
    default:
      return 0;
  }
}

// Instructions that write pc. A `switch` becomes `ldr r3, [table, r0]; mov pc, r3`: it stays in the function. So does
// `add pc, r3`, by which kernels enter an unrolled loop. `ldr pc, [sp], #4` pops it.
Step::Kind kind_of_pc_write(const cs_insn& insn, const Literals& literals) {
  const auto ops = operands(insn);
  if (insn.id == ARM_INS_ADD) return Step::Kind::table_jump;
  if (is_register(ops[1], ARM_REG_LR)) return Step::Kind::leave;
  if (insn.id == ARM_INS_LDR && ops[1].type == ARM_OP_MEM && ops[1].mem.base == ARM_REG_SP) return Step::Kind::leave;
  const bool is_moved = insn.id == ARM_INS_MOV && ops[1].type == ARM_OP_REG && literals.is_from_table(ops[1].reg);
  return is_moved ? Step::Kind::table_jump : Step::Kind::pointer_call;
}

// `before`: the instruction in front, or null. gcc returns by `pop {r1}; bx r1` where pc cannot be popped.
Step::Kind kind_of(const cs_insn& insn, const cs_insn* before, const Literals& literals) {
  const auto ops = operands(insn);
  switch (insn.id) {
    case ARM_INS_BL:
      return Step::Kind::call;
    case ARM_INS_BLX:
      return Step::Kind::pointer_call;
    case ARM_INS_B:
    case ARM_INS_CBZ:
    case ARM_INS_CBNZ:
      return Step::Kind::branch;
    case ARM_INS_BX: {
      const auto reg = static_cast<arm_reg>(ops[0].reg);
      const bool is_return = reg == ARM_REG_LR || (before && before->id == ARM_INS_POP && lists(*before, reg));
      return is_return ? Step::Kind::leave : Step::Kind::pointer_call;
    }
    case ARM_INS_POP:
      return lists(insn, ARM_REG_PC) ? Step::Kind::leave : Step::Kind::plain;
    case ARM_INS_UDF:
      return Step::Kind::leave;
    case ARM_INS_TBB:
    case ARM_INS_TBH:
      return Step::Kind::table_jump;
    case ARM_INS_MOV:
    case ARM_INS_ADD:
    case ARM_INS_LDR:
      return is_register(ops[0], ARM_REG_PC) ? kind_of_pc_write(insn, literals) : Step::Kind::plain;
    default:
      return Step::Kind::plain;
  }
}

Step step_of(const cs_insn& insn, const cs_insn* before, Literals& literals) {
  Step step{.kind = kind_of(insn, before, literals), .address = static_cast<std::uint32_t>(insn.address)};
  step.pushed = pushed_by(insn, literals);
  literals.see(insn);
  const bool is_conditional = insn.detail->arm.cc != ARM_CC_AL || insn.id == ARM_INS_CBZ || insn.id == ARM_INS_CBNZ;
  const bool comes_back = step.kind == Step::Kind::plain || insn.id == ARM_INS_BL || insn.id == ARM_INS_BLX;
  step.may_go_on = is_conditional || comes_back;
  const auto ops = operands(insn);
  if (!ops.empty() && ops.back().type == ARM_OP_IMM) step.target = static_cast<std::uint32_t>(ops.back().imm);
  return step;
}

// The walk proper: depths flow along the branches until none grows.
class Flow {
 public:
  Flow(const Elf& elf, const ElfSymbol& function, bool from_compiler, std::vector<Step> steps)
      : elf_(elf), function_(function), from_compiler_(from_compiler), steps_(std::move(steps)) {
    depths_.resize(steps_.size());
  }

  FunctionWalk walk() {
    reach(0, 0);
    settle();
    reach_switch_cases();
    for (std::size_t i = 0; i < steps_.size(); ++i) note_calls(i);
    return std::move(found_);
  }

 private:
  void settle() {
    while (!waiting_.empty()) {
      const std::size_t next = waiting_.back();
      waiting_.pop_back();
      flow_on(next);
    }
  }

  // The cases of a `switch` are only found through its table: what else was not reached is theirs, at its depth.
  void reach_switch_cases() {
    if (!switch_depth_) return;
    for (std::size_t i = 0; i < steps_.size(); ++i)
      if (!depths_[i]) {
        reach(i, *switch_depth_);
        settle();
      }
  }

  bool is_inside(std::uint32_t address) const { return address - function_.address < function_.bytes; }

  // gcc reaches far labels of a long function by `bl`, which only there does not come back.
  bool is_far_jump(const Step& step) const {
    return step.kind == Step::Kind::call && is_inside(step.target) && step.target != function_.address;
  }

  void reach(std::size_t index, int depth) {
    if (index >= steps_.size() || (depths_[index] && *depths_[index] >= depth)) return;
    if (depth > unbounded) return note("it pushes in a loop, so that the stack's depth is unknown");
    depths_[index] = depth;
    waiting_.push_back(index);
  }

  void reach_address(std::uint32_t address, int depth) {
    const auto at = std::ranges::lower_bound(steps_, address, {}, &Step::address);
    if (at != steps_.end() && at->address == address) reach(static_cast<std::size_t>(at - steps_.begin()), depth);
  }

  void flow_on(std::size_t index) {
    const Step& step = steps_[index];
    const int depth = std::max(0, *depths_[index] + step.pushed.value_or(0));
    found_.frame_bytes = std::max(found_.frame_bytes, static_cast<std::uint32_t>(depth));
    if (step.kind == Step::Kind::branch || is_far_jump(step)) reach_address(step.target, depth);
    if (step.kind == Step::Kind::table_jump) switch_depth_ = std::max(depth, switch_depth_.value_or(0));
    if (step.may_go_on) reach(index + 1, step.kind == Step::Kind::leave ? *depths_[index] : depth);
  }

  void note_calls(std::size_t index) {
    const Step& step = steps_[index];
    if (!step.pushed && !from_compiler_) note("it moves the stack pointer by a computed amount");
    if (step.kind == Step::Kind::unreadable) note(fmt::format("no instruction is known at 0x{:x}", step.address));
    if (step.kind == Step::Kind::pointer_call) note(fmt::format("it calls through a pointer at 0x{:x}", step.address));
    if (step.kind == Step::Kind::call && !is_far_jump(step)) add_call(step.target, false, depths_[index]);
    if (step.kind == Step::Kind::branch && !is_inside(step.target)) add_call(step.target, true, depths_[index]);
    const bool runs_on = index + 1 == steps_.size() && step.may_go_on && depths_[index];
    if (runs_on && !from_compiler_) add_call(function_.address + function_.bytes, true, depths_[index]);
  }

  void add_call(std::uint32_t target, bool is_tail, std::optional<int> depth) {
    const ElfSymbol* const callee = elf_.function_at(target);
    if (!callee) return note(fmt::format("it calls 0x{:x}, where no function is known", target));
    found_.calls.push_back({callee, is_tail, depth});
  }

  void note(const std::string& what) { found_.unknowns.push_back(what); }

  const Elf& elf_;
  const ElfSymbol& function_;
  const bool from_compiler_;
  const std::vector<Step> steps_;
  std::vector<std::optional<int>> depths_;  // before each step; none: not reached
  std::vector<std::size_t> waiting_;
  std::optional<int> switch_depth_;
  FunctionWalk found_;
};

}  // namespace

struct StackWalker::Disassembler {
  csh handle = 0;

  Disassembler() {
    const auto mode = static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS);
    if (cs_open(CS_ARCH_ARM, mode, &handle) != CS_ERR_OK)
      throw Error({"Capstone", "it cannot disassemble Thumb", "install libcapstone4 with its Arm support"});
    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
  }
  ~Disassembler() { cs_close(&handle); }

  // Instructions only: literals and tables lie between them.
  std::vector<Step> steps(const Elf& elf, const ElfSymbol& function) const {
    std::vector<Step> all;
    Literals literals(elf);
    std::uint32_t at = function.address;
    const std::uint32_t end = function.address + function.bytes;
    while (at < end) {
      const auto mark = std::ranges::upper_bound(elf.marks, at, {}, &ElfMark::address);
      const bool is_code = mark == elf.marks.begin() || std::prev(mark)->is_code;
      const std::uint32_t stop = mark == elf.marks.end() ? end : std::min(end, mark->address);
      if (is_code) append_steps(elf, at, stop, literals, all);
      at = stop;
    }
    return all;
  }

  void append_steps(const Elf& elf, std::uint32_t from, std::uint32_t to, Literals& literals,
                    std::vector<Step>& all) const {
    const ElfSection* const section = elf.section_at(from);
    if (!section || to - section->address > section->contents.size()) return;
    const std::uint8_t* const code = &section->contents[from - section->address];
    cs_insn* insns = nullptr;
    const std::size_t count = cs_disasm(handle, code, to - from, from, 0, &insns);
    for (std::size_t i = 0; i < count; ++i) all.push_back(step_of(insns[i], i ? &insns[i - 1] : nullptr, literals));
    const std::uint64_t read_to = count ? insns[count - 1].address + insns[count - 1].size : from;
    if (read_to < to) all.push_back({.kind = Step::Kind::unreadable, .address = static_cast<std::uint32_t>(read_to)});
    cs_free(insns, count);
  }
};

StackWalker::StackWalker(const Elf& elf) : elf_(elf), disassembler_(std::make_unique<Disassembler>()) {}
StackWalker::~StackWalker() = default;

FunctionWalk StackWalker::walk(const ElfSymbol& function, bool from_compiler) {
  return Flow(elf_, function, from_compiler, disassembler_->steps(elf_, function)).walk();
}

}  // namespace dragonet
