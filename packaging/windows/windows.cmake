# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The programs' icon and version, the libraries beside them, an installer (NSIS) and a ZIP. For MinGW, cross or native;
# see build.sh.
set(here "${CMAKE_CURRENT_LIST_DIR}")
set(made "${CMAKE_CURRENT_BINARY_DIR}/windows")
if(NOT PACKETLOOM_ICONS)
    message(FATAL_ERROR "No icon: without Qt SVG, PACKETLOOM_ICONS must say where packaging/icons has made it")
endif()

enable_language(RC)
string(REPLACE "." "," version_numbers "${PROJECT_VERSION}.0")
string(REGEX REPLACE "^([0-9]+,[0-9]+,[0-9]+,[0-9]+).*" "\\1" version_numbers "${version_numbers}")
configure_file("${here}/program.manifest.in" "${made}/program.manifest" @ONLY)
foreach(program packetloom packetloom-cli)
    if(program STREQUAL "packetloom")
        set(file_description "Packetloom")
    else()
        set(file_description "Packetloom command line")
    endif()
    configure_file("${here}/program.rc.in" "${made}/${program}.rc" @ONLY)
    target_sources(${program} PRIVATE "${made}/${program}.rc")
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION . RENAME LICENSE.txt COMPONENT program)

# Plugins, then every library that these and the programs need, but for those of Windows.
get_target_property(qt_core Qt6::Core LOCATION)
get_filename_component(qt_bin "${qt_core}" DIRECTORY)
find_path(PACKETLOOM_QT_PLUGINS platforms/qwindows.dll REQUIRED NO_CMAKE_FIND_ROOT_PATH
    HINTS "${qt_bin}/../plugins" "${qt_bin}/../share/qt6/plugins")
set(found)
foreach(plugin platforms/qwindows platforms/qoffscreen styles/qwindowsvistastyle imageformats/qgif imageformats/qico
        imageformats/qjpeg imageformats/qsvg iconengines/qsvgicon)
    if(EXISTS "${PACKETLOOM_QT_PLUGINS}/${plugin}.dll")
        list(APPEND found "${PACKETLOOM_QT_PLUGINS}/${plugin}.dll")
        get_filename_component(folder "${plugin}" DIRECTORY)
        install(FILES "${PACKETLOOM_QT_PLUGINS}/${plugin}.dll" DESTINATION plugins/${folder} COMPONENT program)
    endif()
endforeach()
file(WRITE "${made}/qt.conf" "[Paths]\nPrefix = .\nPlugins = plugins\n")
install(FILES "${made}/qt.conf" DESTINATION . COMPONENT program)

# Where the compiler's own libraries are: beside libstdc++, and where its C library has its DLLs.
execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libstdc++-6.dll OUTPUT_VARIABLE runtime
    OUTPUT_STRIP_TRAILING_WHITESPACE)
get_filename_component(runtime "${runtime}" REALPATH)
get_filename_component(runtime "${runtime}" DIRECTORY)
execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-sysroot OUTPUT_VARIABLE sysroot
    OUTPUT_STRIP_TRAILING_WHITESPACE)
set(library_folders "${qt_bin}" "${runtime}" "${sysroot}/x86_64-w64-mingw32/lib" /usr/x86_64-w64-mingw32/lib)
if(CMAKE_HOST_UNIX)
    # Programs ask for libraries in any case and CMake looks for small letters, which matter here: links that have them.
    file(MAKE_DIRECTORY "${made}/libraries")
    foreach(folder ${library_folders})
        file(GLOB libraries "${folder}/*.dll")
        foreach(library ${libraries})
            get_filename_component(name "${library}" NAME)
            string(TOLOWER "${name}" name)
            file(CREATE_LINK "${library}" "${made}/libraries/${name}" SYMBOLIC)
        endforeach()
    endforeach()
    set(library_folders "${made}/libraries")
endif()
install(CODE "set(programs \"$<TARGET_FILE:packetloom>\" \"$<TARGET_FILE:packetloom-cli>\")
set(plugins \"${found}\")
set(folders \"${library_folders}\")
set(strip \"${CMAKE_STRIP}\")
set(CMAKE_GET_RUNTIME_DEPENDENCIES_PLATFORM windows+pe)
set(CMAKE_GET_RUNTIME_DEPENDENCIES_TOOL objdump)
set(CMAKE_GET_RUNTIME_DEPENDENCIES_COMMAND \"${CMAKE_OBJDUMP}\")" COMPONENT program)
install(CODE [[
    file(GET_RUNTIME_DEPENDENCIES
        EXECUTABLES ${programs} MODULES ${plugins} DIRECTORIES ${folders}
        RESOLVED_DEPENDENCIES_VAR libraries UNRESOLVED_DEPENDENCIES_VAR missing
        POST_EXCLUDE_REGEXES "[Ss]ystem32")
    # Windows' own are not on the machine that builds.
    list(FILTER missing INCLUDE REGEX "^(qt6|lib)")
    if(missing)
        message(FATAL_ERROR "Libraries that are not found: ${missing}")
    endif()
    set(all)
    foreach(library ${libraries})
        file(REAL_PATH "${library}" library)
        file(INSTALL "${library}" DESTINATION "${CMAKE_INSTALL_PREFIX}" TYPE SHARED_LIBRARY)
        get_filename_component(name "${library}" NAME)
        list(APPEND all "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${name}")
    endforeach()
    file(GLOB_RECURSE installed_plugins "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/plugins/*.dll")
    execute_process(COMMAND "${strip}" --strip-unneeded ${all} ${installed_plugins} COMMAND_ERROR_IS_FATAL ANY)
]] COMPONENT program)

set(CPACK_GENERATOR NSIS ZIP)
set(CPACK_MONOLITHIC_INSTALL ON) # with components, CPack would forget CPACK_NSIS_DEFINES
set(CPACK_PACKAGE_FILE_NAME packetloom-${PROJECT_VERSION}-windows-x86_64)
set(CPACK_PACKAGE_INSTALL_DIRECTORY Packetloom)
set(CPACK_NSIS_EXECUTABLES_DIRECTORY .)
set(CPACK_NSIS_INSTALL_ROOT "$PROGRAMFILES64")
set(CPACK_NSIS_COMPRESSOR "/SOLID lzma")
set(CPACK_NSIS_MANIFEST_DPI_AWARE ON)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
set(CPACK_NSIS_PACKAGE_NAME Packetloom)
set(CPACK_NSIS_DISPLAY_NAME "Packetloom ${PROJECT_VERSION}")
set(CPACK_NSIS_URL_INFO_ABOUT "${PROJECT_HOMEPAGE_URL}")
set(CPACK_NSIS_HELP_LINK "${PROJECT_HOMEPAGE_URL}/issues")
set(CPACK_NSIS_CONTACT "${PACKETLOOM_CONTACT}")
set(CPACK_NSIS_INSTALLED_ICON_NAME packetloom.exe)
set(CPACK_NSIS_DEFINES "  Target amd64-unicode") # the 32-bit default does nothing where only 64-bit programs run
if(PACKETLOOM_ICONS)
    set(CPACK_NSIS_MUI_ICON "${PACKETLOOM_ICONS}/packetloom.ico")
    set(CPACK_NSIS_MUI_UNIICON "${PACKETLOOM_ICONS}/packetloom.ico")
endif()
# Sessions open by double click; captures stay with the program that the user has for them, which is offered ours too.
set(CPACK_NSIS_EXTRA_INSTALL_COMMANDS "
  WriteRegStr SHCTX 'Software\\Classes\\.packetloom' '' '${PACKETLOOM_ID}.session'
  WriteRegStr SHCTX 'Software\\Classes\\${PACKETLOOM_ID}.session' '' 'Packetloom session'
  WriteRegStr SHCTX 'Software\\Classes\\${PACKETLOOM_ID}.session\\DefaultIcon' '' '$INSTDIR\\packetloom.exe,0'
  WriteRegStr SHCTX 'Software\\Classes\\${PACKETLOOM_ID}.session\\shell\\open\\command' '' '\"$INSTDIR\\packetloom.exe\" \"%1\"'
  WriteRegStr SHCTX 'Software\\Classes\\Applications\\packetloom.exe\\shell\\open\\command' '' '\"$INSTDIR\\packetloom.exe\" \"%1\"'
  WriteRegStr SHCTX 'Software\\Classes\\Applications\\packetloom.exe\\SupportedTypes' '.csv' ''
  WriteRegStr SHCTX 'Software\\Classes\\Applications\\packetloom.exe\\SupportedTypes' '.pcap' ''
  WriteRegStr SHCTX 'Software\\Classes\\Applications\\packetloom.exe\\SupportedTypes' '.pcapng' ''
  WriteRegStr SHCTX 'Software\\Classes\\Applications\\packetloom.exe\\SupportedTypes' '.gz' ''
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
")
set(CPACK_NSIS_EXTRA_UNINSTALL_COMMANDS "
  DeleteRegKey SHCTX 'Software\\Classes\\.packetloom'
  DeleteRegKey SHCTX 'Software\\Classes\\${PACKETLOOM_ID}.session'
  DeleteRegKey SHCTX 'Software\\Classes\\Applications\\packetloom.exe'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
")
