#pragma once

namespace dragonet {

/// From here on torch's freed tensors are kept and given out again. Calls after the first do nothing.
void keep_freed_memory();

}  // namespace dragonet
