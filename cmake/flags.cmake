# SPDX-License-Identifier: GPL-2.0-or-later
# One INTERFACE target carries the language, the warnings and the hardening of every target.
add_library(binhyen_flags INTERFACE)
target_compile_features(binhyen_flags INTERFACE c_std_17)
target_compile_definitions(binhyen_flags INTERFACE _GNU_SOURCE)
target_compile_options(binhyen_flags INTERFACE
	-Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
	-Wformat=2 -Wimplicit-fallthrough -Wundef -Wpointer-arith
	-fno-common -fstack-protector-strong -fno-strict-aliasing)
target_include_directories(binhyen_flags INTERFACE ${PROJECT_SOURCE_DIR})

if(BINHYEN_SANITIZE)
	# -g1: a report names functions and lines, and a quarter of the time to compile is that of the variables.
	target_compile_options(binhyen_flags INTERFACE
		-fsanitize=${BINHYEN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined -g1)
	target_link_options(binhyen_flags INTERFACE -fsanitize=${BINHYEN_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
	target_compile_options(binhyen_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE)
	target_link_options(binhyen_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now)
endif()

# Each test is a program of its own: gold, which comes with binutils, links them in half the time. What is shipped is
# linked by the default, and so is what clang compiles: its sanitizer makes gold warn.
find_program(GOLD_PROGRAM NAMES ld.gold)
if(GOLD_PROGRAM AND CMAKE_BUILD_TYPE STREQUAL "Debug" AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
	target_link_options(binhyen_flags INTERFACE -fuse-ld=gold)
endif()
