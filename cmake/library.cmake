# SPDX-License-Identifier: GPL-2.0-or-later
# binhyen_library(NAME LIB...): every .c of this folder as static library NAME. What it links is what it may include.
function(binhyen_library name)
	file(GLOB sources CONFIGURE_DEPENDS *.c)
	if(NOT sources)
		add_library(${name} INTERFACE)
		return()
	endif()
	add_library(${name} STATIC ${sources})
	target_link_libraries(${name} PUBLIC binhyen_flags ${ARGN})
endfunction()

# binhyen_tests(LABEL LIB...): each test_*.c of this folder is a cmocka program of its own.
function(binhyen_tests label)
	file(GLOB sources CONFIGURE_DEPENDS test_*.c)
	foreach(source ${sources})
		get_filename_component(name ${source} NAME_WE)
		get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
		set(target ${label}_${folder}_${name})
		add_executable(${target} ${source})
		target_link_libraries(${target} PRIVATE ${ARGN} PkgConfig::CMOCKA)
		set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
		add_test(NAME ${label}/${folder}/${name} COMMAND ${target})
		set_tests_properties(${label}/${folder}/${name} PROPERTIES LABELS ${label} TIMEOUT 300)
	endforeach()
endfunction()

# binhyen_fuzzer(NAME SOURCE LIB...): a libFuzzer target; its corpus is tests/fuzz/corpus/NAME.
function(binhyen_fuzzer name source)
	if(NOT BINHYEN_FUZZ)
		return()
	endif()
	add_executable(${name} ${source})
	target_link_libraries(${name} PRIVATE ${ARGN})
	target_link_options(${name} PRIVATE -fsanitize=fuzzer)
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
endfunction()

# binhyen_python_test(NAME LABEL SHARDS TIMEOUT COMMAND ARG...): a program of unittest. With more than one shard it is
# as many tests (tests/lib/shard.py), which take their turns with those that compute while they wait. The long ones
# begin first.
function(binhyen_python_test name label shards timeout)
	foreach(i RANGE 1 ${shards})
		set(test ${name})
		set(command ${ARGN})
		if(shards GREATER 1)
			set(test ${name}/${i})
			list(APPEND command --shard ${i}/${shards})
		endif()
		add_test(NAME ${test} COMMAND ${command})
		set_tests_properties(${test} PROPERTIES LABELS ${label} TIMEOUT ${timeout} COST 20)
	endforeach()
endfunction()
