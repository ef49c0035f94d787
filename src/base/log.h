/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Talk for operators, on stderr: one line an event, as human text or as JSON lines (`--log=json`:
 * {"time":RFC 3339,"level":…,"program":…,"pid":…,"message":…}). Log where an error is born, once.
 * No personal data of patients or colleagues in a log line.
 */
#pragma once

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_NOTICE, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/* `program` must outlive the process's logging (a literal). Called once by main(). */
void log_setup(const char *program, enum log_format format, enum log_level most_verbose);

/* 0, or -EINVAL for a word that is none of error, warning, notice, info, debug / text, json. */
int log_level_parse(const char *word, enum log_level *ret_level);
int log_format_parse(const char *word, enum log_format *ret_format);

void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)   log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...)  log_write(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
