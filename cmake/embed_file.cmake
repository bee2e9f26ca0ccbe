# SPDX-License-Identifier: GPL-2.0-or-later
file(READ ${IN} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "(char)0x\\1," body "${hex}")
string(REGEX REPLACE "((\\(char\\)0x[0-9a-f][0-9a-f],){12})" "\\1\n\t" body "${body}")
file(WRITE ${OUT} "extern const char ${SYMBOL}[];\nextern const unsigned long ${SYMBOL}_bytes;\n"
	"const char ${SYMBOL}[] = {\n\t${body}(char)0\n};\nconst unsigned long ${SYMBOL}_bytes = ${bytes};\n")
