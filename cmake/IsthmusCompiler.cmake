# One set of compiler flags for every target.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  if(ISTHMUS_PRECOMPILE)  # ccache's manual, "Precompiled headers"
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 takes the undefined operands in its own AVX-512 header for uninitialised variables (GCC bug 105593).
  add_compile_options(-Wno-maybe-uninitialized)
  # GCC 12 sees overlapping copies in std::string's operator+ when it optimises (GCC bug 105651).
  add_compile_options(-Wno-restrict)
endif()
if(ISTHMUS_WERROR)
  add_compile_options(-Werror)
endif()
if(ISTHMUS_NATIVE)
  add_compile_options(-march=native)
endif()
# No -ffast-math: NaN checks and masks of -inf must work.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
if(ISTHMUS_SANITIZE)
  # The same false alarm of GCC 12, under another name when sanitizers are on.
  add_compile_options(-Wno-uninitialized)
  add_compile_options(-fsanitize=${ISTHMUS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ISTHMUS_SANITIZE})
endif()
if(ISTHMUS_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage; the fuzzers alone link libFuzzer and its main()
endif()
