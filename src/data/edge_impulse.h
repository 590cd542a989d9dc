#pragma once

#include "data/motion.h"
#include "data/motion_times.h"

namespace dragonet {

/// A recording in Edge Impulse's data acquisition format, with the rate that it states.
struct EdgeImpulseReadings {
  TimedReadings readings;
  double rate_hz = 0;
};

/// JSON or CBOR. Throws Error that says which part is not as
/// https://docs.edgeimpulse.com/reference/data-ingestion/data-acquisition-format has it.
EdgeImpulseReadings read_edge_impulse(const fs::path& path);

}  // namespace dragonet
