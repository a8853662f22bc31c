# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Packetloom.app with Qt inside it, in a disk image (cpack -G DragNDrop). Written by the documents of Qt 6.4 to 6.8, and
# not run yet: see README.md beside this.
set(made "${CMAKE_CURRENT_BINARY_DIR}/macos")
configure_file("${CMAKE_CURRENT_LIST_DIR}/Info.plist.in" "${made}/Info.plist.in" @ONLY)
set_target_properties(packetloom PROPERTIES MACOSX_BUNDLE_INFO_PLIST "${made}/Info.plist.in")
if(PACKETLOOM_ICONS)
    install(FILES "${PACKETLOOM_ICONS}/packetloom.icns" DESTINATION ${data_dir} COMPONENT program)
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${data_dir} COMPONENT program)

if(Qt6_VERSION VERSION_GREATER_EQUAL 6.5)
    qt_generate_deploy_app_script(TARGET packetloom OUTPUT_SCRIPT deploy)
else()
    qt_generate_deploy_app_script(TARGET packetloom FILENAME_VARIABLE deploy)
endif()
install(SCRIPT ${deploy} COMPONENT program)

set(CPACK_GENERATOR DragNDrop)
set(CPACK_MONOLITHIC_INSTALL ON)
set(CPACK_PACKAGE_FILE_NAME packetloom-${PROJECT_VERSION}-macos-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_DMG_VOLUME_NAME "Packetloom ${PROJECT_VERSION}")
