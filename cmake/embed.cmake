# SPDX-License-Identifier: GPL-2.0-or-later
# binhyen_embed(TARGET SYMBOL FILE): FILE becomes `const char SYMBOL[]` (NUL-terminated) and `const unsigned long SYMBOL_bytes`.
function(binhyen_embed target symbol file)
	set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_COMMAND} -DIN=${file} -DOUT=${out} -DSYMBOL=${symbol} -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
		DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
		COMMENT "Embedding ${symbol}" VERBATIM)
	target_sources(${target} PRIVATE ${out})
endfunction()
