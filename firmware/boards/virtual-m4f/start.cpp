#include "boards/mkrzero/start.cpp"
