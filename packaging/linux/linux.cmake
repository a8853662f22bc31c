# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Desktop integration, manual pages, and the packages for Linux. PACKETLOOM_PACKAGE chooses what else goes in.
set(PACKETLOOM_PACKAGE "" CACHE STRING "Which package the installed files are for: deb, rpm, tgz, or none")
set_property(CACHE PACKETLOOM_PACKAGE PROPERTY STRINGS "" deb rpm tgz)

string(REPLACE "github.com" "raw.githubusercontent.com" PACKETLOOM_PICTURES
    "${PROJECT_HOMEPAGE_URL}/main/resources/screenshots")
set(here "${CMAKE_CURRENT_LIST_DIR}")
set(made "${CMAKE_CURRENT_BINARY_DIR}/linux")

# A template's text with what project() says, installed under a name.
function(packetloom_install_text template name destination)
    configure_file("${here}/${template}" "${made}/${name}" @ONLY)
    install(FILES "${made}/${name}" DESTINATION "${destination}" COMPONENT program)
endfunction()
set(share ${CMAKE_INSTALL_DATADIR})
packetloom_install_text(packetloom.desktop.in ${PACKETLOOM_ID}.desktop ${share}/applications)
packetloom_install_text(metainfo.xml.in ${PACKETLOOM_ID}.metainfo.xml ${share}/metainfo)
packetloom_install_text(mime.xml.in ${PACKETLOOM_ID}.xml ${share}/mime/packages)
configure_file("${here}/flatpak.yml.in" "${made}/${PACKETLOOM_ID}.yml" @ONLY)
foreach(program packetloom packetloom-cli)
    packetloom_install_text(completion.bash ${program} ${share}/bash-completion/completions)
endforeach()

# Manual pages are packed as Debian asks, without a time in them, so that the same build gives the same bytes.
find_program(PACKETLOOM_GZIP gzip REQUIRED)
function(packetloom_install_packed source name destination component)
    configure_file("${source}" "${made}/plain/${name}" @ONLY)
    execute_process(COMMAND "${PACKETLOOM_GZIP}" -9nc "${made}/plain/${name}" OUTPUT_FILE "${made}/${name}.gz"
        COMMAND_ERROR_IS_FATAL ANY)
    install(FILES "${made}/${name}.gz" DESTINATION "${destination}" COMPONENT ${component})
endfunction()
foreach(program packetloom packetloom-cli)
    packetloom_install_packed("${here}/${program}.1.in" ${program}.1 ${CMAKE_INSTALL_MANDIR}/man1 program)
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/resources/icons/packetloom.svg"
    DESTINATION ${share}/icons/hicolor/scalable/apps RENAME ${PACKETLOOM_ID}.svg COMPONENT program)
if(PACKETLOOM_ICONS)
    foreach(size 16 24 32 48 64 128 256 512)
        install(FILES "${PACKETLOOM_ICONS}/packetloom-${size}.png"
            DESTINATION ${share}/icons/hicolor/${size}x${size}/apps RENAME ${PACKETLOOM_ID}.png COMPONENT program)
    endforeach()
endif()

if(PACKETLOOM_PACKAGE STREQUAL "deb")
    include("${here}/debian.cmake")
elseif(PACKETLOOM_PACKAGE STREQUAL "rpm")
    include("${here}/rpm.cmake")
elseif(PACKETLOOM_PACKAGE STREQUAL "tgz")
    include("${here}/relocatable.cmake")
else()
    install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${doc_dir} COMPONENT documentation)
endif()
