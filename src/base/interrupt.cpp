#include "base/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace dragonet {

static volatile std::sig_atomic_t asked = 0;

/// SA_RESETHAND below makes the next signal end the program.
static void set_handler(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

Interruptible::Interruptible() {
  asked = 0;
  set_handler([](int) { asked = 1; });
}

Interruptible::~Interruptible() { set_handler(SIG_DFL); }

bool Interruptible::was_asked_to_stop() const { return asked != 0; }

}  // namespace dragonet
