// The only place that knows where Catch2's header is (2.13 on Debian 12; version 3 moved it).
#pragma once

#include <catch2/catch.hpp>
