# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gnuplot -e 'data="growth.dat"; picture="growth.svg"' growth.gnuplot: time, bytes and memory by rows, all axes
# logarithmic, so that what grows as the rows runs beside the dashed line and what does not is level.
set terminal svg size 1000,360 font "sans-serif,12" background "white"
set output picture
stats data using 2 every ::0::0 name "A" nooutput
stats data using 4 every ::0::0 name "C" nooutput
stats data using 6 every ::0::0 name "B" nooutput
set logscale xy
set grid lc rgb "#dddddd"
set xlabel "million rows"
set key left top Left reverse samplen 2
set multiplot layout 1,3
set xrange [0.8:130]
set xtics (1, 3, 10, 30, 100)
set yrange [0.03:500]
set ylabel "seconds"
set title "Time"
plot x * A_min with lines dashtype 2 lc rgb "#999999" title "as the rows", \
     x * C_min with lines dashtype 2 lc rgb "#999999" notitle, \
     data using 1:4 with linespoints pt 5 ps 0.6 lw 2 lc rgb "#d55e00" title "convert --compact", \
     data using 1:2 with linespoints pt 7 ps 0.6 lw 2 lc rgb "#0072b2" title "analyze"
set yrange [0.2:300]
set ylabel "GB"
set title "Dataset written"
plot x * B_min / 1e9 with lines dashtype 2 lc rgb "#999999" title "as the rows", \
     data using 1:($6 / 1e9) with linespoints pt 5 ps 0.6 lw 2 lc rgb "#d55e00" title "convert --compact"
set yrange [10:1000]
set ylabel "MB"
set title "Peak resident memory"
plot data using 1:5 with linespoints pt 5 ps 0.6 lw 2 lc rgb "#d55e00" title "convert --compact", \
     data using 1:3 with linespoints pt 7 ps 0.6 lw 2 lc rgb "#0072b2" title "analyze"
unset multiplot
