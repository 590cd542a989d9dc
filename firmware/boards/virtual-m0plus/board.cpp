// A made-up board: the MKR Zero's chip with far more memory, to test and measure what fits no real board.
#include "boards/mkrzero/board.cpp"
