# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# packetloom (both programs) and packetloom-doc (the manual as files) for the Debian or Ubuntu that builds them. Debian's tools refresh the
# caches of icons, MIME types and desktop files by themselves, so that no script runs at installation.
set(debian_revision 1)
string(TIMESTAMP PACKETLOOM_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC) # follows SOURCE_DATE_EPOCH
packetloom_install_packed("${here}/debian-changelog.in" changelog.Debian ${share}/doc/packetloom program)
packetloom_install_packed("${PROJECT_SOURCE_DIR}/CHANGELOG.md" changelog ${share}/doc/packetloom program)
configure_file("${here}/debian-copyright.in" "${made}/copyright" @ONLY)
install(FILES "${made}/copyright" DESTINATION ${share}/doc/packetloom COMPONENT program)
install(FILES "${made}/copyright" "${made}/changelog.Debian.gz" "${made}/changelog.gz"
    DESTINATION ${share}/doc/packetloom-doc COMPONENT documentation)
# The package is built outside the archive, so there is no bug to close in it.
foreach(package packetloom packetloom-doc)
    file(WRITE "${made}/lintian/${package}" "${package}: initial-upload-closes-no-bugs *\n")
endforeach()
install(FILES "${made}/lintian/packetloom" DESTINATION ${share}/lintian/overrides COMPONENT program)
install(FILES "${made}/lintian/packetloom-doc" DESTINATION ${share}/lintian/overrides COMPONENT documentation)

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${debian_revision})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${PACKETLOOM_CONTACT}")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME packetloom)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "packetloom-doc, slurm-client, snakemake, parallel, python3-distributed")
set(CPACK_DEBIAN_DOCUMENTATION_PACKAGE_NAME packetloom-doc)
set(CPACK_DEBIAN_DOCUMENTATION_PACKAGE_SECTION doc)
set(CPACK_DEBIAN_DOCUMENTATION_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DOCUMENTATION_PACKAGE_RECOMMENDS packetloom)
