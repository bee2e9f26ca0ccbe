# SPDX-License-Identifier: GPL-2.0-or-later
# Checks of what surrounds the programs: units, lint rules, man pages.
function(binhyen_packaging_test name)
	add_test(NAME packaging/${name}
		COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/test_${name}.py ${ARGN})
	set_tests_properties(packaging/${name} PROPERTIES LABELS packaging TIMEOUT 120)
endfunction()

binhyen_packaging_test(systemd --built ${PROJECT_BINARY_DIR}/systemd --source ${PROJECT_SOURCE_DIR}/systemd)
binhyen_packaging_test(tidy --source ${PROJECT_SOURCE_DIR})
