# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gnuplot -e 'data="growth.dat"; picture="growth.svg"' growth.gnuplot: time and memory by rows, both axes
# logarithmic, so that what grows with the rows is a line of slope 1 and what does not is level.
set terminal svg size 860,420 font "sans-serif,12" background "white"
set output picture
set logscale xy
set grid
set xlabel "million rows"
set key left top
set multiplot layout 1,2
set xrange [0.8:130]
set xtics (1, 3, 10, 30, 100)
set ylabel "seconds"
set title "Time"
plot data using 1:2 with linespoints pt 7 lc rgb "#0072b2" title "analyze", \
     data using 1:4 with linespoints pt 5 lc rgb "#d55e00" title "convert --compact", \
     x * 0.06 with lines dashtype 3 lc rgb "#888888" title "as the rows"
set ylabel "MB"
set yrange [10:1000]
set title "Peak resident memory"
plot data using 1:3 with linespoints pt 7 lc rgb "#0072b2" title "analyze", \
     data using 1:5 with linespoints pt 5 lc rgb "#d55e00" title "convert --compact"
unset multiplot
