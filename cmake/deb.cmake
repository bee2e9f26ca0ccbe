# SPDX-License-Identifier: GPL-2.0-or-later
# The .deb: `./run deb`, or cpack in a build directory.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME binhyen)
set(CPACK_PACKAGE_CONTACT "Binhyen developers <binhyen@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd (>= 252), udev")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "reports and bulletins of a commune police office")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Takes what residents report by SMS and Zalo, keeps it through power cuts and lost
Internet, sends receipts, tells the officers on duty and carries their answers
back.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
	${PROJECT_SOURCE_DIR}/systemd/deb/postinst ${PROJECT_SOURCE_DIR}/systemd/deb/prerm ${PROJECT_SOURCE_DIR}/systemd/deb/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
