# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# packetloom and packetloom-doc for distributions with RPM. What the programs need is found by RPM itself, by library.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${share}/licenses/packetloom COMPONENT program)

set(CPACK_GENERATOR RPM)
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_MAIN_COMPONENT program)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_LICENSE GPL-3.0-or-later)
set(CPACK_RPM_PACKAGE_GROUP Applications/Internet)
set(CPACK_RPM_PACKAGE_URL "${PROJECT_HOMEPAGE_URL}")
set(CPACK_RPM_DOCUMENTATION_PACKAGE_NAME packetloom-doc)
set(CPACK_RPM_DOCUMENTATION_PACKAGE_ARCHITECTURE noarch)
set(CPACK_RPM_PROGRAM_PACKAGE_AUTOREQ ON)
set(CPACK_RPM_PROGRAM_PACKAGE_REQUIRES hicolor-icon-theme)
set(CPACK_RPM_DOCUMENTATION_PACKAGE_AUTOREQPROV OFF)
# Folders that other packages own.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /usr/share/man /usr/share/man/man1 /usr/share/applications /usr/share/metainfo /usr/share/mime
    /usr/share/mime/packages /usr/share/icons /usr/share/icons/hicolor /usr/share/icons/hicolor/scalable
    /usr/share/icons/hicolor/scalable/apps /usr/share/bash-completion /usr/share/bash-completion/completions
    /usr/share/licenses)
foreach(size 16 24 32 48 64 128 256 512)
    list(APPEND CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
        /usr/share/icons/hicolor/${size}x${size} /usr/share/icons/hicolor/${size}x${size}/apps)
endforeach()
