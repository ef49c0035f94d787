/* SPDX-License-Identifier: EUPL-1.2 */
/* What the readers of the formats have in common. */
#pragma once

#include "domains/list.h"

struct list_reading {
        const struct list_options *options;
        list_take *take;
        void *context;
        struct list_report *report;
        struct error *error;
        uint64_t line; /* the current one, from 1; 0: the format has none */
};

/* One text that should be a name: given to `take`, or counted and shown. 0, or what ends the reading. */
int list_offer(struct list_reading *reading, const char *text, size_t length, const struct list_entry *like);
/* Counts one that is left out. */
void list_refuse(struct list_reading *reading, int refusal, const char *text, size_t length);

/* A page that says “not found” must not become a list of its words: -EINVAL when the first lines are one. */
int list_check_page(struct list_reading *reading, const char *text, size_t length);
/* What a list says of an entry, as it is kept: UTF-8 without controls, cut. Its length. */
size_t list_why(const char *text, size_t length, char ret_why[static LIST_WHY_SIZE]);

/* A stream of lines without their end; one that is longer than LIST_LINE_MAX is skipped and counted. */
struct list_lines {
        int fd;
        size_t from, to;
        uint64_t bytes;
        bool end, skipping;
        char buffer[2 * LIST_LINE_MAX];
};
/* 1 and the line (borrowed until the next call), 0 at the end, negative: -EIO, -E2BIG, -EINVAL (a NUL byte). */
int list_line(struct list_reading *reading, struct list_lines *lines, char **ret_line, size_t *ret_length);

int list_read_plain(struct list_reading *reading, struct list_lines *lines);
int list_read_hosts(struct list_reading *reading, struct list_lines *lines);
int list_read_adblock(struct list_reading *reading, struct list_lines *lines);
int list_read_csv(struct list_reading *reading, struct list_lines *lines);
int list_read_rpz(struct list_reading *reading, struct list_lines *lines);
int list_read_misp(struct list_reading *reading, int fd);
int list_read_stix(struct list_reading *reading, int fd);
