# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
packetloom_test(analysis_model_test LIBS packetloom_ui)
packetloom_test(copy_rows_model_test LIBS packetloom_ui)
packetloom_test(group_table_model_test LIBS packetloom_ui)
packetloom_test(job_task_model_test LIBS packetloom_ui)
packetloom_test(long_table_test LIBS packetloom_ui)
packetloom_test(packet_rows_model_test LIBS packetloom_ui)
packetloom_test(quality_words_model_test LIBS packetloom_ui)
