# SPDX-License-Identifier: GPL-2.0-or-later
# Checks of what surrounds the programs: units, lint rules, man pages.
function(binhyen_packaging_test name)
	add_test(NAME packaging/${name}
		COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/test_${name}.py ${ARGN})
	set_tests_properties(packaging/${name} PROPERTIES LABELS packaging TIMEOUT 120)
endfunction()

binhyen_packaging_test(systemd --built ${PROJECT_BINARY_DIR}/systemd --source ${PROJECT_SOURCE_DIR}/systemd)
binhyen_packaging_test(tidy --source ${PROJECT_SOURCE_DIR})

add_executable(settings_table ${CMAKE_CURRENT_LIST_DIR}/settings_table.c)
target_link_libraries(settings_table PRIVATE binhyen_config)
set_target_properties(settings_table PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
binhyen_packaging_test(man_pages --source ${PROJECT_SOURCE_DIR} --bin ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
	--settings $<TARGET_FILE:settings_table>)
