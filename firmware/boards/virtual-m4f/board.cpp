// A made-up board: the MKR Zero's registers around a Cortex-M4F with far more memory.
#include "boards/mkrzero/board.cpp"
