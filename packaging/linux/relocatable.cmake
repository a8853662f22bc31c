# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A folder that runs wherever it is unpacked: Qt, its plugins and every library but those of the C and C++ runtimes lie
# beside the programs. The programs' DT_RPATH (not DT_RUNPATH) serves the libraries of libraries and plugins too.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION . COMPONENT program)
foreach(target packetloom packetloom-cli)
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
    target_link_options(${target} PRIVATE -Wl,--disable-new-dtags)
endforeach()

set(plugins
    platforms/libqxcb platforms/libqoffscreen platforms/libqminimal
    platforminputcontexts/libcomposeplatforminputcontextplugin platforminputcontexts/libibusplatforminputcontextplugin
    platformthemes/libqxdgdesktopportal xcbglintegrations/libqxcb-glx-integration
    imageformats/libqgif imageformats/libqico imageformats/libqjpeg imageformats/libqsvg iconengines/libqsvgicon)
get_target_property(qt_core Qt6::Core LOCATION)
get_filename_component(qt_libraries "${qt_core}" DIRECTORY)
find_path(PACKETLOOM_QT_PLUGINS platforms/libqxcb.so REQUIRED
    HINTS "${qt_libraries}/qt6/plugins" "${qt_libraries}/../plugins" NO_DEFAULT_PATH)
set(found)
foreach(plugin ${plugins})
    if(EXISTS "${PACKETLOOM_QT_PLUGINS}/${plugin}.so")
        list(APPEND found "${PACKETLOOM_QT_PLUGINS}/${plugin}.so")
        get_filename_component(folder "${plugin}" DIRECTORY)
        install(FILES "${PACKETLOOM_QT_PLUGINS}/${plugin}.so" DESTINATION plugins/${folder} COMPONENT program)
    endif()
endforeach()
file(WRITE "${made}/qt.conf" "[Paths]\nPrefix = ..\nPlugins = plugins\n")
install(FILES "${made}/qt.conf" DESTINATION bin COMPONENT program)

install(CODE "set(programs \"$<TARGET_FILE:packetloom>\" \"$<TARGET_FILE:packetloom-cli>\")
set(plugins \"${found}\")" COMPONENT program)
install(CODE [[
    file(GET_RUNTIME_DEPENDENCIES
        EXECUTABLES ${programs} MODULES ${plugins}
        RESOLVED_DEPENDENCIES_VAR libraries UNRESOLVED_DEPENDENCIES_VAR missing
        PRE_EXCLUDE_REGEXES "^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|stdc\\+\\+|gcc_s))\\.so")
    if(missing)
        message(FATAL_ERROR "Libraries that are not found: ${missing}")
    endif()
    file(INSTALL ${libraries} DESTINATION "${CMAKE_INSTALL_PREFIX}/lib" TYPE SHARED_LIBRARY FOLLOW_SYMLINK_CHAIN)
]] COMPONENT program)

set(CPACK_GENERATOR TGZ)
set(CPACK_MONOLITHIC_INSTALL ON)
set(CPACK_PACKAGE_FILE_NAME packetloom-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
