# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# CMakeLists.txt for QCustomPlot's one source file, where no package brings it: installs the target and the package
# that Debian calls QCustomPlotQt6.
cmake_minimum_required(VERSION 3.21)
project(QCustomPlotQt6 LANGUAGES CXX)
find_package(Qt6 REQUIRED COMPONENTS Widgets PrintSupport)
add_library(QCustomPlotQt6 STATIC qcustomplot.cpp qcustomplot.h)
set_target_properties(QCustomPlotQt6 PROPERTIES AUTOMOC ON POSITION_INDEPENDENT_CODE ON)
target_link_libraries(QCustomPlotQt6 PUBLIC Qt6::Widgets Qt6::PrintSupport)
target_include_directories(QCustomPlotQt6 INTERFACE $<INSTALL_INTERFACE:include>)
install(TARGETS QCustomPlotQt6 EXPORT QCustomPlotQt6Targets ARCHIVE DESTINATION lib)
install(FILES qcustomplot.h DESTINATION include)
install(EXPORT QCustomPlotQt6Targets DESTINATION lib/cmake/QCustomPlotQt6)
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/QCustomPlotQt6Config.cmake" "include(CMakeFindDependencyMacro)
find_dependency(Qt6 COMPONENTS Widgets PrintSupport)
include(\"\${CMAKE_CURRENT_LIST_DIR}/QCustomPlotQt6Targets.cmake\")
")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/QCustomPlotQt6Config.cmake" DESTINATION lib/cmake/QCustomPlotQt6)
