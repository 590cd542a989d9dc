#include "data/timestamps.h"

#include <catch2/catch.hpp>

using dragonet::seconds_of_timestamp;

TEST_CASE("a date with a time of day is so many seconds since 1970") {
  CHECK(seconds_of_timestamp("1970-01-01T00:00:00Z") == 0.0);
  CHECK(seconds_of_timestamp("2024-05-01T12:00:00Z") == 1714564800.0);
  CHECK(seconds_of_timestamp("2024-05-01 12:00:00") == 1714564800.0);
  CHECK(seconds_of_timestamp("2024/05/01 12:00") == 1714564800.0);
  CHECK(*seconds_of_timestamp("2024-05-01T12:00:00.020Z") == Approx(1714564800.020).epsilon(1e-15));
  CHECK(*seconds_of_timestamp("2024-05-01 12:00:00,5") == 1714564800.5);
  CHECK(seconds_of_timestamp("2024-02-29T23:59:60Z") == 1709251200.0);
}

TEST_CASE("a zone is counted in") {
  for (const char* same : {"2024-05-01T14:00:00+02:00", "2024-05-01T14:00:00+0200", "2024-05-01T14:00:00 +02",
                           "2024-05-01T06:30:00-05:30", "2024-05-01t12:00:00z"})
    CHECK(seconds_of_timestamp(same) == 1714564800.0);
}

TEST_CASE("what is no such time is none") {
  for (const char* other :
       {"", "2024", "2024-05-01", "12:00:00", "2024-13-01T12:00:00", "2024-02-30T12:00:00", "2024-05-01T24:00:00",
        "2024-05-01T12:60:00", "2024-05-01T12:00:00.", "2024-05-01T12:00:00X", "2024-05-01T12:00:00+", "1714564800",
        "24-05-01T12:00:00", "2024-05-01T12:00:00Z1", "2024-05-01T1a:00:00", "2024-05-01T12:00:00+0a"})
    CHECK_FALSE(seconds_of_timestamp(other));
}
