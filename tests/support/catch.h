// Catch2, whether the machine has version 2 (Debian 12) or 3 (Ubuntu 24.04).
#pragma once

#ifdef SAGALAB_CATCH2_V3
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
