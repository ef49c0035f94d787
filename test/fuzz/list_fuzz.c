// fuzz: links=domains_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a list, in the format that the first byte picks: refused with a sentence in both languages, or every entry is a name in canonical
 * form, with a reason in UTF-8, and as many as the report says.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "domains/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As jansson checks it: a text that is none makes no string. */
static int is_utf8(const char *text)
{
        json_t *string = json_string(text);

        json_decref(string);
        return string != NULL;
}

static int take(void *context, const struct list_entry *entry)
{
        uint64_t *count = context;
        struct name again;

        if (name_parse(entry->name.text, entry->name.length, &again) ||
            strcmp(again.text, entry->name.text) != 0 || entry->name.labels < 2 || !is_utf8(entry->why) ||
            strlen(entry->why) >= LIST_WHY_SIZE)
                abort();
        (*count)++;
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct list_options options = {.entries_max = 100000, .bytes_max = 1 << 20, .now_ms = 1600000000000};
        struct list_report report;
        struct error error = {0};
        uint64_t count = 0;
        int fd, r;

        if (!size)
                return 0;
        options.format = data[0] % LIST_FORMAT_COUNT;
        if (data[0] & 0x80)
                options.why_column = "2";
        fd = memfd_create("list", MFD_CLOEXEC);
        if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1) || lseek(fd, 0, SEEK_SET))
                abort();
        r = list_read(fd, &options, take, &count, &report, &error);
        close(fd);
        if (r ? !error.fr[0] || !error.en[0] : count != report.entries)
                abort();
        for (size_t i = 0; i < report.shown_count; i++)
                if (!list_refusal_fr(report.shown[i].refusal)[0])
                        abort();
        return 0;
}
