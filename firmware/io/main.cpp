#include "io/hardware.h"
#include "io/protocol.h"

int main() {
  dragonet::board_start();
  dragonet::serve();
}
