# SPDX-License-Identifier: GPL-2.0-or-later
# A service of the system: /usr, /etc and /var unless said otherwise, so that the units name the right paths.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
	set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "Where it is installed" FORCE)
endif()
include(GNUInstallDirs)
# The officers' page, where it was built (console/).
install(DIRECTORY ${PROJECT_SOURCE_DIR}/console/dist/ DESTINATION ${CMAKE_INSTALL_DATADIR}/binhyen/console OPTIONAL)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# The officers' page, which `./run deb` makes before; http.console_dir looks for it there.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/console/dist/ DESTINATION ${CMAKE_INSTALL_DATADIR}/binhyen/console OPTIONAL)
